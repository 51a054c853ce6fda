package parley.keys.kms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.keys.Secrets;
import parley.keys.vault.Vault;
import parley.keys.vault.VaultException;
import parley.keys.vault.VaultKey;
import parley.mikey.InvalidKey;
import parley.mikey.eccsi.EccsiSigner;
import parley.mikey.eccsi.EccsiVerifier;
import parley.mikey.identity.Identity;
import parley.mikey.identity.KeyPeriod;
import parley.mikey.identity.KmsCertificate;
import parley.mikey.sakke.SakkeReceiver;
import parley.mikey.secret.SecretBytes;

class KmsIssuerTest {
  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
  private static final Identity ALICE = new Identity("sip:alice@example.org");

  @TempDir Path directory;
  private Path file;
  private VaultKey key;
  private Vault vault;

  @BeforeEach
  void prepare() throws IOException, VaultException {
    file = directory.resolve("kms");
    key = VaultKey.keyFile(Secrets.keyFile(directory, "key"));
    vault = Vault.create(file, key);
  }

  @AfterEach
  void close() {
    vault.close();
  }

  @Test
  void issuesTheSameKeysAfterARestart() throws Exception {
    KmsCertificate certificate;
    SecretBytes first;
    try (KmsIssuer kms = KmsIssuer.create(monthly(), vault, Secrets.RANDOM)) {
      certificate = kms.certificate();
      first = issued(kms, present(kms), "phone");
      assertThat(issued(kms, present(kms), "phone")).isEqualTo(first);
    }
    vault.close();
    vault = Vault.open(file, key);
    try (KmsIssuer kms = KmsIssuer.open(vault)) {
      assertThat(kms.certificate()).isEqualTo(certificate);
      assertThat(issued(kms, present(kms), "phone")).isEqualTo(first);
    }
  }

  @Test
  void givesEachDeviceItsOwnSigningKeyAndOneReceiverKey() throws Exception {
    try (KmsIssuer kms = KmsIssuer.create(monthly(), vault, Secrets.RANDOM);
        MemberKeys phone = kms.issue(ALICE, present(kms), "phone", NOW);
        MemberKeys radio = kms.issue(ALICE, present(kms), "radio", NOW)) {
      assertThat(phone.rsk()).isEqualTo(radio.rsk());
      assertThat(phone.ssk()).isNotEqualTo(radio.ssk());
      assertThat(phone.pvt()).isNotEqualTo(radio.pvt());
    }
  }

  @Test
  void issuesKeysThatWork() throws Exception {
    for (KmsSettings settings : new KmsSettings[] {monthly(), KmsSettings.hashed("kms", 604_800)}) {
      Path other = directory.resolve("kms-" + settings.userIdFormat());
      try (Vault ownVault = Vault.create(other, key);
          KmsIssuer kms = KmsIssuer.create(settings, ownVault, Secrets.RANDOM);
          MemberKeys keys = kms.issue(ALICE, kms.certificate().next(present(kms)), "phone", NOW)) {
        check(kms.certificate(), keys);
      }
    }
  }

  private static void check(KmsCertificate kms, MemberKeys keys) throws InvalidKey {
    byte[] id = kms.identifier(ALICE, keys.period());
    byte[] text = "signed".getBytes(StandardCharsets.UTF_8);
    SakkeReceiver.of(kms.encKey(), id, keys.rsk()).close();
    try (EccsiSigner signer = EccsiSigner.of(kms.authKey(), id, keys.ssk(), keys.pvt())) {
      byte[] signature = signer.sign(text, 0, text.length, Secrets.RANDOM);
      assertThat(new EccsiVerifier(1).verify(kms.authKey(), id, text, 0, text.length, signature))
          .isTrue();
    }
  }

  @Test
  void issuesForThePresentAndTheNextPeriodOnly() throws Exception {
    try (KmsIssuer kms = KmsIssuer.create(monthly(), vault, Secrets.RANDOM)) {
      KeyPeriod present = present(kms);
      KeyPeriod next = kms.certificate().next(present);
      KeyPeriod afterNext = kms.certificate().next(next);
      KeyPeriod past = kms.certificate().periodAt(present.from().minusNanos(1));
      kms.issue(ALICE, present, "phone", NOW).close();
      kms.issue(ALICE, next, "phone", NOW).close();
      for (KeyPeriod wrong : new KeyPeriod[] {afterNext, past}) {
        assertThatThrownBy(() -> kms.issue(ALICE, wrong, "phone", NOW))
            .isInstanceOf(IssueRefused.class)
            .hasMessageContaining("ask for period " + present.number());
      }
      var stretched = new KeyPeriod(present.number(), present.from(), next.until());
      assertThatThrownBy(() -> kms.issue(ALICE, stretched, "phone", NOW))
          .isInstanceOf(IssueRefused.class);
      kms.issue(ALICE, afterNext, "phone", present.until()).close();
      assertThatThrownBy(() -> kms.issue(ALICE, present, "phone", present.until()))
          .isInstanceOf(IssueRefused.class);
    }
  }

  @Test
  void refusesADeviceWithoutAName() throws Exception {
    try (KmsIssuer kms = KmsIssuer.create(monthly(), vault, Secrets.RANDOM)) {
      assertThatThrownBy(() -> kms.issue(ALICE, present(kms), "", NOW))
          .isInstanceOf(IssueRefused.class);
    }
  }

  @Test
  void keepsOneKmsInAVault() throws Exception {
    assertThatThrownBy(() -> KmsIssuer.open(vault))
        .hasMessageContaining("holds no KMS; create one, or open its own vault");
    KmsIssuer.create(monthly(), vault, Secrets.RANDOM).close();
    assertThatThrownBy(() -> KmsIssuer.create(monthly(), vault, Secrets.RANDOM))
        .hasMessageContaining("holds a KMS already");
  }

  private static KmsSettings monthly() {
    return KmsSettings.monthly("kms.example.org");
  }

  private static KeyPeriod present(KmsIssuer kms) {
    return kms.certificate().periodAt(NOW);
  }

  private static SecretBytes issued(KmsIssuer kms, KeyPeriod period, String device)
      throws IssueRefused {
    try (MemberKeys keys = kms.issue(ALICE, period, device, NOW)) {
      return keys.encode();
    }
  }
}
