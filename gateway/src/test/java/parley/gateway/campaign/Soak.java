package parley.gateway.campaign;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToLongFunction;
import java.util.random.RandomGenerator;
import parley.gateway.lab.Lab;
import parley.gateway.lab.LabMember;
import parley.gateway.net.ImpairedWire;
import parley.gateway.net.Impairment;
import parley.gateway.net.Netns;
import parley.gateway.record.RecordingExport;
import parley.gateway.record.RecordingSummary;
import parley.gateway.system.Await;
import parley.gateway.system.GatewayProcess;
import parley.keys.manager.GroupMember;
import parley.keys.manager.MemberList;
import parley.keys.manager.Permission;
import parley.keys.vault.RecordingKey;
import parley.keys.vault.Vault;
import parley.keys.vault.VaultKey;
import parley.mikey.group.GmkReceipt;
import parley.mikey.group.GroupMasterKey;
import parley.mikey.group.UnverifiedGmkDistribution;
import parley.mikey.identity.Identity;

/// A gateway in a network of its own, behind a bad wire, with everything changing around it:
/// bursts, keys, groups, legs, the wire. Now and then everybody is silent and every packet is
/// accounted for.
final class Soak implements AutoCloseable {
  /// @param groups that are always there; the first also has multicast legs
  /// @param guests groups that come and go
  record Scale(int groups, int guests, int talkers) {}

  private static final Identity GATEWAY = new Identity("sip:gpe1@example.org");
  private static final String SOURCE = "sip:bridged@example.org";
  private static final String JOINT = "sip:joint@example.org";
  private static final String DEVICE = "wire0";
  private static final String GATEWAY_ADDRESS = "10.77.0.1";
  private static final String FIELD_ADDRESS = "10.77.0.2";
  private static final int MIKEY_PORT = 2269;
  private static final int ADMIN_PORT = 8080;
  private static final int FIRST_DOOR = 20_000;
  private static final int FIRST_EAR = 30_000;
  private static final int PORTS_PER_GROUP = 10;
  private static final Path JVM_OPTIONS = Path.of("..", "deploy", "debian", "service.jvm");

  /// 5 % lost, 2 % doubled, 3 % held back behind the next ones, 5 to 15 ms under way.
  private static final Impairment BAD_WIRE =
      Impairment.NONE
          .withLoss(0.05)
          .withDuplication(0.02)
          .withReordering(0.03, Duration.ofMillis(40))
          .withDelay(Duration.ofMillis(5), Duration.ofMillis(10));

  private static final Impairment CALM_WIRE =
      BAD_WIRE.withLoss(0.01).withReordering(0.2, Duration.ofMillis(30));

  private final Path folder;
  private final Report report;
  private final RandomGenerator random;
  private final Lab lab;
  private final List<LabMember> members = new ArrayList<>();
  private final Map<String, SoakGroup> groups = new LinkedHashMap<>();
  private final Set<ByteBuffer> genuine = ConcurrentHashMap.newKeySet();
  private final Netns field;
  private final Netns inside;
  private final ImpairedWire wire;
  private final DatagramSocket messenger;
  private final GatewayProcess gateway;
  private final Vitals vitals;
  private final Map<String, Integer> churn = new TreeMap<>();
  private final List<String> settlements = new ArrayList<>();
  private int settled;

  Soak(Path folder, long seed, Scale scale, Report report) throws Exception {
    this.folder = folder;
    this.report = report;
    random = Terms.random(seed);
    field = Netns.create();
    inside = Netns.create();
    Set<Integer> ports = ConcurrentHashMap.newKeySet();
    ports.add(MIKEY_PORT);
    for (int n = 0; n < (scale.groups() + scale.guests() + 2) * PORTS_PER_GROUP; n++) {
      ports.add(FIRST_DOOR + n);
      ports.add(FIRST_EAR + n);
    }
    wire = ImpairedWire.between(field, DEVICE, inside, DEVICE, seed, ports);
    network(field, FIELD_ADDRESS);
    network(inside, GATEWAY_ADDRESS);
    lab = new Lab(folder, Clock.systemUTC());
    LabMember peer = lab.member(GATEWAY.uri());
    for (String name : List.of("alice", "bob", "carol", "dave")) {
      members.add(lab.member("sip:" + name + "@example.org"));
    }
    people(scale, peer);
    lab.release(peer);
    messenger = field.in(() -> new DatagramSocket(new InetSocketAddress(FIELD_ADDRESS, 0)));
    configure();
    Path gcLog = folder.resolve("gc.log");
    gateway =
        GatewayProcess.launch(
            List.of("ip", "netns", "exec", inside.name()), jvmOptions(gcLog), config());
    gateway.awaitReady();
    Await.until("the metrics can be read", () -> gateway.said("admin ready").isPresent());
    vitals = new Vitals(gateway.pid(), gcLog);
    wire.impair(BAD_WIRE);
  }

