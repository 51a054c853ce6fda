package parley.keys.member;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import parley.keys.kms.MemberKeys;
import parley.mikey.InvalidKey;
import parley.mikey.eccsi.EccsiSigner;
import parley.mikey.identity.Identity;
import parley.mikey.identity.KeyPeriod;
import parley.mikey.identity.KmsCertificate;
import parley.mikey.identity.NtpTimestamp;
import parley.mikey.sakke.SakkeReceiver;

/// A member's own keys, ready for use: one signer and one receiver for each period, made when first
/// needed, so that keys installed later are found without a restart. Thread-safe.
///
/// T alone decides the period (RFC 6509, 3.2); a neighbour's keys are never tried.
final class PeriodKeys implements AutoCloseable {
  private final Identity who;
  private final KmsCertificate kms;
  private final MemberStore store;
  private final Map<Long, EccsiSigner> signers = new HashMap<>();
  private final Map<Long, SakkeReceiver> receivers = new HashMap<>();

  PeriodKeys(Identity who, KmsCertificate kms, MemberStore store) {
    this.who = who;
    this.kms = kms;
    this.store = store;
  }

  KmsCertificate kms() {
    return kms;
  }

  /// Signs as this member in the period of `t`; belongs to this object.
  EccsiSigner signer(NtpTimestamp t) throws KeysMissing {
    KeyPeriod period = kms.periodAt(t.toInstant());
    synchronized (signers) {
      EccsiSigner known = signers.get(period.number());
      if (known != null) {
        return known;
      }
      try (MemberKeys keys = keys(period)) {
        byte[] id = kms.identifier(who, period);
        EccsiSigner made = EccsiSigner.of(kms.authKey(), id, keys.ssk(), keys.pvt());
        signers.put(period.number(), made);
        return made;
      } catch (InvalidKey e) {
        throw notWhatWasInstalled(e);
      }
    }
  }

  /// Opens what was encrypted to this member in the period of `t`; belongs to this object.
  SakkeReceiver receiver(NtpTimestamp t) throws KeysMissing {
    KeyPeriod period = kms.periodAt(t.toInstant());
    synchronized (receivers) {
      SakkeReceiver known = receivers.get(period.number());
      if (known != null) {
        return known;
      }
      try (MemberKeys keys = keys(period)) {
        byte[] id = kms.identifier(who, period);
        SakkeReceiver made = SakkeReceiver.of(kms.encKey(), id, keys.rsk());
        receivers.put(period.number(), made);
        return made;
      } catch (InvalidKey e) {
        throw notWhatWasInstalled(e);
      }
    }
  }

  private MemberKeys keys(KeyPeriod period) throws KeysMissing {
    Optional<MemberKeys> keys = store.keys(period);
    if (keys.isEmpty()) {
      throw new KeysMissing(
          "%s holds no keys of %s from %s until %s; fetch them from KMS %s"
              .formatted(store, who, period.from(), period.until(), kms.kmsUri()));
    }
    return keys.get();
  }

  private static IllegalStateException notWhatWasInstalled(InvalidKey e) {
    return new IllegalStateException("keys that were verified before storing are wrong now", e);
  }

  @Override
  public void close() {
    synchronized (signers) {
      signers.values().forEach(EccsiSigner::close);
      signers.clear();
    }
    synchronized (receivers) {
      receivers.values().forEach(SakkeReceiver::close);
      receivers.clear();
    }
  }
}
