package parley.keys.kms;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import parley.keys.vault.Vault;
import parley.keys.vault.VaultEdit;
import parley.keys.vault.VaultException;
import parley.mikey.InvalidKey;
import parley.mikey.eccsi.EccsiMasterKey;
import parley.mikey.eccsi.EccsiUserKey;
import parley.mikey.identity.Identity;
import parley.mikey.identity.KeyPeriod;
import parley.mikey.identity.KmsCertificate;
import parley.mikey.sakke.SakkeMasterKey;
import parley.mikey.secret.SecretAccess;
import parley.mikey.secret.SecretBytes;

/// Issues the keys of members from the two master secrets: z for SAKKE, KSAK for ECCSI.
///
/// Deterministic: the same identity, period and device get the same keys, also after a restart, so
/// nothing that was issued needs to be stored. Only the present and the next period are issued, so
/// that whoever is no longer served falls out at the end of a period (RFC 6509, 3.3).
///
/// Who may ask for which identity is the front end's decision; this class checks the period alone.
/// While it is open both master secrets are plain in memory. Safe for use by many threads.
public final class KmsIssuer implements AutoCloseable {
  private static final String TYPE = "kms";
  private static final String CERTIFICATE = "certificate";
  private static final String SAKKE_SECRET = "z";
  private static final String ECCSI_SECRET = "ksak";
  private static final String SUCCESSION = "succession";
  private static final int MOST_DEVICE_OCTETS = 128;

  private final KmsCertificate certificate;
  private final SakkeMasterKey sakke;
  private final EccsiMasterKey eccsi;
  private final @Nullable Succession succession;

  private KmsIssuer(
      KmsCertificate certificate,
      SakkeMasterKey sakke,
      EccsiMasterKey eccsi,
      @Nullable Succession succession) {
    this.certificate = certificate;
    this.sakke = sakke;
    this.eccsi = eccsi;
    this.succession = succession;
  }

  /// Makes a KMS with fresh master secrets in `vault`, which must not hold one; durable on return.
  ///
  /// @throws IllegalArgumentException if the settings are none that a KMS certificate can have
  public static KmsIssuer create(KmsSettings settings, Vault vault, SecureRandom random)
      throws VaultException {
    if (!vault.names(TYPE).isEmpty()) {
      throw new VaultException(vault + " holds a KMS already; open it, or take another vault");
    }
    SakkeMasterKey sakke = SakkeMasterKey.generate(random);
    EccsiMasterKey eccsi = EccsiMasterKey.generate(random);
    KmsCertificate certificate =
        KmsCertificate.of(
            settings.kmsUri(),
            settings.userIdFormat(),
            settings.periodSeconds(),
            settings.offsetSeconds(),
            eccsi.publicKey(),
            sakke.publicKey());
    try (VaultEdit edit = vault.edit();
        SecretBytes encoded = SecretBytes.copyOf(certificate.encode(), "KMS certificate")) {
      edit.put(TYPE, SAKKE_SECRET, sakke.secret())
          .put(TYPE, ECCSI_SECRET, eccsi.secret())
          .put(TYPE, CERTIFICATE, encoded)
          .commit();
    }
    return new KmsIssuer(certificate, sakke, eccsi, null);
  }

  /// Opens the KMS that `vault` holds; the vault may be closed afterwards. Refused where its master
  /// secrets are not those of its certificate.
  public static KmsIssuer open(Vault vault) throws VaultException {
    try (SecretBytes encoded = stored(vault, CERTIFICATE);
        SecretBytes z = stored(vault, SAKKE_SECRET);
        SecretBytes ksak = stored(vault, ECCSI_SECRET)) {
      KmsCertificate certificate =
          KmsCertificate.decode(encoded.lend(SecretAccess.token(), byte[]::clone));
      return verified(
          vault,
          new KmsIssuer(
              certificate, SakkeMasterKey.of(z), EccsiMasterKey.of(ksak), succession(vault)));
    } catch (InvalidKey e) {
      throw new IllegalStateException(vault + " holds a KMS certificate of another version", e);
    }
  }

  private static KmsIssuer verified(Vault vault, KmsIssuer opened) throws VaultException {
    boolean fits =
        opened.sakke.publicKey().equals(opened.certificate.encKey())
            && opened.eccsi.publicKey().equals(opened.certificate.authKey());
    if (!fits) {
      opened.close();
      throw new VaultException(
          vault + " holds master secrets of another KMS than its certificate; restore a backup");
    }
    return opened;
  }

  private static @Nullable Succession succession(Vault vault) {
    try (SecretBytes encoded = vault.read(TYPE, SUCCESSION).orElse(null)) {
      return encoded == null ? null : Succession.decode(encoded);
    }
  }

  /// Notes in `vault`, which holds the KMS, that another takes its place; durable on return. An
  /// issuer that is open keeps to what it read: open it again.
  public static void succeed(Vault vault, Succession succession) throws VaultException {
    stored(vault, CERTIFICATE).close();
    try (SecretBytes encoded = succession.encode()) {
      vault.put(TYPE, SUCCESSION, encoded);
    }
  }

  private static SecretBytes stored(Vault vault, String name) throws VaultException {
    return vault
        .read(TYPE, name)
        .orElseThrow(
            () -> new VaultException(vault + " holds no KMS; create one, or open its own vault"));
  }

  /// What members need to know of this KMS; public.
  public KmsCertificate certificate() {
    return certificate;
  }

  /// Which KMS takes its place, where one does.
  public Optional<Succession> succession() {
    return Optional.ofNullable(succession);
  }

  /// The keys of `device`, a name that is unique among the devices of `who`; the caller closes
  /// them.
  ///
  /// @throws IssueRefused unless `period` is the one of `now` or the one after it
  public MemberKeys issue(Identity who, KeyPeriod period, String device, Instant now)
      throws IssueRefused {
    requireIssuable(period, now);
    byte[] deviceId = device.getBytes(UTF_8);
    if (deviceId.length == 0 || deviceId.length > MOST_DEVICE_OCTETS) {
      throw new IssueRefused("a device id has 1 to %d octets".formatted(MOST_DEVICE_OCTETS));
    }
    byte[] id = certificate.identifier(who, period);
    try (EccsiUserKey signing = eccsi.issue(id, deviceId)) {
      return MemberKeys.of(
          who, period, device, sakke.issue(id), signing.ssk().duplicate(), signing.pvt());
    }
  }

  /// This issuer as a front end in the same process sees it: it closes with the result.
  public Issuer at(InstantSource clock) {
    return new LocalIssuer(this, clock);
  }

  private void requireIssuable(KeyPeriod period, Instant now) throws IssueRefused {
    if (succession != null && !now.isBefore(succession.until())) {
      throw new IssueRefused(
          "KMS %s has issued keys until %s; its successor is KMS %s: enrol there"
              .formatted(
                  certificate.kmsUri(), succession.until(), succession.successor().kmsUri()));
    }
    KeyPeriod present = certificate.periodAt(now);
    KeyPeriod next = certificate.next(present);
    if (!period.equals(present) && !period.equals(next)) {
      throw new IssueRefused(
          "KMS %s issues keys from %s until %s only; ask for period %d or %d, not %d"
              .formatted(
                  certificate.kmsUri(),
                  present.from(),
                  next.until(),
                  present.number(),
                  next.number(),
                  period.number()));
    }
  }

  @Override
  public void close() {
    sakke.close();
    eccsi.close();
  }

  @Override
  public String toString() {
    return "KmsIssuer[" + certificate.kmsUri() + "]";
  }
}
