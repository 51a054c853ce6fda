package parley.keys.gba.push;

import java.time.Instant;
import parley.keys.gba.NafId;
import parley.keys.gba.Tid;
import parley.keys.gba.aka.AuthenticationVector;
import parley.mikey.secret.SecretBytes;

/// How GBA push information is written. A second form, that of TS 33.223, Table 5.2.1.1, is to be
/// added here when its octets are known.
public interface GpiCodec {
  /// All of it fits one SMS.
  int MOST_OCTETS = 140;

  /// Whether a message for this NAF_Id fits.
  boolean fits(NafId naf);

  /// The message; sealed under what comes of the vector's Ks, which must be used for nothing else.
  ///
  /// @throws IllegalArgumentException unless it fits
  byte[] seal(AuthenticationVector vector, String impi, Tid ptid, NafId naf, Instant until);

  /// RAND and AUTN, which stand in the clear; nothing is verified.
  PushedChallenge challenge(byte[] gpi) throws MalformedGpi;

  /// The rest, verified by the MAC under what comes of Ks.
  Gpi open(byte[] gpi, SecretBytes ks, String impi) throws MalformedGpi;

  /// What the message says once it is verified.
  record Gpi(Tid ptid, NafId naf, Instant until) {}
}
