package parley.mikey.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static parley.mikey.Vectors.octets;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.mikey.Vectors;
import parley.mikey.sakke.SakkeMasterKey;
import parley.mikey.sakke.SakkePublicKey;
import parley.mikey.sakke.SakkeReceiver;
import parley.mikey.secret.SecretAccess;
import parley.mikey.secret.SecretBytes;
import tools.jackson.databind.JsonNode;

/// SAKKE against an implementation that shares no line with ours.
class WolfSslSakkeTest {
  private static final int PAIRS = 60;
  private static final int PAIRS_PER_KMS = 15;
  private static final SecureRandom RANDOM = new SecureRandom();

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

  /// Every pair is a fresh identifier and a fresh shared secret value, one in eight of these with
  /// leading zeros, every second with its top bit set by chance.
  @Test
  void eachOpensWhatTheOtherEncapsulatesAndTakesTheKeysTheOtherIssues() throws Exception {
    for (int kms = 0; kms < PAIRS / PAIRS_PER_KMS; kms++) {
      try (var master = SakkeMasterKey.generate(RANDOM)) {
        byte[] z = octetsOf(master.secret());
        assertThat(wolf.ask("sakke-z", z)).isEqualTo(master.publicKey().octets());
        for (int pair = 0; pair < PAIRS_PER_KMS; pair++) {
          both(master, z, random(1 + choice.nextInt(120)), ssv(pair));
        }
      }
    }
  }

  private void both(SakkeMasterKey master, byte[] z, byte[] id, byte[] ssv) throws Exception {
    id[0] |= 0x40;
    SakkePublicKey kms = master.publicKey();
    byte[] theirKey = wolf.ask("sakke-issue", z, id);
    try (var rsk = master.issue(id)) {
      assertThat(octetsOf(rsk)).as("seed %d", seed).isEqualTo(theirKey);
      assertThat(wolf.agrees("sakke-check", kms.octets(), id, octetsOf(rsk))).isTrue();
    }
    byte[] theirs = wolf.ask("sakke-wrap", kms.octets(), id, ssv);
    try (var rsk = SecretBytes.take(theirKey.clone(), "RSK");
        var receiver = SakkeReceiver.of(kms, id, rsk);
        var opened = receiver.decapsulate(theirs).orElseThrow();
        var mine = SecretBytes.copyOf(ssv, "SSV")) {
      assertThat(opened).as("seed %d", seed).isEqualTo(mine);
      byte[] ours = kms.encapsulate(id, mine);
      assertThat(ours).as("seed %d", seed).isEqualTo(theirs);
      assertThat(wolf.ask("sakke-open", kms.octets(), id, theirKey, ours)).isEqualTo(ssv);
    }
  }

  @Test
  void bothAgreeAtTheEdges() throws Exception {
    for (JsonNode edge : Vectors.load("project-sakke-edges.json").required("cases")) {
      byte[] z = octets(edge, "Z");
      byte[] id = octets(edge, "id");
      byte[] rsk = octets(edge, "RSK");
      byte[] data = octets(edge, "encapsulated_data");
      byte[] ssv = octets(edge, "SSV");
      String name = edge.required("name").asString();
      assertThat(wolf.ask("sakke-z", octets(edge, "z"))).as(name).isEqualTo(z);
      assertThat(wolf.ask("sakke-issue", octets(edge, "z"), id)).as(name).isEqualTo(rsk);
      assertThat(wolf.agrees("sakke-check", z, id, rsk)).as(name).isTrue();
      assertThat(wolf.ask("sakke-wrap", z, id, ssv)).as(name).isEqualTo(data);
      assertThat(wolf.ask("sakke-open", z, id, rsk, data)).as(name).isEqualTo(ssv);
    }
  }

  private byte[] ssv(int pair) {
    byte[] drawn = random(16);
    Arrays.fill(drawn, 0, pair % 8 == 0 ? 1 + choice.nextInt(3) : 0, (byte) 0);
    return drawn;
  }

  private byte[] random(int octets) {
    var drawn = new byte[octets];
    choice.nextBytes(drawn);
    return drawn;
  }

  private static byte[] octetsOf(SecretBytes secret) {
    return secret.lend(SecretAccess.token(), byte[]::clone);
  }
}
