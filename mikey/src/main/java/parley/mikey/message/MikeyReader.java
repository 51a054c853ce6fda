package parley.mikey.message;

import java.util.ArrayList;
import java.util.List;

/// Takes a MIKEY message apart (RFC 3830, 6), strictly.
///
/// At most 4 KiB, 24 payloads and 32 crypto sessions; every length is checked before anything is
/// allocated for it; a loop over payloads, never recursion. Nothing may follow the last payload or
/// SIGN, reserved bits are zero, a payload that can stand once stands once. The result is complete
/// or a [MalformedMessage]. Stateless and thread-safe.
public final class MikeyReader {
  public static final int MAX_OCTETS = 4096;
  public static final int MAX_PAYLOADS = 24;
  public static final int MAX_CRYPTO_SESSIONS = 32;

  private static final int NEXT_PAYLOAD_OFFSET = 2;

  private MikeyReader() {}

  /// Reads a whole message; `octets` stay the caller's and are not kept.
  public static MikeyMessage read(byte[] octets) throws MalformedMessage {
    var in = new OctetReader(octets);
    in.enter("RFC 3830, 6");
    in.require(octets.length <= MAX_OCTETS, octets.length + " octets, at most " + MAX_OCTETS);
    Header header = HeaderReader.read(in);
    return new MikeyMessage(header, payloads(in, octets[NEXT_PAYLOAD_OFFSET] & 0xff));
  }

  private static List<Payload> payloads(OctetReader in, int first) throws MalformedMessage {
    var payloads = new ArrayList<Payload>();
    var once = new PayloadCensus();
    int next = first;
    while (next != PayloadType.LAST) {
      in.enter("RFC 3830, 6.1");
      in.require(payloads.size() < MAX_PAYLOADS, "more than " + MAX_PAYLOADS + " payloads");
      PayloadType type = in.code(PayloadType.values(), next, "payload type");
      in.enter(PayloadReader.clause(type));
      next = type == PayloadType.SIGN ? PayloadType.LAST : in.u8();
      Payload payload = PayloadReader.read(type, in);
      once.admit(payload, in);
      payloads.add(payload);
    }
    in.require(in.remaining() == 0, in.remaining() + " octets after the last payload");
    return payloads;
  }
}
