package parley.keys.gba.bsf;

import java.net.InetAddress;
import parley.keys.http.Request;

/// What somebody asked of the BSF, and what came of it; never a key.
///
/// @param asker the address of a UE, or the subject of a NAF's certificate
/// @param impi whose bootstrap or key; empty where nobody is known
/// @param tid the name of the key, empty where there is none
/// @param naf the NAF_Id, empty on Ub
public record BsfEvent(
    Act act, Outcome outcome, String asker, String impi, String tid, String naf) {
  /// What was asked for.
  public enum Act {
    /// Ub: an answer to a challenge, or what should have been one.
    BOOTSTRAP,
    /// Ub: AUTS, after which the HSS goes on behind the USIM's SQN.
    RESYNCHRONISE,
    /// Zn: the key of one NAF.
    KEY,
    /// Zpn: a push for one UE.
    PUSH
  }

  /// Given, or why not.
  public enum Outcome {
    DONE,
    /// More than one peer, identity or SIM may ask.
    TOO_MANY,
    /// Not of the protocol.
    MALFORMED,
    /// A RES or AUTS that the SIM did not make; a stranger's too.
    WRONG_ANSWER,
    /// An answer to no challenge of now.
    STALE,
    /// An answer that came before.
    COPIED,
    /// A NAF without a certificate.
    NO_CERTIFICATE,
    /// A NAF that asks for a name that its certificate does not bear.
    FOREIGN_NAME,
    /// A NAF that is not among those served, or not among those that may push.
    NOT_ALLOWED,
    /// No such key, or its lifetime is over; on Zpn no such subscriber.
    UNKNOWN
  }

  /// The address that a request comes from, without its port.
  static String asker(Request request) {
    InetAddress address = request.peer().getAddress();
    return address == null ? request.peer().getHostString() : address.getHostAddress();
  }

  static BsfEvent onUb(Act act, Outcome outcome, String asker, String impi, String tid) {
    return new BsfEvent(act, outcome, asker, impi, tid, "");
  }
}
