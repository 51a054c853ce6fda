package parley.mikey.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static parley.mikey.Vectors.octets;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
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
  /// `-Dwolfssl.pairs=100000` for a campaign.
  private static final int PAIRS = Integer.getInteger("wolfssl.pairs", 1000);

  private static final int PAIRS_PER_KMS = 20;
  private static final int PROGRESS = 1000;
  private static final Path LOG = Path.of("target/wolfssl-pairs.log");
  private static final int KEYS = 20;
  private static final int MANY = 100;
  private static final SecureRandom RANDOM = new SecureRandom();

  @TempDir static Path folder;
  private static WolfSsl wolf;
  private final long seed = RANDOM.nextLong();
  private final Choice choice = new Choice(seed);
  private final AtomicInteger done = new AtomicInteger();

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
  /// leading zeros, every second with its top bit set by chance. A peer for each processor.
  @Test
  void eachOpensWhatTheOtherEncapsulates() throws Exception {
    int peers = Runtime.getRuntime().availableProcessors();
    Files.deleteIfExists(LOG);
    try (var threads = Executors.newFixedThreadPool(peers)) {
      List<Future<?>> parts = new ArrayList<>();
      for (int peer = 0; peer < peers; peer++) {
        int share = PAIRS / peers + (peer < PAIRS % peers ? 1 : 0);
        var chosen = new Choice(seed + peer);
        parts.add(
            threads.submit(() -> {
              openEachOthers(share, chosen);
              return null;
            }));
      }
      for (Future<?> part : parts) {
        part.get();
      }
    }
    assertThat(done.get()).isEqualTo(PAIRS);
  }

  private void openEachOthers(int share, Choice chosen) throws Exception {
    try (WolfSsl peer = WolfSsl.start(Files.createTempDirectory(folder, "peer"))) {
      for (int first = 0; first < share; first += PAIRS_PER_KMS) {
        try (var master = SakkeMasterKey.generate(RANDOM)) {
          for (int pair = first; pair < Math.min(share, first + PAIRS_PER_KMS); pair++) {
            both(peer, master, chosen.id(), chosen.ssv(pair));
            progress(done.incrementAndGet());
          }
        }
      }
    }
  }

  /// A campaign that was stopped tells how far it came.
  private static void progress(int pairs) throws IOException {
    if (pairs % PROGRESS == 0) {
      Files.writeString(
          LOG,
          "%d of %d pairs%n".formatted(pairs, PAIRS),
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    }
  }

  private void both(WolfSsl peer, SakkeMasterKey master, byte[] id, byte[] ssv) throws Exception {
    SakkePublicKey kms = master.publicKey();
    byte[] theirs = peer.ask("sakke-wrap", kms.octets(), id, ssv);
    try (var rsk = master.issue(id);
        var receiver = SakkeReceiver.of(kms, id, rsk);
        var opened = receiver.decapsulate(theirs).orElseThrow();
        var mine = SecretBytes.copyOf(ssv, "SSV")) {
      assertThat(opened).as("seed %d", seed).isEqualTo(mine);
      byte[] ours = kms.encapsulate(id, mine);
      assertThat(ours).as("seed %d", seed).isEqualTo(theirs);
      assertThat(peer.ask("sakke-open", kms.octets(), id, octetsOf(rsk), ours)).isEqualTo(ssv);
    }
  }

  @Test
  void eachTakesTheKeysTheOtherIssues() throws Exception {
    for (int kms = 0; kms < KEYS; kms++) {
      byte[] id = choice.id();
      try (var master = SakkeMasterKey.generate(RANDOM);
          var rsk = master.issue(id)) {
        byte[] z = octetsOf(master.secret());
        assertThat(wolf.ask("sakke-z", z)).isEqualTo(master.publicKey().octets());
        assertThat(wolf.ask("sakke-issue", z, id)).as("seed %d", seed).isEqualTo(octetsOf(rsk));
        assertThat(wolf.agrees("sakke-check", master.publicKey().octets(), id, octetsOf(rsk)))
            .isTrue();
      }
    }
  }

  /// What many share an inversion for is what each would have got alone.
  @Test
  void opensWhatWasEncapsulatedToManyAtOnce() throws Exception {
    try (var master = SakkeMasterKey.generate(RANDOM);
        var ssv = SecretBytes.random(16, RANDOM, "SSV")) {
      List<byte[]> ids = Stream.generate(choice::id).limit(MANY).toList();
      List<byte[]> ours = master.publicKey().encapsulate(ids, ssv);
      for (int i = 0; i < MANY; i++) {
        assertThat(ours.get(i))
            .as("seed %d", seed)
            .isEqualTo(
                wolf.ask("sakke-wrap", master.publicKey().octets(), ids.get(i), octetsOf(ssv)));
      }
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

  /// What one thread draws.
  private static final class Choice {
    private final Random random;

    Choice(long seed) {
      this.random = new Random(seed);
    }

    byte[] id() {
      byte[] drawn = octets(1 + random.nextInt(120));
      drawn[0] |= 0x40;
      return drawn;
    }

    byte[] ssv(int pair) {
      byte[] drawn = octets(16);
      Arrays.fill(drawn, 0, pair % 8 == 0 ? 1 + random.nextInt(3) : 0, (byte) 0);
      return drawn;
    }

    private byte[] octets(int count) {
      var drawn = new byte[count];
      random.nextBytes(drawn);
      return drawn;
    }
  }

  private static byte[] octetsOf(SecretBytes secret) {
    return secret.lend(SecretAccess.token(), byte[]::clone);
  }
}
