package parley.keys.kms;

import parley.keys.vault.RecordReader;
import parley.keys.vault.RecordWriter;
import parley.mikey.identity.Identity;
import parley.mikey.identity.KeyPeriod;
import parley.mikey.secret.SecretBytes;

/// What the KMS issues to one device of an identity for one key period: RSK to decrypt, SSK and PVT
/// to sign.
///
/// Unverified until `Member.install` has checked it against identifier and KMS certificate. The
/// secrets belong to this object and close with it.
public final class MemberKeys implements AutoCloseable {
  private static final int SCHEMA = 1;

  private final Identity identity;
  private final KeyPeriod period;
  private final String device;
  private final SecretBytes rsk;
  private final SecretBytes ssk;
  private final byte[] pvt;

  private MemberKeys(
      Identity identity,
      KeyPeriod period,
      String device,
      SecretBytes rsk,
      SecretBytes ssk,
      byte[] pvt) {
    this.identity = identity;
    this.period = period;
    this.device = device;
    this.rsk = rsk;
    this.ssk = ssk;
    this.pvt = pvt;
  }

  /// Takes over `rsk` and `ssk`; copies `pvt`.
  public static MemberKeys of(
      Identity identity,
      KeyPeriod period,
      String device,
      SecretBytes rsk,
      SecretBytes ssk,
      byte[] pvt) {
    return new MemberKeys(identity, period, device, rsk, ssk, pvt.clone());
  }

  public Identity identity() {
    return identity;
  }

  public KeyPeriod period() {
    return period;
  }

  /// Two devices of one identity share the RSK and differ in SSK and PVT (RFC 6509, 2.3).
  public String device() {
    return device;
  }

  /// The Receiver Secret Key, 257 octets (RFC 6508, 6.1.1).
  public SecretBytes rsk() {
    return rsk;
  }

  /// The Secret Signing Key, 32 octets (RFC 6507, 5.1.1).
  public SecretBytes ssk() {
    return ssk;
  }

  /// The Public Validation Token, 65 octets.
  public byte[] pvt() {
    return pvt.clone();
  }

  /// All of it as one secret, for a vault; the caller closes it.
  public SecretBytes encode() {
    try (RecordWriter out = new RecordWriter()) {
      return out.integer(SCHEMA)
          .text(identity.uri())
          .number(period.number())
          .instant(period.from())
          .instant(period.until())
          .text(device)
          .secret(rsk)
          .secret(ssk)
          .octets(pvt)
          .record("keys of " + identity);
    }
  }

  /// What [#encode] gave; `encoded` stays the caller's.
  public static MemberKeys decode(SecretBytes encoded) {
    return RecordReader.read(
        encoded,
        in -> {
          if (in.integer() != SCHEMA) {
            throw new IllegalStateException(encoded + " is of another schema");
          }
          return new MemberKeys(
              new Identity(in.text()),
              new KeyPeriod(in.number(), in.instant(), in.instant()),
              in.text(),
              in.secret("RSK"),
              in.secret("SSK"),
              in.octets());
        });
  }

  @Override
  public void close() {
    rsk.close();
    ssk.close();
  }

  @Override
  public String toString() {
    return "MemberKeys[%s, period %d, device %s]".formatted(identity, period.number(), device);
  }
}