  private static void network(Netns net, String address) throws Exception {
    net.address(DEVICE, address + "/24");
    net.ip("link", "set", DEVICE, "txqueuelen", "10000");
    net.ip("route", "add", "239.0.0.0/8", "dev", DEVICE);
  }

  /// Those of the Debian package.
  private static List<String> jvmOptions(Path gcLog) throws IOException {
    List<String> options = new ArrayList<>(List.of("-Xlog:gc:file=" + gcLog));
    if (Files.exists(JVM_OPTIONS)) {
      Files.readAllLines(JVM_OPTIONS).stream()
          .filter(line -> line.startsWith("-X"))
          .forEach(options::add);
    } else {
      options.addAll(List.of("-XX:+UseSerialGC", "-Xms128m", "-Xmx512m"));
    }
    return options;
  }

  // ---- who is there ----

  private void people(Scale scale, LabMember peer) throws Exception {
    for (int n = 0; n < scale.groups() + scale.guests(); n++) {
      boolean isGuest = n >= scale.groups();
      String kind = isGuest ? "guest" : "group";
      settle(
          new SoakGroup("sip:%s%d@example.org".formatted(kind, n), isGuest, DEVICE), peer, scale);
    }
    var source = new SoakGroup(SOURCE, false, DEVICE);
    source.yaml("      - {group: \"%s\"}".formatted(JOINT));
    settle(source, peer, scale);
    var joint = new SoakGroup(JOINT, false, DEVICE);
    joint.yaml("    members: " + jointMembers());
    settle(joint, peer, new Scale(0, 0, 0));
  }

  private Path jointMembers() throws Exception {
    Path file = folder.resolve("joint.yaml");
    MemberList.of(
            List.of(GroupMember.of(GATEWAY, Permission.TALK, Permission.LISTEN, Permission.RELAY)))
        .save(file);
    return file;
  }

  private void settle(SoakGroup group, LabMember peer, Scale scale) throws Exception {
    int place = groups.size() * PORTS_PER_GROUP;
    List<LabMember> all = new ArrayList<>(members);
    all.add(peer);
    lab.group(group.id(), all.toArray(LabMember[]::new));
    boolean isFirst = groups.isEmpty();
    boolean isJoint = group.id().equals(JOINT);
    if (!isJoint) {
      group.doors().add(at(GATEWAY_ADDRESS, FIRST_DOOR + place));
    }
    group.relaysTo(ear(FIELD_ADDRESS, FIRST_EAR + place, isJoint));
    if (isFirst) {
      group.doors().add(at("239.77.0.10", FIRST_DOOR + place + 1));
      group.relaysTo(ear("239.77.0.20", FIRST_EAR + place + 1, false));
    }
    if (!isJoint) {
      group.relaysNowAndThenTo(ear(FIELD_ADDRESS, FIRST_EAR + place + 2, false));
    }
    for (int n = 0; n < scale.talkers(); n++) {
      group.talkers().add(talker(group, members.get((groups.size() + n) % members.size())));
    }
    groups.put(group.id(), group);
  }

  private FieldTalker talker(SoakGroup group, LabMember who) throws Exception {
    DatagramSocket socket =
        field.in(() -> new DatagramSocket(new InetSocketAddress(FIELD_ADDRESS, 0)));
    return new FieldTalker(
        group.id(), who, socket, group.doors(), genuine::add, Terms.random(random.nextLong()));
  }

  /// What a bridge has encrypted anew is known by nobody else.
  private FieldEar ear(String address, int port, boolean isBridged) throws Exception {
    return FieldEar.open(
        field, at(address, port), DEVICE, octets -> isBridged || genuine.contains(octets));
  }

  private static InetSocketAddress at(String address, int port) throws IOException {
    return new InetSocketAddress(InetAddress.getByName(address), port);
  }

  // ---- configuration ----

  private Path config() {
    return folder.resolve("gateway.yaml");
  }

  private void configure() throws IOException {
    configure("");
  }

