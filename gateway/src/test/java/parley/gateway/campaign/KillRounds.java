package parley.gateway.campaign;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import parley.gateway.lab.Lab;
import parley.gateway.lab.LabEar;
import parley.gateway.lab.LabMember;
import parley.gateway.system.Await;
import parley.gateway.system.GatewayProcess;
import parley.keys.FreePort;
import parley.mikey.group.GmkReceipt;
import parley.mikey.group.GroupMasterKey;
import parley.mikey.group.UnverifiedGmkDistribution;
import parley.mikey.identity.Identity;

/// Lives of one gateway, each ended by SIGKILL at a moment that the seed chooses; after each its
/// [Promises] are checked, and the next life has to begin and to relay.
final class KillRounds implements AutoCloseable {
  /// One life and its end.
  private record Life(
      KillMoment moment, long startMillis, int receipts, Promises.Found found, int spoken) {}

  private static final Identity GATEWAY = new Identity("sip:gpe1@example.org");
  private static final List<String> GROUPS =
      List.of("sip:fire@example.org", "sip:ambulance@example.org", "sip:works@example.org");
  private static final String ANNEX = "sip:annex@example.org";
  private static final int ROW_OF_GMKS = 6;
  private static final int PROOF_PACKETS = 5;

  private final RandomGenerator random;
  private final Report report;
  private final Path config;
  private final Lab lab;
  private final LabMember alice;
  private final LabEar messenger;
  private final List<Chatter> chatters = new ArrayList<>();
  private final Promises promises;
  private final List<Life> lives = new ArrayList<>();
  private final List<GroupMasterKey> sent = new ArrayList<>();
  private final int annexPort;
  private boolean withAnnex;
  private long startMillis = 3000;

  KillRounds(Path folder, long seed, Report report) throws Exception {
    this.random = Terms.random(seed);
    this.report = report;
    config = folder.resolve("gateway.yaml");
    lab = new Lab(folder, Clock.systemUTC());
    alice = lab.member("sip:alice@example.org");
    messenger = new LabEar();
    LabMember gateway = lab.member(GATEWAY.uri());
    for (String group : GROUPS) {
      lab.group(group, gateway, alice);
      chatters.add(new Chatter(group, alice, Terms.random(random.nextLong())));
    }
    lab.group(ANNEX, gateway);
    annexPort = FreePort.udp();
    lab.release(gateway);
    promises = new Promises(lab, GATEWAY, folder.resolve("recordings"));
    configure();
  }

  /// Written beside and moved: a gateway never reads half a file.
  private void configure() throws IOException {
    var groups = new StringBuilder();
    chatters.forEach(chatter -> groups.append(chatter.yaml()));
    if (withAnnex) {
      groups.append(
          "  - {id: \"%s\", listen: [{unicast: \"127.0.0.1:%d\"}]}%n".formatted(ANNEX, annexPort));
    }
    Path next = config.resolveSibling("gateway.yaml.next");
    Files.writeString(
        next,
        """
        identity: %s
        vault: {file: %s, key-file: %s}
        mikey: {listen: 127.0.0.1:0}
        admin: {listen: 127.0.0.1:0}
        record: {directory: recordings}
        groups:
        %s\
        """
            .formatted(GATEWAY, lab.vaultFile(GATEWAY.uri()), lab.keyFile(), groups));
    Files.move(next, config, StandardCopyOption.ATOMIC_MOVE);
  }

  /// So many lives, every moment of `moments` in turn, and one more that ends in order.
  void run(int kills, List<KillMoment> moments) throws Exception {
    for (int n = 0; n < kills; n++) {
      KillMoment moment = moments.get(n % moments.size());
      try {
        lives.add(live(moment));
      } catch (Exception | AssertionError e) {
        throw new AssertionError("kill %d, at %s: %s".formatted(n + 1, moment, e.getMessage()), e);
      }
      if ((n + 1) % 5 == 0 || n + 1 == kills) {
        report.progress(
            "%d of %d kills, %d GMKs and %d recordings promised and kept"
                .formatted(n + 1, kills, promises.acknowledged(), promises.sealed()));
      }
    }
    lastLife();
  }

  private Life live(KillMoment moment) throws Exception {
    sent.clear();
    chatters.forEach(chatter -> chatter.bursts().clear());
    int receipts = 0;
    try (GatewayProcess gateway = GatewayProcess.launch(List.of(), List.of(), config)) {
      long began = System.nanoTime();
      if (moment == KillMoment.START) {
        pause(random.nextLong(startMillis));
      } else {
        gateway.awaitReady();
        startMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
        prove();
        for (Chatter chatter : chatters) {
          chatter.start();
        }
        receipts = act(moment, gateway);
      }
      gateway.kill();
    }
    int late = 0;
    for (Chatter chatter : chatters) {
      chatter.stop();
      late += chatter.bursts().size();
    }
    distributeWhatItHeld();
    return new Life(moment, startMillis, receipts, promises.check(bursts()), late);
  }

  private void lastLife() throws Exception {
    try (GatewayProcess gateway = GatewayProcess.launch(List.of(), List.of(), config)) {
      chatters.forEach(chatter -> chatter.bursts().clear());
      gateway.awaitReady();
      prove();
      assertThat(gateway.stop()).as("the exit code of SIGTERM").isIn(0, 143);
    }
    Promises.Found found = promises.check(bursts());
    assertThat(found.closed()).as("recordings of an orderly life").isEqualTo(chatters.size());
    assertThat(found.unclosed() + found.headless()).isZero();
  }

