package parley.keys.gba.zn;

import java.time.Instant;
import java.util.List;
import parley.keys.gba.KsNaf;
import parley.keys.gba.NafId;
import parley.keys.gba.Tid;
import parley.mikey.identity.Identity;
import parley.mikey.secret.SecretBytes;

/// Ks_NAF for one server and use, with what the home network says of its owner.
public final class NafKey implements AutoCloseable {
  private final Tid tid;
  private final NafId naf;
  private final String impi;
  private final List<Identity> identities;
  private final Instant until;
  private final SecretBytes key;

  /// @param identities public ones of this subscriber
  /// @param until when the lifetime ends, exclusive
  /// @param key 32 octets; this object's own from now on
  public NafKey(
      Tid tid, NafId naf, String impi, List<Identity> identities, Instant until, SecretBytes key) {
    if (key.length() != KsNaf.OCTETS) {
      throw new IllegalArgumentException("Ks_NAF has 32 octets");
    }
    this.tid = tid;
    this.naf = naf;
    this.impi = impi;
    this.identities = List.copyOf(identities);
    this.until = until;
    this.key = key;
  }

  public Tid tid() {
    return tid;
  }

  public NafId naf() {
    return naf;
  }

  public String impi() {
    return impi;
  }

  public List<Identity> identities() {
    return identities;
  }

  public Instant until() {
    return until;
  }

  public boolean isGood(Instant now) {
    return now.isBefore(until);
  }

  /// Ks_NAF; stays this object's.
  public SecretBytes key() {
    return key;
  }

  /// A second one with its own secret; the caller closes it.
  public NafKey copy() {
    return new NafKey(tid, naf, impi, identities, until, key.duplicate());
  }

  @Override
  public void close() {
    key.close();
  }

  @Override
  public String toString() {
    return "NafKey[" + tid + ", " + naf + ", until " + until + "]";
  }
}