  private void configure(String more) throws IOException {
    var yaml = new StringBuilder();
    groups.values().stream()
        .filter(SoakGroup::isConfigured)
        .forEach(group -> yaml.append(group.yaml()));
    Path next = folder.resolve("gateway.yaml.next");
    Files.writeString(
        next,
        """
        identity: %s
        vault: {file: %s, key-file: %s}
        mikey: {listen: "%s:%d"}
        admin: {listen: "127.0.0.1:%d"}
        record: {directory: recordings}
        %s
        groups:
        %s\
        """
            .formatted(
                GATEWAY,
                lab.vaultFile(GATEWAY.uri()),
                lab.keyFile(),
                GATEWAY_ADDRESS,
                MIKEY_PORT,
                ADMIN_PORT,
                more,
                yaml));
    Files.move(next, config(), StandardCopyOption.ATOMIC_MOVE);
  }

  private Scrape scrape() throws Exception {
    return inside.in(() -> Scrape.of(ADMIN_PORT));
  }

  // ---- the run ----

  /// Lives for so long; everybody is silent once in `accountEvery`.
  void run(Duration length, Duration accountEvery, Duration churnEvery, Duration lookEvery)
      throws Exception {
    Scrape first = scrape();
    groups.values().forEach(group -> group.begin(first, wire));
    long end = System.nanoTime() + length.toNanos();
    long account = System.nanoTime() + accountEvery.toNanos();
    long change = System.nanoTime() + churnEvery.toNanos();
    long look = System.nanoTime();
    talk();
    while (System.nanoTime() - end < 0) {
      if (System.nanoTime() - look >= 0) {
        vitals.look();
        look += lookEvery.toNanos();
      }
      if (System.nanoTime() - change >= 0) {
        change();
        change = System.nanoTime() + churnEvery.toNanos();
      }
      if (System.nanoTime() - account >= 0) {
        account();
        talk();
        account = System.nanoTime() + accountEvery.toNanos();
      }
      LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
    }
    account();
  }

  private void talk() {
    groups.values().stream()
        .filter(SoakGroup::isConfigured)
        .flatMap(group -> group.talkers().stream())
        .forEach(FieldTalker::start);
  }

  private void change() throws Exception {
    switch (random.nextInt(8)) {
      case 0, 1 -> newGmk();
      case 2, 3 -> guest();
      case 4, 5 -> extraLeg();
      case 6 -> badReload();
      default -> otherWire();
    }
  }

  private void did(String what) {
    churn.merge(what, 1, Integer::sum);
  }

  private SoakGroup any(List<SoakGroup> from) {
    return from.get(random.nextInt(from.size()));
  }

  private List<SoakGroup> configured() {
    return groups.values().stream().filter(SoakGroup::isConfigured).toList();
  }

  /// From the manager to the gateway and to the members, while bursts under the old one run.
  private void newGmk() throws Exception {
    String group = any(configured()).id();
    GroupMasterKey gmk = lab.newGmk(group);
    byte[] message = lab.iMessageTo(gmk, GATEWAY.uri());
    var sealed = UnverifiedGmkDistribution.read(message);
    messenger.setSoTimeout(1000);
    Await.until(
        "the gateway acknowledges a GMK of " + group,
        () -> {
          messenger.send(
              new DatagramPacket(message, message.length, at(GATEWAY_ADDRESS, MIKEY_PORT)));
          var receipt = new DatagramPacket(new byte[2048], 2048);
          try {
            messenger.receive(receipt);
            byte[] octets = Arrays.copyOf(receipt.getData(), receipt.getLength());
            return GmkReceipt.read(octets).isValid(sealed, gmk);
          } catch (SocketTimeoutException _) {
            return false; // the wire has lost one of the two
          }
        });
    lab.distribute(gmk, members.toArray(LabMember[]::new));
    did("new GMKs");
  }

  private void guest() throws Exception {
    List<SoakGroup> guests = groups.values().stream().filter(SoakGroup::isGuest).toList();
    SoakGroup guest = any(guests);
    if (guest.isConfigured()) {
      for (FieldTalker talker : guest.talkers()) {
        talker.stop();
      }
      settle(List.of(guest));
      guest.configured(false);
      configure();
      reload();
      did("groups removed");
    } else {
      guest.configured(true);
      configure();
      reload();
      guest.begin(scrape(), wire);
      guest.talkers().forEach(FieldTalker::start);
      did("groups added");
    }
  }

