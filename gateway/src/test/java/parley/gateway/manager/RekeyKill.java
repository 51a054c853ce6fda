package parley.gateway.manager;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import parley.gateway.cli.Run;
import parley.gateway.system.ParleyProcess;
import parley.keys.FreePort;
import parley.mikey.identity.Identity;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A manager is killed in the middle of a re-key, twice, and started again: everyone ends with the
/// new GMK, each has accepted it exactly once, and there is no third GMK.
final class RekeyKill {
  private static final int PATIENCE_SECONDS = 300;

  private final Path folder;
  private final UeSwarm swarm;
  private final int port = FreePort.udp();
  private final InetSocketAddress manager =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), port);

  RekeyKill(Path folder, int ues) throws Exception {
    this.folder = folder;
    this.swarm = new UeSwarm(folder, ues);
  }

  void run() throws Exception {
    Path config = swarm.config(port);
    int all = swarm.ues().size();
    try (swarm) {
      int first;
      ParleyProcess process = start(config);
      try {
        CountDownLatch had = afterSoMany(all);
        swarm.register(manager);
        await(had, "the first GMK");
        first = swarm.currentGmk(swarm.ues().getFirst());
        for (int kill = 1; kill <= 2; kill++) {
          CountDownLatch some = deafAfterSoMany(all + kill * all / 3);
          if (kill == 1) {
            rekey();
          } else {
            swarm.deaf(false);
          }
          await(some, "a part of the re-key");
          process.kill();
          process.close();
          process = start(config);
          if (kill == 2) {
            swarm.afterEach(_ -> {});
            swarm.deaf(false);
          }
        }
        awaitConfirmed(all);
        process.signal("TERM");
        assertThat(process.awaitEnd()).isZero();
      } finally {
        process.close();
      }
      everyoneHasTheNewGmkOnce(first);
    }
  }

  private ParleyProcess start(Path config) throws Exception {
    var process = new ParleyProcess(List.of(), "manager", "run", "--config", config, "--log=plain");
    process.awaitSaying("manager ready");
    return process;
  }

  private CountDownLatch afterSoMany(int acceptances) {
    var latch = new CountDownLatch(1);
    swarm.afterEach(n -> {
      if (n >= acceptances) {
        latch.countDown();
      }
    });
    return latch;
  }

  /// From then on nobody hears anything, so the re-key stays where it is.
  private CountDownLatch deafAfterSoMany(int acceptances) {
    var latch = new CountDownLatch(1);
    swarm.afterEach(n -> {
      if (n == acceptances) {
        swarm.deaf(true);
        latch.countDown();
      }
    });
    return latch;
  }

  private static void await(CountDownLatch latch, String what) throws InterruptedException {
    assertThat(latch.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).as(what).isTrue();
  }

  private void rekey() {
    Run run = manager("rekey");
    assertThat(run.exitCode()).as(run.err()).isZero();
  }

  private Run manager(String verb) {
    return Run.of(
        "manager",
        verb,
        "--vault",
        folder.resolve("manager.vault"),
        "--key-file",
        folder.resolve("key"),
        "--group",
        UeSwarm.GROUP,
        "--json");
  }

  /// The board of the running server says so, by its socket file.
  private void awaitConfirmed(int all) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    long confirmed = 0;
    while (confirmed < all) {
      assertThat(System.nanoTime() - deadline).as("%s of %s", confirmed, all).isNegative();
      TimeUnit.MILLISECONDS.sleep(50);
      confirmed = 0;
      for (JsonNode line : newest().get("deliveries")) {
        confirmed += line.get("state").asString().equals("confirmed") ? 1 : 0;
      }
    }
  }

  private JsonNode newest() {
    Run run = manager("status");
    assertThat(run.exitCode()).as(run.err()).isZero();
    return JsonMapper.shared().readTree(run.out()).get("gmks").get(0);
  }

  private void everyoneHasTheNewGmkOnce(int first) {
    Set<Integer> ids = new TreeSet<>();
    for (Identity ue : swarm.ues()) {
      List<Integer> accepted = swarm.accepted(ue);
      assertThat(accepted).as(ue + "").hasSize(2).startsWith(first).doesNotHaveDuplicates();
      assertThat(swarm.currentGmk(ue)).isEqualTo(accepted.get(1));
      ids.add(accepted.get(1));
    }
    assertThat(ids).as("one new GMK for all").hasSize(1);
    assertThat(newest().get("gmkId").asString()).isEqualTo("%08x".formatted(ids.iterator().next()));
  }
}
