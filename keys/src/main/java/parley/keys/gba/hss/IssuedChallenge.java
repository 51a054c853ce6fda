package parley.keys.gba.hss;

import java.nio.ByteBuffer;
import java.time.Instant;
import parley.keys.gba.aka.AuthenticationVector;

/// A challenge that this HSS issued to a claimed identity and that can still be answered.
public final class IssuedChallenge {
  /// `RAND 16 | AUTN 16 | end in seconds of Unix time 8 | MAC 16`.
  static final int NONCE_OCTETS =
      AuthenticationVector.RAND_OCTETS + AuthenticationVector.AUTN_OCTETS + Long.BYTES + 16;

  static final int MAC_OCTETS = 16;

  private final String impi;
  private final byte[] nonce;

  IssuedChallenge(String impi, byte[] nonce) {
    this.impi = impi;
    this.nonce = nonce.clone();
  }

  public String impi() {
    return impi;
  }

  /// The octets of the Digest nonce, the last 24 of which are ours (RFC 3310, 3.2).
  public byte[] nonce() {
    return nonce.clone();
  }

  public byte[] rand() {
    byte[] rand = new byte[AuthenticationVector.RAND_OCTETS];
    ByteBuffer.wrap(nonce).get(rand);
    return rand;
  }

  /// Until when it can be answered, inclusive.
  public Instant until() {
    return Instant.ofEpochSecond(
        ByteBuffer.wrap(nonce).getLong(NONCE_OCTETS - MAC_OCTETS - Long.BYTES));
  }

  @Override
  public String toString() {
    return "IssuedChallenge[" + impi + ", until " + until() + "]";
  }
}