  /// The gateway works: in every group a burst comes out as it went in.
  private void prove() throws Exception {
    for (Chatter chatter : chatters) {
      Spoken proof = chatter.burst(PROOF_PACKETS);
      Await.until("a burst is relayed in " + chatter.group(), () -> proof.heard() == PROOF_PACKETS);
    }
  }

  private int act(KillMoment moment, GatewayProcess gateway) throws Exception {
    return switch (moment) {
      case START, BURST -> {
        pause(random.nextLong(1500));
        promises.lookAtDisk();
        pause(random.nextLong(20));
        yield 0;
      }
      case GMK -> sendGmks(gateway);
      case CLOSE -> {
        pause(random.nextLong(300));
        chatters.getFirst().stop();
        chatters.getFirst().burst(1 + random.nextInt(30));
        pause(random.nextLong(30));
        promises.lookAtDisk();
        yield 0;
      }
      case RELOAD -> {
        pause(random.nextLong(300));
        withAnnex = !withAnnex;
        configure();
        long before = gateway.lines();
        gateway.signal("HUP");
        pause(random.nextLong(100));
        assertThat(gateway.isAlive()).as("SIGHUP ends no gateway").isTrue();
        assertThat(gateway.saidSince(before, "not reloaded")).isEmpty();
        promises.lookAtDisk();
        yield 0;
      }
    };
  }

  /// A row of messages; killed when a random number of them is acknowledged.
  private int sendGmks(GatewayProcess gateway) throws Exception {
    List<byte[]> messages = new ArrayList<>();
    for (int n = 0; n < ROW_OF_GMKS; n++) {
      GroupMasterKey gmk = lab.newGmk(GROUPS.get(random.nextInt(GROUPS.size())));
      sent.add(gmk);
      messages.add(lab.iMessageTo(gmk, GATEWAY.uri()));
    }
    var mikey = new InetSocketAddress(InetAddress.getLoopbackAddress(), gateway.mikeyPort());
    for (byte[] message : messages) {
      messenger.send(message, mikey);
    }
    promises.lookAtDisk();
    List<byte[]> receipts = new ArrayList<>(messenger.hear(random.nextInt(ROW_OF_GMKS)));
    pause(random.nextLong(20));
    gateway.kill();
    receipts.addAll(messenger.drain());
    for (byte[] receipt : receipts) {
      promises.acknowledged(acknowledgedBy(receipt, messages));
    }
    return receipts.size();
  }

  private GroupMasterKey acknowledgedBy(byte[] receipt, List<byte[]> messages) throws Exception {
    for (int n = 0; n < messages.size(); n++) {
      var message = UnverifiedGmkDistribution.read(messages.get(n));
      if (GmkReceipt.read(receipt).isValid(message, sent.get(n))) {
        return sent.get(n);
      }
    }
    throw new AssertionError("a receipt for nothing that was sent");
  }

  /// A GMK may be stored and its receipt not sent; the talker has to go with the gateway.
  private void distributeWhatItHeld() throws Exception {
    for (GroupMasterKey gmk : promises.held(sent)) {
      lab.distribute(gmk, alice);
    }
  }

  private Map<Integer, Spoken> bursts() {
    Map<Integer, Spoken> all = new HashMap<>();
    for (Chatter chatter : chatters) {
      chatter.bursts().forEach(burst -> all.put(burst.csbId(), burst));
    }
    return all;
  }

  private static void pause(long millis) {
    long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    for (long left = until - System.nanoTime(); left > 0; left = until - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }

  /// What happened, by moment.
  void tell() throws IOException {
    Map<KillMoment, List<Life>> byMoment = new EnumMap<>(KillMoment.class);
    lives.forEach(l -> byMoment.computeIfAbsent(l.moment(), _ -> new ArrayList<>()).add(l));
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        List.of(
            "killed at",
            "kills",
            "receipts",
            "bursts",
            "closed recordings",
            "cut off",
            "without header",
            "packets recorded"));
    byMoment.forEach((moment, of) -> rows.add(row(moment.name(), of)));
    rows.add(row("all", lives));
    report.table("Kills", rows);
    report.result(
        "%d kills: every acknowledged GMK (%d) was kept, no closed recording (%d files in the end)"
                .formatted(lives.size(), promises.acknowledged(), promises.sealed())
            + " was lost or altered, every packet seen on the disk stayed, every next start"
            + " relayed; the longest start took %d ms"
                .formatted(lives.stream().mapToLong(Life::startMillis).max().orElse(0)));
  }

  private static List<String> row(String name, List<Life> lives) {
    return List.of(
        name,
        Integer.toString(lives.size()),
        Integer.toString(lives.stream().mapToInt(Life::receipts).sum()),
        Integer.toString(lives.stream().mapToInt(Life::spoken).sum()),
        Integer.toString(lives.stream().mapToInt(l -> l.found().closed()).sum()),
        Integer.toString(lives.stream().mapToInt(l -> l.found().unclosed()).sum()),
        Integer.toString(lives.stream().mapToInt(l -> l.found().headless()).sum()),
        Long.toString(lives.stream().mapToLong(l -> l.found().recorded()).sum()));
  }

  @Override
  public void close() {
    chatters.forEach(Chatter::close);
    messenger.close();
    lab.close();
  }
}
