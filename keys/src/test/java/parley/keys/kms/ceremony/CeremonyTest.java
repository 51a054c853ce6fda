package parley.keys.kms.ceremony;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.keys.FakeClock;
import parley.keys.Secrets;
import parley.keys.TestVault;
import parley.keys.kms.IssueRefused;
import parley.keys.kms.KmsIssuer;
import parley.keys.kms.KmsSettings;
import parley.keys.kms.MemberKeys;
import parley.keys.kms.Succession;
import parley.keys.kms.message.MalformedKmsMessage;
import parley.keys.member.Member;
import parley.keys.vault.Vault;
import parley.keys.vault.VaultException;
import parley.keys.vault.VaultKey;
import parley.mikey.identity.Identity;
import parley.mikey.identity.KeyPeriod;
import parley.mikey.identity.KmsCertificate;
import parley.mikey.secret.SecretBytes;

/// Backup, restore, rotation, export and their record (threats, row 32: what is left when an issuer
/// is lost or taken).
class CeremonyTest {
  private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");
  private static final Identity ALICE = new Identity("sip:alice@example.org");

  @TempDir Path directory;
  private VaultKey key;
  private Path file;
  private Vault vault;

  @BeforeEach
  void init() throws Exception {
    key = VaultKey.keyFile(Secrets.keyFile(directory, "key"));
    file = directory.resolve("kms.vault");
    vault = Vault.create(file, key);
    KmsIssuer.create(KmsSettings.monthly("kms.example.org"), vault, Secrets.RANDOM).close();
  }

  @AfterEach
  void close() {
    vault.close();
  }

