package parley.mikey.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static parley.mikey.Vectors.octets;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.mikey.Vectors;
import parley.mikey.eccsi.EccsiMasterKey;
import parley.mikey.eccsi.EccsiPublicKey;
import parley.mikey.eccsi.EccsiSigner;
import parley.mikey.eccsi.EccsiVerifier;
import parley.mikey.secret.SecretAccess;
import parley.mikey.secret.SecretBytes;
import tools.jackson.databind.JsonNode;

/// ECCSI against an implementation that shares no line with ours.
class WolfSslEccsiTest {
  private static final int PAIRS = 60;
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final EccsiVerifier VERIFIER = new EccsiVerifier(1);

  @TempDir static Path folder;
  private static WolfSsl wolf;
  private final long seed = RANDOM.nextLong();
  private final Random choice = new Random(seed);

  @BeforeAll
  static void start() throws Exception {
    wolf = WolfSsl.start(folder);
  }

  @AfterAll
  static void stop() throws Exception {
    if (wolf != null) {
      wolf.close();
    }
  }

  @Test
  void wolfSslTakesTheKeysThatWeIssueAndVerifiesWhatWeSign() throws Exception {
    for (int pair = 0; pair < PAIRS; pair++) {
      byte[] id = id();
      byte[] message = random(choice.nextInt(600));
      try (var kms = EccsiMasterKey.generate(RANDOM);
          var key = kms.issue(id, random(8));
          var signer = EccsiSigner.of(kms.publicKey(), id, key.ssk(), key.pvt())) {
        byte[] kpak = kms.publicKey().octets();
        assertThat(wolf.agrees("eccsi-check", kpak, id, octetsOf(key.ssk()), key.pvt()))
            .as("key, seed %d", seed)
            .isTrue();
        byte[] signature = signer.sign(message, 0, message.length, RANDOM);
        assertVerified(kpak, id, message, signature);
      }
    }
  }

  private void assertVerified(byte[] kpak, byte[] id, byte[] message, byte[] signature)
      throws Exception {
    assertThat(wolf.agrees("eccsi-verify", kpak, id, message, signature))
        .as("signature, seed %d", seed)
        .isTrue();
    byte[] other = signature.clone();
    other[choice.nextInt(64)] ^= 1;
    assertThat(wolf.agrees("eccsi-verify", kpak, id, message, other)).isFalse();
  }

  @Test
  void weTakeTheKeysThatWolfSslIssuesAndVerifyWhatItSigns() throws Exception {
    for (int pair = 0; pair < PAIRS; pair++) {
      byte[] id = id();
      byte[] message = random(1 + choice.nextInt(600));
      byte[] pairOfKeys = wolf.ask("eccsi-kms");
      byte[] ksak = Arrays.copyOf(pairOfKeys, 32);
      byte[] kpak = point(pairOfKeys, 32);
      byte[] issued = wolf.ask("eccsi-issue", ksak, kpak, id);
      byte[] pvt = point(issued, 32);
      try (var secret = SecretBytes.take(ksak, "KSAK");
          var kms = EccsiMasterKey.of(secret);
          var ssk = SecretBytes.take(Arrays.copyOf(issued, 32), "SSK");
          var signer = EccsiSigner.of(kms.publicKey(), id, ssk, pvt)) {
        assertThat(kms.publicKey().octets()).isEqualTo(kpak);
        byte[] theirs = wolf.ask("eccsi-sign", kpak, id, octetsOf(ssk), pvt, message);
        assertThat(verifies(kms.publicKey(), id, message, theirs)).as("seed %d", seed).isTrue();
        theirs[choice.nextInt(64)] ^= 1;
        assertThat(verifies(kms.publicKey(), id, message, theirs)).isFalse();
        byte[] ours = signer.sign(message, 0, message.length, RANDOM);
        assertVerified(kpak, id, message, ours);
      }
    }
  }

  /// Hashes and scalars with their top bit set, and values that begin with zeros.
  @Test
  void bothAgreeAtTheEdges() throws Exception {
    for (JsonNode edge : Vectors.load("project-eccsi-edges.json").required("cases")) {
      byte[] kpak = octets(edge, "KPAK");
      byte[] id = octets(edge, "id");
      byte[] ssk = octets(edge, "SSK");
      byte[] pvt = octets(edge, "PVT");
      byte[] message = octets(edge, "M");
      String name = edge.required("name").asString();
      assertThat(wolf.agrees("eccsi-check", kpak, id, ssk, pvt)).as(name).isTrue();
      assertThat(wolf.agrees("eccsi-verify", kpak, id, message, octets(edge, "signature")))
          .as(name)
          .isTrue();
      byte[] theirs = wolf.ask("eccsi-sign", kpak, id, ssk, pvt, message);
      assertThat(verifies(EccsiPublicKey.of(kpak), id, message, theirs)).as(name).isTrue();
    }
  }

  private static boolean verifies(
      EccsiPublicKey kpak, byte[] id, byte[] message, byte[] signature) {
    return VERIFIER.verify(kpak, id, message, 0, message.length, signature);
  }

  private byte[] id() {
    return random(1 + choice.nextInt(100));
  }

  private byte[] random(int octets) {
    var drawn = new byte[octets];
    choice.nextBytes(drawn);
    return drawn;
  }

  private static byte[] point(byte[] octets, int offset) {
    return ByteBuffer.allocate(65).put((byte) 4).put(octets, offset, 64).array();
  }

  private static byte[] octetsOf(SecretBytes secret) {
    return secret.lend(SecretAccess.token(), byte[]::clone);
  }
}
