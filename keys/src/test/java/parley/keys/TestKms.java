package parley.keys;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import parley.keys.kms.KmsIssuer;
import parley.keys.kms.KmsSettings;
import parley.keys.kms.MemberKeys;
import parley.keys.member.Member;
import parley.keys.vault.Vault;
import parley.keys.vault.VaultKey;
import parley.mikey.eccsi.EccsiSigner;
import parley.mikey.identity.Identity;
import parley.mikey.identity.KeyPeriod;
import parley.mikey.identity.KmsCertificate;
import parley.mikey.secret.SecretBytes;

/// A KMS for tests, real in everything; what it issued is remembered, because issuing takes its
/// time.
public final class TestKms {
  public static final TestKms HOME = new TestKms(KmsSettings.monthly("kms.example.org"));
  public static final TestKms FOREIGN = new TestKms(KmsSettings.monthly("kms.elsewhere.org"));

  /// Another KMS that calls itself by the same URI.
  public static final TestKms TWIN = new TestKms(KmsSettings.monthly("kms.example.org"));

  public static final TestKms HASHED = new TestKms(KmsSettings.hashed("kms.example.org", 604_800));

  public static final TestKms HASHED_FOREIGN =
      new TestKms(KmsSettings.hashed("kms.elsewhere.org", 604_800));

  /// Another hashing KMS that calls itself by the same URI.
  public static final TestKms HASHED_TWIN =
      new TestKms(KmsSettings.hashed("kms.example.org", 604_800));

  private final KmsIssuer issuer;
  private final Map<String, SecretBytes> issued = new ConcurrentHashMap<>();

  private TestKms(KmsSettings settings) {
    try {
      Path directory = Files.createTempDirectory("kms");
      VaultKey key = VaultKey.keyFile(Secrets.keyFile(directory, "key"));
      try (Vault vault = Vault.create(directory.resolve("vault"), key)) {
        issuer = KmsIssuer.create(settings, vault, Secrets.RANDOM);
      }
      try (var files = Files.list(directory)) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
      }
      Files.delete(directory);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  public KmsCertificate certificate() {
    return issuer.certificate();
  }

  /// The keys of `who` at `time`, as its KMS would have issued them then.
  public MemberKeys keys(Identity who, Instant time) {
    KeyPeriod period = certificate().periodAt(time);
    SecretBytes encoded =
        issued.computeIfAbsent(who + " " + period.number(), _ -> issue(who, period));
    return MemberKeys.decode(encoded);
  }

  private SecretBytes issue(Identity who, KeyPeriod period) {
    try (MemberKeys keys = issuer.issue(who, period, "device", period.from())) {
      return keys.encode();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /// Signs as `who` in the period of `time`.
  public EccsiSigner signer(Identity who, Instant time) {
    try (MemberKeys keys = keys(who, time)) {
      byte[] id = certificate().identifier(who, keys.period());
      return EccsiSigner.of(certificate().authKey(), id, keys.ssk(), keys.pvt());
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /// Installs the keys of `who` at `time` in a vault.
  public void enrol(Vault vault, Identity who, Instant time) {
    try (MemberKeys keys = keys(who, time)) {
      Member.install(vault, certificate(), keys);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
