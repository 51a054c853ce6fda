package parley.gateway.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import parley.keys.kms.KmsIssuer;
import parley.keys.kms.KmsSettings;
import parley.keys.kms.MemberKeys;
import parley.keys.member.Member;
import parley.keys.vault.Vault;
import parley.keys.vault.VaultKey;
import parley.mikey.identity.Identity;
import parley.mikey.identity.KeyPeriod;
import parley.mikey.identity.KmsCertificate;

/// One KMS for all tests of this JVM, and what it issued: the pairings of an installation are paid
/// once for each identity, every [Lab] works on a copy of the vault.
final class LabKeys {
  private record Template(Identity who, KeyPeriod period) {}

  private static final class Shared {
    static final LabKeys KEYS = new LabKeys();
  }

  private final Path folder;
  private final Path keyFile;
  private final KmsIssuer kms;
  private final Map<Template, Path> templates = new HashMap<>();

  private LabKeys() {
    try {
      SecureRandom random = new SecureRandom();
      folder = Files.createTempDirectory("parley-lab");
      Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder)));
      keyFile = folder.resolve("vault.key");
      byte[] key = new byte[32];
      random.nextBytes(key);
      Files.write(keyFile, key);
      try (Vault vault = Vault.create(folder.resolve("kms"), VaultKey.keyFile(keyFile))) {
        kms = KmsIssuer.create(KmsSettings.monthly(Lab.KMS_URI), vault, random);
      }
    } catch (Exception e) {
      throw new IllegalStateException("no lab", e);
    }
  }

  private static void delete(Path folder) {
    try (var files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
      Files.delete(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static LabKeys shared() {
    return Shared.KEYS;
  }

  Path keyFile() {
    return keyFile;
  }

  KmsCertificate certificate() {
    return kms.certificate();
  }

  /// A closed vault with the keys of `who` for the period of `now` and the next one; not to be
  /// changed.
  synchronized Path vaultOf(Identity who, Instant now) throws Exception {
    KeyPeriod present = kms.certificate().periodAt(now);
    Template template = new Template(who, present);
    Path known = templates.get(template);
    if (known != null) {
      return known;
    }
    Path file = folder.resolve("template-" + templates.size());
    try (Vault vault = Vault.create(file, VaultKey.keyFile(keyFile))) {
      for (KeyPeriod period : List.of(present, kms.certificate().next(present))) {
        try (MemberKeys keys = kms.issue(who, period, "device-1", now)) {
          Member.install(vault, kms.certificate(), keys);
        }
      }
    }
    templates.put(template, file);
    return file;
  }
}