  /// The KMS is burnt down, and its backup issues what it would have issued.
  @Test
  void comesBackFromItsBackup() throws Exception {
    SecretBytes before = issued(vault);
    Path copy = directory.resolve("kms.backup");
    KmsCertificate kms = KmsBackup.write(file, key, copy);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(copy)))
        .isEqualTo("rw-------");
    vault.close();
    Files.delete(file);
    Files.delete(directory.resolve("kms.vault.lock"));
    assertThat(KmsBackup.restore(copy, key, file)).isEqualTo(kms);
    vault = Vault.open(file, key);
    assertThat(issued(vault)).isEqualTo(before);
  }

  @Test
  void replacesNothing() throws Exception {
    Path copy = directory.resolve("kms.backup");
    KmsCertificate kms = KmsBackup.write(file, key, copy);
    assertThatThrownBy(() -> KmsBackup.write(file, key, copy))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("it exists already");
    assertThatThrownBy(() -> KmsBackup.restore(copy, key, file))
        .isInstanceOf(VaultException.class)
        .hasMessageContaining("move it away");
    assertThat(KmsBackup.verify(copy, key)).isEqualTo(kms);
  }

  @Test
  void noticesABackupThatIsNone() throws Exception {
    Path copy = directory.resolve("kms.backup");
    assertThat(KmsBackup.write(file, key, copy).kmsUri()).isEqualTo("kms.example.org");
    byte[] octets = Files.readAllBytes(copy);
    for (int at = 0; at < octets.length; at += octets.length / 25) {
      byte[] damaged = octets.clone();
      damaged[at] ^= 1;
      Files.write(copy, damaged);
      assertThatThrownBy(() -> KmsBackup.restore(copy, key, directory.resolve("new")))
          .isInstanceOf(VaultException.class);
    }
    assertThat(directory.resolve("new")).doesNotExist();
    try (Vault empty = Vault.create(directory.resolve("empty"), key)) {
      assertThatThrownBy(
              () -> KmsBackup.write(directory.resolve("empty"), key, directory.resolve("c")))
          .isInstanceOf(VaultException.class)
          .hasMessageContaining("holds no KMS");
      assertThat(empty.names("kms")).isEmpty();
    }
    assertThat(directory.resolve("c")).doesNotExist();
  }

  @Test
  void noticesMasterSecretsThatAreNotItsOwn() throws Exception {
    try (TestVault other = new TestVault(directory, "other")) {
      KmsIssuer.create(KmsSettings.monthly("kms.example.org"), other.vault(), Secrets.RANDOM)
          .close();
      for (String name : new String[] {"z", "ksak"}) {
        SecretBytes own = vault.read("kms", name).orElseThrow();
        try (SecretBytes wrong = other.vault().read("kms", name).orElseThrow()) {
          vault.put("kms", name, wrong);
        }
        assertThatThrownBy(() -> KmsIssuer.open(vault))
            .isInstanceOf(VaultException.class)
            .hasMessageContaining("holds master secrets of another KMS");
        vault.put("kms", name, own);
      }
    }
    KmsIssuer.open(vault).close();
  }

  /// Old and new KMS are both good for a while, then the new one alone.
  @Test
  void isSucceededWithAnOverlap() throws Exception {
    try (TestVault newVault = new TestVault(directory, "new")) {
      KmsCertificate successor = made(newVault.vault(), "kms2.example.org");
      Succession succession = KmsRotation.start(vault, successor, Duration.ofDays(60), NOW);
      assertThat(KmsRotation.start(vault, successor, Duration.ofDays(60), NOW))
          .as("said again")
          .isEqualTo(succession);
      try (KmsIssuer older = KmsIssuer.open(vault);
          KmsIssuer newer = KmsIssuer.open(newVault.vault())) {
        assertThat(older.succession()).contains(succession);
        assertThat(newer.succession()).isEmpty();
        assertThat(succession.successor()).isEqualTo(newer.certificate());
        assertThat(newer.certificate().encKey()).isNotEqualTo(older.certificate().encKey());
        acceptsBoth(older, newer);
        Instant last = succession.until().minusSeconds(1);
        older.issue(ALICE, older.certificate().periodAt(last), "phone", last).close();
        Instant over = succession.until();
        assertThatThrownBy(
                () -> older.issue(ALICE, older.certificate().periodAt(over), "phone", over))
            .isInstanceOf(IssueRefused.class)
            .hasMessageContaining("its successor is KMS kms2.example.org: enrol there");
        newer.issue(ALICE, newer.certificate().periodAt(over), "phone", over).close();
      }
    }
  }

  private void acceptsBoth(KmsIssuer older, KmsIssuer newer) throws Exception {
    try (TestVault own = new TestVault(directory, "alice");
        MemberKeys keys = issue(older)) {
      Member.install(own.vault(), older.certificate(), keys);
      try (Member alice = Member.open(own.vault(), ALICE, new FakeClock(NOW))) {
        alice.trust(newer.certificate());
        assertThat(alice.kms().find("kms.example.org")).isEqualTo(older.certificate());
        assertThat(alice.kms().find("kms2.example.org")).isEqualTo(newer.certificate());
      }
    }
  }

  @Test
  void refusesASuccessionThatLeavesSomebodyBehind() throws Exception {
    try (TestVault newVault = new TestVault(directory, "new")) {
      KmsCertificate successor = made(newVault.vault(), "kms2.example.org");
      assertThatThrownBy(() -> KmsRotation.start(vault, successor, Duration.ofDays(40), NOW))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("both issue until 2027-01-01T00:00:00Z at least");
      KmsCertificate same = KmsIssuer.open(vault).certificate();
      assertThatThrownBy(() -> KmsRotation.start(vault, same, Duration.ofDays(90), NOW))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("a KMS URI of its own");
      try (KmsIssuer kms = KmsIssuer.open(vault)) {
        assertThat(kms.succession()).isEmpty();
      }
    }
  }

  private static KmsCertificate made(Vault vault, String uri) throws Exception {
    try (KmsIssuer made = KmsIssuer.create(KmsSettings.monthly(uri), vault, Secrets.RANDOM)) {
      return made.certificate();
    }
  }

  @Test
  void exportsItsCertificate() throws Exception {
    Path exported = directory.resolve("kms.xml");
    try (KmsIssuer kms = KmsIssuer.open(vault)) {
      CertificateFile.export(kms.certificate(), exported);
      assertThat(CertificateFile.read(exported)).isEqualTo(kms.certificate());
    }
    Files.writeString(exported, Files.readString(exported) + "<x/>");
    assertThatThrownBy(() -> CertificateFile.read(exported))
        .isInstanceOf(MalformedKmsMessage.class);
  }

  @Test
  void isOnRecord() throws Exception {
    Path written = directory.resolve("transcript");
    try (KmsIssuer kms = KmsIssuer.open(vault)) {
      Transcript transcript =
          Transcript.of("init", NOW, List.of("Alice Example", "Bob Example"))
              .kms(kms.certificate())
              .hash("vault", Files.readAllBytes(file));
      transcript.write(written);
      String text = Files.readString(written);
      assertThat(text)
          .startsWith("parley KMS ceremony 1\nceremony: init\ntime: 2026-11-20T12:00:00Z\n")
          .contains("present: Bob Example\n", "kms-uri: kms.example.org\n", "kpak-sha256: ");
      assertThat(Transcript.isWhole(text)).isTrue();
      byte[] octets = text.getBytes(UTF_8);
      for (int at = 0; at < octets.length; at++) {
        byte[] changed = octets.clone();
        changed[at] ^= 1;
        assertThat(Transcript.isWhole(new String(changed, UTF_8))).isFalse();
      }
      assertThatThrownBy(() -> transcript.write(written)).isInstanceOf(IOException.class);
      assertThatThrownBy(() -> transcript.note("x", "two\nlines"))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> Transcript.of("init", NOW, List.of()))
          .isInstanceOf(IllegalArgumentException.class);
      for (String name : new String[] {"z", "ksak"}) {
        try (SecretBytes secret = vault.read("kms", name).orElseThrow()) {
          assertThat(text).doesNotContain(Secrets.hex(secret).substring(0, 32));
        }
      }
    }
  }

  private static SecretBytes issued(Vault vault) throws Exception {
    try (KmsIssuer kms = KmsIssuer.open(vault);
        MemberKeys keys = issue(kms)) {
      return keys.encode();
    }
  }

  private static MemberKeys issue(KmsIssuer kms) throws Exception {
    KeyPeriod present = kms.certificate().periodAt(NOW);
    return kms.issue(ALICE, present, "phone", NOW);
  }
}
