package parley.keys.kms.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.keys.Secrets;
import parley.keys.kms.Issuer;
import parley.keys.kms.IssuerUnreachable;
import parley.keys.kms.KmsIssuer;
import parley.keys.kms.KmsSettings;
import parley.keys.kms.MemberKeys;
import parley.keys.vault.Vault;
import parley.keys.vault.VaultKey;
import parley.mikey.identity.Identity;
import parley.mikey.identity.KeyPeriod;
import parley.mikey.secret.SecretBytes;

/// The master secrets in a process that this one has nothing of but a socket: killed, started
/// again, and the same keys come out.
class IssuerProcessTest {
  private static final Instant NOW = Instant.parse("2026-11-29T12:00:00Z");

  @TempDir Path directory;

  @Test
  void issuesTheSameAfterAKill() throws Exception {
    Path keyFile = Secrets.keyFile(directory, "key");
    Path file = directory.resolve("vault");
    SecretBytes here;
    try (Vault vault = Vault.create(file, VaultKey.keyFile(keyFile));
        KmsIssuer kms =
            KmsIssuer.create(KmsSettings.monthly("kms.example.org"), vault, Secrets.RANDOM);
        Issuer local = kms.at(() -> NOW)) {
      here = issue(local);
    }
    Path socket = directory.resolve("issuer.sock");
    Process child = IssuerChild.start(file, keyFile, socket, NOW);
    try (RemoteIssuer remote = RemoteIssuer.connect(socket, SocketPeers.own())) {
      assertThat(issue(remote)).isEqualTo(here);
      child.destroyForcibly().onExit().join();
      assertThatThrownBy(() -> issue(remote)).isInstanceOf(IssuerUnreachable.class);
      child = IssuerChild.start(file, keyFile, socket, NOW);
      assertThat(issue(remote)).isEqualTo(here);
    } finally {
      child.destroyForcibly().onExit().join();
    }
  }

  private static SecretBytes issue(Issuer issuer) throws Exception {
    KeyPeriod present = issuer.certificate().periodAt(NOW);
    try (MemberKeys keys = issuer.issue(new Identity("sip:a@example.org"), present, "phone")) {
      return keys.encode();
    }
  }
}
