package parley.keys.gba;

import java.time.Instant;
import parley.mikey.secret.SecretBytes;

/// What a bootstrap leaves on both sides: Ks under the name B-TID, good until its lifetime ends.
public final class BootstrappedKey implements AutoCloseable {
  public static final int KS_OCTETS = 32;

  private final Tid btid;
  private final String impi;
  private final Instant until;
  private final SecretBytes ks;

  /// @param btid of a bootstrap, so that RAND stands in it
  /// @param ks CK then IK; this object's own from now on
  public BootstrappedKey(Tid btid, String impi, Instant until, SecretBytes ks) {
    if (btid.isPushed() || ks.length() != KS_OCTETS) {
      throw new IllegalArgumentException("a bootstrap makes 32 octets of Ks and a B-TID");
    }
    this.btid = btid;
    this.impi = impi;
    this.until = until;
    this.ks = ks;
  }

  public Tid btid() {
    return btid;
  }

  public String impi() {
    return impi;
  }

  /// The end of the lifetime, exclusive.
  public Instant until() {
    return until;
  }

  public boolean isGood(Instant now) {
    return now.isBefore(until);
  }

  /// The key for one NAF; the caller closes it.
  public SecretBytes ksNaf(NafId naf) {
    return KsNaf.derive(ks, btid.localOctets(), impi, naf);
  }

  /// Ks itself, to be stored; it stays this object's.
  public SecretBytes ks() {
    return ks;
  }

  @Override
  public void close() {
    ks.close();
  }

  @Override
  public String toString() {
    return "BootstrappedKey[" + btid + ", until " + until + "]";
  }
}