  private void extraLeg() throws Exception {
    SoakGroup group = any(configured().stream().filter(g -> !g.id().equals(JOINT)).toList());
    group.extra(!group.hasExtra());
    configure();
    reload();
    did(group.hasExtra() ? "relay legs added" : "relay legs removed");
  }

  private void badReload() throws Exception {
    configure("nonsense: true");
    refusedReload();
    configure();
    did("reloads refused");
  }

  private void otherWire() throws Exception {
    switch (random.nextInt(3)) {
      case 0 -> {
        wire.impair(Impairment.CUT);
        LockSupport.parkNanos(Duration.ofSeconds(2).toNanos());
        wire.impair(BAD_WIRE);
        did("wire cut for two seconds");
      }
      case 1 -> {
        wire.impair(CALM_WIRE);
        did("wire calmer, reordering more");
      }
      default -> {
        wire.impair(BAD_WIRE);
        did("wire bad again");
      }
    }
  }

  private void reload() throws Exception {
    hangUp("configuration reloaded");
  }

  /// A file with an error changes nothing, and the log says which.
  private void refusedReload() throws Exception {
    assertThat(hangUp("configuration not reloaded")).contains("nonsense");
  }

  /// Sends SIGHUP and waits for the answer in the log.
  private String hangUp(String answer) throws Exception {
    long before = gateway.lines();
    gateway.hangUp();
    Await.until(answer, () -> gateway.saidSince(before, answer).isPresent());
    return gateway.saidSince(before, answer).orElseThrow();
  }

  // ---- the account ----

  private void account() throws Exception {
    for (SoakGroup group : configured()) {
      for (FieldTalker talker : group.talkers()) {
        talker.stop();
      }
    }
    settle(configured());
    genuine.clear();
    settled++;
    assertThat(inside.<String>in(() -> Scrape.page(ADMIN_PORT, "/readyz")))
        .as("readiness")
        .isNotNull();
    tellProgress();
  }

  /// Waits until every equation holds, and fails with those that never do.
  private void settle(List<SoakGroup> those) throws Exception {
    wire.awaitIdle();
    Map<SoakGroup, Tally> tallies = new LinkedHashMap<>();
    List<String> wrong = new ArrayList<>();
    try {
      Await.until(
          "the account is even",
          () -> {
            tallies.clear();
            wrong.clear();
            Scrape scrape = scrape();
            those.forEach(group -> tallies.put(group, group.soFar(scrape, wire)));
            tallies.forEach((group, tally) ->
                wrong.addAll(tally.contradictions(group.id(), bridgedInto(group, tallies))));
            return wrong.isEmpty();
          });
    } catch (AssertionError e) {
      throw new AssertionError(
          String.join("\n", wrong) + "\nUDP inside: " + inside.run("cat", "/proc/net/snmp"), e);
    }
    tallies.forEach((group, tally) -> {
      group.settle(tally);
      settlements.add(csv(group, tally));
    });
  }

  private long bridgedInto(SoakGroup group, Map<SoakGroup, Tally> tallies) {
    SoakGroup source = groups.get(SOURCE);
    Tally tally = source == null ? null : tallies.get(source);
    return group.id().equals(JOINT) && tally != null ? tally.relayed() : 0;
  }

  private String csv(SoakGroup group, Tally t) {
    return "%d,%s,%d,%d,%d,%d,%d,%d,%d,%d,%d"
        .formatted(
            settled + 1,
            group.id(),
            t.sent(),
            t.lost(),
            t.doubled(),
            t.in(),
            t.relayed(),
            t.droppedInAll(),
            t.announced(),
            t.refused(),
            t.heard());
  }

  private Tally total() {
    return groups.values().stream().map(SoakGroup::sum).reduce(Tally.NONE, Tally::plus);
  }

  /// Most of what members say gets through, in every group that was there.
  void requireRelayed() {
    for (SoakGroup group : groups.values()) {
      Tally t = group.sum();
      assertThat(t.relayed())
          .as("packets relayed in %s, of %d", group.id(), t.genuine())
          .isGreaterThanOrEqualTo(t.genuine() * 6 / 10);
    }
  }

  private void tellProgress() throws Exception {
    Tally t = total();
    Vitals.Sample now = vitals.look();
    report.progress(
        "account %d is even: %d sent, %d lost by the wire, %d in, %d refused; RSS %.0f MiB, %s"
            .formatted(
                settled,
                t.sent(),
                t.lost(),
                t.in(),
                t.droppedInAll() + t.refused(),
                now.rssKib() / 1024,
                churn));
  }

