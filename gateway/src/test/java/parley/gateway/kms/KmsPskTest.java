package parley.gateway.kms;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static parley.gateway.kms.KmsRig.ALICE;
import static parley.gateway.kms.KmsRig.PHONE;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import parley.gateway.bsf.BsfRig;
import parley.gateway.cli.Run;
import parley.keys.FreePort;
import parley.keys.audit.AuditReader;
import parley.keys.http.PskExchange;
import parley.keys.kms.client.KeyProvisioning;
import parley.keys.kms.client.KmsAddress;
import parley.keys.kms.client.KmsConversation.Asker;
import parley.keys.kms.client.KmsRefusal;
import parley.keys.kms.client.Provision;
import parley.keys.kms.message.TransportKeys;
import parley.keys.kms.registry.KnownBy;
import parley.keys.member.Member;
import parley.keys.vault.Vault;
import parley.mikey.identity.Identity;
import parley.mikey.secret.SecretBytes;

/// A client that the operator has given a pre-shared key gets its keys over TLS by that.
class KmsPskTest {
  private static final Identity BOB = new Identity("sip:bob@example.org");
  private static final String NAME = "alice@example.org";

  @TempDir Path folder;
  private KmsRig rig;
  private Path yaml;
  private KmsAddress address;
  private KmsRig.Running kms;

  @BeforeEach
  void start() throws Exception {
    rig = new KmsRig(folder);
    int psk = FreePort.tcp();
    address = KmsRig.address(psk);
    yaml = rig.configure("kms", FreePort.tcp(), "psk: \"127.0.0.1:%d\"\n".formatted(psk));
    kms = rig.start(yaml);
    kms.server().registry().users().add(ALICE, null);
    kms.server().registry().users().add(BOB, null);
  }

  @AfterEach
  void stop() {
    kms.close();
  }

  private Run make(Identity who, String file, Object... more) {
    var words =
        new ArrayList<Object>(List.of("kms", "user", "psk", "--config", yaml, "--identity", who));
    words.addAll(List.of("--out", rig.file(file)));
    words.addAll(List.of(more));
    return Run.of(words.toArray());
  }

  private String made(String file) throws Exception {
    Run run = make(ALICE, file);
    assertThat(run.exitCode()).as(run.err()).isZero();
    String line = Files.readString(rig.file(file));
    assertThat(line).matches("alice@example.org:[0-9a-f]{64}\n");
    return line.strip().substring(NAME.length() + 1);
  }

  private static SecretBytes secret(String hex) {
    return SecretBytes.take(HexFormat.of().parseHex(hex), "pre-shared key");
  }

  private Provision keys(String name, String hex) throws Exception {
    try (SecretBytes key = secret(hex);
        TransportKeys wrapping = TransportKeys.derived(key, "trk.psk." + NAME, "ink.psk." + NAME);
        PskExchange exchange =
            new PskExchange(name, key, _ -> secret(hex), BsfRig.RANDOM, BsfRig.PATIENCE);
        KeyProvisioning client =
            KeyProvisioning.over(
                (url, body) -> {
                  var answer = exchange.send("POST", url, Map.of("Content-Type", KmsRig.XML), body);
                  return new KeyProvisioning.Answer(answer.reply().status(), answer.reply().body());
                },
                Asker.of(address, ALICE, PHONE, wrapping),
                InstantSource.system())) {
      return client.keys(ALICE, client.certificate());
    }
  }

  @Test
  void aKeyMadeBesideTheServerBringsKeys() throws Exception {
    String hex = made("alice.psk");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(rig.file("alice.psk"))))
        .isEqualTo("rw-------");
    try (Provision got = keys(NAME, hex);
        Vault own = rig.emptyVault("alice")) {
      assertThat(got.keys()).isNotEmpty();
      for (var set : got.keys()) {
        Member.install(own, rig.certificate(), set);
      }
    }
    assertThat(AuditReader.read(List.of(rig.file("kms.audit"))).lines())
        .anySatisfy(line -> {
          assertThat(line.actor()).isEqualTo("preshared_key alice@example.org at 127.0.0.1");
          assertThat(line.outcome()).isEqualTo("given");
        });
  }

  /// The older of two is out, and so is one whose name was taken away, and whoever is withdrawn.
  @Test
  void endsWithItsSuccessorItsNameAndItsUser() throws Exception {
    String older = made("older.psk");
    String newer = made("newer.psk");
    assertThatThrownBy(() -> keys(NAME, older)).isInstanceOf(IOException.class);
    keys(NAME, newer).close();
    assertThat(kms.server().registry().users().revoke(ALICE, "lost")).isTrue();
    assertThatThrownBy(() -> keys(NAME, newer))
        .isInstanceOf(KmsRefusal.class)
        .hasMessageContaining("are withdrawn");
    assertThat(kms.server().registry().users().forgetName(KnownBy.PRESHARED_KEY, NAME)).isTrue();
    assertThatThrownBy(() -> keys(NAME, newer)).isInstanceOf(IOException.class);
  }

  @Test
  void theCommandTakesNothingThatIsAnothers() throws Exception {
    String hex = made("alice.psk");
    assertThat(make(BOB, "bob.psk", "--name", NAME).err())
        .contains("alice@example.org is another user's; choose another --name");
    assertThat(make(BOB, "bob.psk", "--name", "3GPP-bootstrapping;x").exitCode()).isEqualTo(2);
    assertThat(make(new Identity("sip:eve@example.org"), "eve.psk").err())
        .contains("is no user of this KMS");
    assertThat(make(ALICE, "alice.psk").err()).contains("exists already");
    assertThat(rig.file("bob.psk")).doesNotExist();
    keys(NAME, hex).close();
  }

  @ParameterizedTest
  @CsvSource({
    "-tls1_2, -cipher, ECDHE-PSK-CHACHA20-POLY1305",
    "-tls1_3, -ciphersuites, TLS_AES_128_GCM_SHA256"
  })
  void opensslIsServed(String version, String option, String suites) throws Exception {
    String hex = made("alice.psk");
    try (SecretBytes key = secret(hex);
        TransportKeys wrapping = TransportKeys.derived(key, "trk.psk." + NAME, "ink.psk." + NAME)) {
      byte[] body =
          Asker.of(address, ALICE, PHONE, wrapping)
              .init(InstantSource.system().instant())
              .question();
      assertThat(
              PskPeer.says(
                  address,
                  PskPeer.post("/init", new String(body, UTF_8)),
                  NAME,
                  hex,
                  version,
                  option,
                  suites))
          .contains("HTTP/1.1 200 OK", "<KmsUri>kms.example.org</KmsUri>");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"-tls1_2", "-tls1_3"})
  void aWrongKeyAndAnUnknownNameLookAlike(String version) throws Exception {
    String hex = made("alice.psk");
    String wrong = "00".repeat(32);
    assertThat(hex).isNotEqualTo(wrong);
    String alert = PskPeer.alert(PskPeer.says(address, "", NAME, wrong, version));
    assertThat(PskPeer.alert(PskPeer.says(address, "", "nobody", wrong, version))).isEqualTo(alert);
  }
}
