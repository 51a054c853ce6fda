package parley.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HexFormat;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.keys.kms.MemberKeys;
import parley.keys.member.Member;
import parley.keys.vault.Vault;
import parley.keys.vault.VaultKey;
import parley.mikey.eccsi.EccsiPublicKey;
import parley.mikey.identity.Identity;
import parley.mikey.identity.KmsCertificate;
import parley.mikey.identity.UserIdFormat;
import parley.mikey.sakke.SakkePublicKey;
import parley.mikey.secret.SecretBytes;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `mikey sample` writes what `mikey decode` finds genuine; so are keys that others wrote.
class MikeySampleCommandTest {
  private static final Path RESOURCES = Path.of("../mikey/src/test/resources");
  private static final Instant NOW = Instant.parse("2026-03-01T08:00:00Z");
  private static final String ALICE = "sip:alice@example.org";
  private static final String BOB = "tel:+12025550123";

  @TempDir Path folder;
  private JsonNode facts;

  @BeforeEach
  void samples() throws Exception {
    Run run = Run.of("mikey", "sample", "--out", folder.resolve("samples"));
    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).startsWith("38 messages");
    facts = JsonMapper.shared().readTree(file("samples.json"));
  }

  private Path file(String name) {
    return folder.resolve("samples").resolve(name);
  }

  @Test
  void writesThePublishedSet() throws Exception {
    try (var published = Files.list(RESOURCES.resolve("sample"))) {
      for (Path file : published.toList()) {
        assertThat(file(file.getFileName().toString())).hasSameBinaryContentAs(file);
      }
    }
  }

  @Test
  void saysWhereItCannotWrite() throws Exception {
    Files.writeString(folder.resolve("taken"), "a file");
    Run run = Run.of("mikey", "sample", "--out", folder.resolve("taken"));
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("taken");
    assertThat(Run.of("mikey", "sample").exitCode()).isEqualTo(2);
  }

  @Test
  void namesAndVerifiesWhoSigned() {
    for (JsonNode sample : facts.required("samples")) {
      String name = sample.required("file").asString();
      if (name.matches(
          "(gmk-[rt]s|pck|csk|announcement|repeat|join-[rt]|join-again|refresh|leave|register-|withdraw).*")) {
        String suffix = name.substring(name.lastIndexOf('-') + 1).replace(".mikey", ".cert");
        Run run = Run.of("mikey", "decode", "--kms-certificate", file("kms-" + suffix), file(name));
        assertThat(run.out()).as(name).contains("signature: valid, of ");
        assertThat(run.exitCode()).as(name).isZero();
      }
    }
    Run wrong =
        Run.of(
            "mikey",
            "decode",
            "--kms-certificate",
            file("kms-rfc6509.cert"),
            file("pck-ts33180.mikey"));
    assertThat(wrong.out()).contains("signature: NOT VALID for " + ALICE);
    assertThat(wrong.exitCode()).isEqualTo(1);
  }

  @Test
  void opensKeysOfTheStandard() throws Exception {
    vault("bob.vault", BOB);
    assertThat(decoded("pck-ts33180.mikey", "--show-secrets"))
        .contains("CSB ID with purpose tag 1 (PCK)", "signature: valid, of " + ALICE)
        .contains("key: PCK 11234567, from 2026-03-01T00:00:00Z until 2026-03-08T00:00:00Z")
        .contains("202122232425262728292a2b2c2d2e2f");
    assertThat(decoded("gmk-ts33180.mikey"))
        .contains("key: GMK 01234567 of sip:fire@example.org")
        .doesNotContain("000102030405060708090a0b0c0d0e0f");
    assertThat(decoded("csk-ts33180.mikey"))
        .contains("CSB ID with purpose tag 2 (CSK)", "signature: valid, of " + ALICE)
        .contains("key: NOT good", "this is for sip:server@example.org");
  }

  private String decoded(String name, String... options) {
    Object[] words = {
      "mikey",
      "decode",
      "--vault",
      folder.resolve("bob.vault"),
      "--key-file",
      folder.resolve("key"),
      "--identity",
      BOB,
      file(name)
    };
    Object[] all = java.util.Arrays.copyOf(words, words.length + options.length);
    System.arraycopy(options, 0, all, words.length, options.length);
    return Run.of(all).out();
  }

  /// A vault with the keys of `who` under the samples' second KMS.
  private void vault(String name, String who) throws Exception {
    var kms = KmsCertificate.decode(Files.readAllBytes(file("kms-ts33180.cert")));
    Files.write(folder.resolve("key"), new byte[32]);
    for (JsonNode user : facts.required("users")) {
      boolean isOurs =
          user.required("kms").asString().equals(kms.kmsUri())
              && user.required("uri").asString().equals(who);
      if (isOurs) {
        try (Vault vault =
                Vault.create(folder.resolve(name), VaultKey.keyFile(folder.resolve("key")));
            MemberKeys keys =
                MemberKeys.of(
                    new Identity(who),
                    kms.periodAt(NOW),
                    "device",
                    secret(user, "rsk"),
                    secret(user, "ssk"),
                    octets(user, "pvt"))) {
          Member.install(vault, kms, keys);
        }
      }
    }
  }

  /// Messages of another implementation, whose users go by their hashed identifiers.
  @Test
  void verifiesWhatOthersWrote() throws Exception {
    JsonNode interop =
        JsonMapper.shared().readTree(RESOURCES.resolve("vectors/interop-mikey-sakke-ts33180.json"));
    JsonNode kms = interop.required("kms");
    var certificate =
        KmsCertificate.of(
            kms.required("KmsUri").asString(),
            UserIdFormat.TS_33180,
            kms.required("UserKeyPeriod").asLong(),
            kms.required("UserKeyOffset").asLong(),
            EccsiPublicKey.of(octets(kms, "PubAuthKey")),
            SakkePublicKey.of(octets(kms, "PubEncKey")));
    Path cert = Files.write(folder.resolve("interop.cert"), certificate.encode());
    for (JsonNode message : interop.required("cases")) {
      String hex = message.required("I_MESSAGE").asString();
      Run run = Run.of("mikey", "decode", "--kms-certificate", cert, hex);
      assertThat(run.out())
          .containsPattern("purpose tag [02] \\((GMK|CSK)\\)")
          .containsPattern("signature: valid, of UID [0-9a-f]{64} with keys of KMS kms.mydev");
      Run forged =
          Run.of("mikey", "decode", "--kms-certificate", cert, hex.replaceFirst("..$", "ff"));
      assertThat(forged.out()).contains("signature: NOT VALID for UID");
    }
  }

  private static SecretBytes secret(JsonNode node, String field) {
    return SecretBytes.take(octets(node, field), field);
  }

  private static byte[] octets(JsonNode node, String field) {
    return HexFormat.of().parseHex(node.required(field).asString());
  }
}