  // ---- the end ----

  /// Ends the gateway in order and reads everything that it has recorded.
  void verifyRecordings() throws Exception {
    assertThat(gateway.graveLines()).as("errors").noneMatch(line -> line.contains("ERROR"));
    assertThat(gateway.stop()).as("the exit code of SIGTERM").isIn(0, 143);
    Map<String, Long> recorded = new TreeMap<>();
    int files = 0;
    try (Vault vault =
            Vault.openToRead(lab.vaultFile(GATEWAY.uri()), VaultKey.keyFile(lab.keyFile()));
        RecordingKey key = vault.recordingKey()) {
      for (Path file : RecordingSummary.find(folder.resolve("recordings"))) {
        RecordingSummary is = RecordingSummary.read(file);
        assertThat(is.endReason()).as("the end of %s", file).isPresent();
        assertThat(is.integrity().damages()).as("damages of %s", file).isEmpty();
        assertThat(is.gaps()).as("gaps in %s", file).isZero();
        assertThat(RecordingExport.payloads(file, key))
            .as("packets that %s gives back", file)
            .hasSize(Math.toIntExact(is.srtpPackets()));
        long packets = is.srtpPackets() + is.srtcpPackets();
        recorded.merge(is.header().group().uri(), packets, Long::sum);
        files++;
        if (files % 250 == 0) {
          report.progress(files + " recordings read back");
        }
      }
    }
    for (SoakGroup group : groups.values()) {
      assertThat(recorded.getOrDefault(group.id(), 0L))
          .as("recorded packets of %s, as many as were relayed", group.id())
          .isEqualTo(group.sum().relayed());
    }
    long all = recorded.values().stream().mapToLong(Long::longValue).sum();
    report.result(
        "%d recordings: every chain intact, no gap, %d packets recorded, which is every packet relayed"
            .formatted(files, all));
  }

  /// Memory, descriptors and threads have stopped growing.
  void requireFlat() {
    for (Vitals.Trend trend : vitals.trends()) {
      assertThat(trend.isFlat(0.05)).as(trend.sentence()).isTrue();
    }
  }

  /// What happened, in tables.
  void tell() throws IOException {
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        List.of(
            "group",
            "bursts",
            "sent",
            "lost by the wire",
            "doubled by it",
            "in",
            "relayed",
            "dropped",
            "announcements accepted",
            "refused",
            "heard by receivers",
            "lost behind"));
    groups.values().forEach(group -> rows.add(row(group.id(), List.of(group))));
    rows.add(row("all", List.copyOf(groups.values())));
    report.table("Packets, settled " + settled + " times", rows);
    List<List<String>> reasons = new ArrayList<>(List.of(List.of("dropped because", "packets")));
    new TreeMap<>(total().dropped())
        .forEach((why, n) -> reasons.add(List.of(why, Long.toString(n))));
    report.table("Drops", reasons);
    List<List<String>> changes = new ArrayList<>(List.of(List.of("what changed", "times")));
    churn.forEach((what, n) -> changes.add(List.of(what, Integer.toString(n))));
    report.table("Churn", changes);
    vitals.trends().forEach(trend -> report.result(trend.sentence()));
    report.csv("vitals", vitals.csv());
    settlements.addFirst(
        "account,group,sent,lost,doubled,in,relayed,dropped,announced,refused,heard");
    report.csv("accounts", settlements);
  }

  private static List<String> row(String name, List<SoakGroup> of) {
    List<String> row = new ArrayList<>(List.of(name));
    row.add(sum(of, g -> g.talkers().stream().mapToLong(FieldTalker::bursts).sum()));
    for (ToLongFunction<Tally> column :
        List.<ToLongFunction<Tally>>of(
            Tally::sent,
            Tally::lost,
            Tally::doubled,
            Tally::in,
            Tally::relayed,
            Tally::droppedInAll,
            Tally::announced,
            Tally::refused,
            Tally::heard,
            Tally::lostBehind)) {
      row.add(sum(of, g -> column.applyAsLong(g.sum())));
    }
    return row;
  }

  private static String sum(List<SoakGroup> of, ToLongFunction<SoakGroup> column) {
    return Long.toString(of.stream().mapToLong(column).sum());
  }

  @Override
  public void close() throws IOException {
    gateway.close();
    groups.values().forEach(SoakGroup::close);
    messenger.close();
    wire.close();
    inside.close();
    field.close();
    lab.close();
  }
}
