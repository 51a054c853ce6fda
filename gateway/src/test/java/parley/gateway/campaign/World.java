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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import parley.gateway.lab.Lab;
import parley.gateway.lab.LabMember;
import parley.gateway.net.ImpairedWire;
import parley.gateway.net.Netns;
import parley.gateway.system.Await;
import parley.gateway.system.GatewayProcess;
import parley.keys.manager.GroupMember;
import parley.keys.manager.MemberList;
import parley.keys.manager.Permission;
import parley.keys.vault.Vault;
import parley.keys.vault.VaultKey;
import parley.mikey.group.GmkReceipt;
import parley.mikey.group.GroupMasterKey;
import parley.mikey.group.UnverifiedGmkDistribution;
import parley.mikey.identity.Identity;

/// Where a soak takes place: a gateway in a network of its own, a field of talkers and receivers in
/// another, the wire between them, and the keys of all. Nothing happens here by itself.
final class World implements AutoCloseable {
  /// @param groups that are always there; the first also has multicast legs
  /// @param guests groups that come and go
  /// @param talkers in each of them
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

  private final Path folder;
  private final Scale scale;
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

  /// Everything is there and the gateway is ready; nobody talks, and the wire is perfect.
  World(Path folder, long seed, Scale scale, RandomGenerator random) throws Exception {
    this.folder = folder;
    this.scale = scale;
    this.random = random;
    field = Netns.create();
    inside = Netns.create();
    wire = ImpairedWire.between(field, DEVICE, inside, DEVICE, seed, ports());
    network(field, FIELD_ADDRESS);
    network(inside, GATEWAY_ADDRESS);
    lab = new Lab(folder, Clock.systemUTC());
    LabMember peer = lab.member(GATEWAY.uri());
    for (String name : List.of("alice", "bob", "carol", "dave")) {
      members.add(lab.member("sip:" + name + "@example.org"));
    }
    people(peer);
    lab.release(peer);
    messenger = field.in(() -> new DatagramSocket(new InetSocketAddress(FIELD_ADDRESS, 0)));
    configure();
    List<String> within = List.of("ip", "netns", "exec", inside.name());
    gateway = GatewayProcess.launch(within, jvmOptions(), config());
    gateway.awaitReady();
    assertThat(gateway.adminPort()).isEqualTo(ADMIN_PORT);
  }

  private Set<Integer> ports() {
    Set<Integer> ports = ConcurrentHashMap.newKeySet();
    ports.add(MIKEY_PORT);
    for (int n = 0; n < (scale.groups() + scale.guests() + 2) * PORTS_PER_GROUP; n++) {
      ports.add(FIRST_DOOR + n);
      ports.add(FIRST_EAR + n);
    }
    return ports;
  }

  private static void network(Netns net, String address) throws Exception {
    net.address(DEVICE, address + "/24");
    net.ip("link", "set", DEVICE, "txqueuelen", "10000");
    net.ip("route", "add", "239.0.0.0/8", "dev", DEVICE);
  }

  Path gcLog() {
    return folder.resolve("gc.log");
  }

  /// Those of the Debian package.
  private List<String> jvmOptions() throws IOException {
    List<String> options = new ArrayList<>(List.of("-Xlog:gc:file=" + gcLog()));
    if (Files.exists(JVM_OPTIONS)) {
      Files.readAllLines(JVM_OPTIONS).stream()
          .filter(line -> line.startsWith("-X"))
          .forEach(options::add);
    } else {
      options.addAll(
          List.of("-XX:+UseZGC", "-XX:+UseCompactObjectHeaders", "-Xms128m", "-Xmx512m"));
    }
    return options;
  }

  // ---- who is there ----

  private void people(LabMember peer) throws Exception {
    for (int n = 0; n < scale.groups() + scale.guests(); n++) {
      boolean isGuest = n >= scale.groups();
      String kind = isGuest ? "guest" : "group";
      found(new SoakGroup("sip:%s%d@example.org".formatted(kind, n), isGuest, DEVICE), peer);
    }
    var source = new SoakGroup(SOURCE, false, DEVICE);
    source.yaml("      - {group: \"%s\"}".formatted(JOINT));
    found(source, peer);
    var joint = new SoakGroup(JOINT, false, DEVICE);
    joint.yaml("    members: " + jointMembers());
    found(joint, peer);
  }

  private Path jointMembers() throws Exception {
    Path file = folder.resolve("joint.yaml");
    MemberList.of(
            List.of(GroupMember.of(GATEWAY, Permission.TALK, Permission.LISTEN, Permission.RELAY)))
        .save(file);
    return file;
  }

  private void found(SoakGroup group, LabMember peer) throws Exception {
    int place = groups.size() * PORTS_PER_GROUP;
    List<LabMember> all = new ArrayList<>(members);
    all.add(peer);
    lab.group(group.id(), all.toArray(LabMember[]::new));
    group.relaysTo(ear(FIELD_ADDRESS, FIRST_EAR + place, isJoint(group)));
    if (groups.isEmpty()) {
      group.doors().add(at("239.77.0.10", FIRST_DOOR + place + 1));
      group.relaysTo(ear("239.77.0.20", FIRST_EAR + place + 1, false));
    }
    if (!isJoint(group)) {
      group.doors().add(at(GATEWAY_ADDRESS, FIRST_DOOR + place));
      group.relaysNowAndThenTo(ear(FIELD_ADDRESS, FIRST_EAR + place + 2, false));
      for (int n = 0; n < scale.talkers(); n++) {
        group.talkers().add(talker(group, members.get((groups.size() + n) % members.size())));
      }
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

  List<SoakGroup> groups() {
    return List.copyOf(groups.values());
  }

  /// Those in the gateway's configuration.
  List<SoakGroup> configured() {
    return groups.values().stream().filter(SoakGroup::isConfigured).toList();
  }

  /// Whether others talk here, through the bridge.
  boolean isJoint(SoakGroup group) {
    return group.id().equals(JOINT);
  }

  /// Whether everything said here goes to the joint group too.
  boolean isBridged(SoakGroup group) {
    return group.id().equals(SOURCE);
  }

  ImpairedWire wire() {
    return wire;
  }

  GatewayProcess gateway() {
    return gateway;
  }

  /// Nothing of what was sent so far can be heard any more.
  void forgetSent() {
    genuine.clear();
  }

  // ---- what an operator does ----

  private Path config() {
    return folder.resolve("gateway.yaml");
  }

  private void configure() throws IOException {
    configure("");
  }

  private void configure(String more) throws IOException {
    var yaml = new StringBuilder();
    configured().forEach(group -> yaml.append(group.yaml()));
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

  /// Writes the configuration as the groups are now, and has the gateway read it.
  void reload() throws Exception {
    configure();
    assertThat(hangUp()).contains("configuration reloaded");
  }

  /// A file with an error changes nothing, and the log says which.
  void reloadNonsense() throws Exception {
    configure("nonsense: true");
    assertThat(hangUp()).contains("not reloaded", "nonsense");
    configure();
  }

  /// Sends SIGHUP and waits for the answer in the log.
  private String hangUp() throws Exception {
    long before = gateway.lines();
    gateway.signal("HUP");
    try {
      Await.until("the log tells of a reload", () -> answer(before).isPresent());
    } catch (AssertionError e) {
      throw new AssertionError(e.getMessage() + ": " + gateway.graveLines(), e);
    }
    return answer(before).orElseThrow();
  }

  private Optional<String> answer(long before) {
    return gateway
        .saidSince(before, "configuration reloaded")
        .or(() -> gateway.saidSince(before, "not reloaded"));
  }

  Scrape scrape() throws Exception {
    return inside.in(() -> Scrape.of(ADMIN_PORT));
  }

  void requireReady() throws Exception {
    String page = inside.in(() -> Scrape.page(ADMIN_PORT, "/readyz"));
    assertThat(page).as("readiness").isNotEmpty();
  }

  /// What the gateway's kernel counts of UDP, for a message when the account is not even.
  String udpInside() throws Exception {
    return inside.run("grep", "^Udp:", "/proc/net/snmp");
  }

  // ---- what a group's manager does ----

  /// A new GMK, from the manager to the gateway and to the members, again and again until there is
  /// a receipt.
  void newGmk(SoakGroup group) throws Exception {
    GroupMasterKey gmk = lab.newGmk(group.id());
    byte[] message = lab.iMessageTo(gmk, GATEWAY.uri());
    Await.until(
        "the gateway acknowledges a GMK of " + group.id(), () -> isAcknowledged(message, gmk));
    lab.distribute(gmk, members.toArray(LabMember[]::new));
  }

  private boolean isAcknowledged(byte[] message, GroupMasterKey gmk) throws Exception {
    messenger.setSoTimeout(1000);
    messenger.send(new DatagramPacket(message, message.length, at(GATEWAY_ADDRESS, MIKEY_PORT)));
    var answer = new DatagramPacket(new byte[2048], 2048);
    try {
      messenger.receive(answer);
    } catch (SocketTimeoutException _) {
      return false; // the wire has lost one of the two
    }
    byte[] receipt = Arrays.copyOf(answer.getData(), answer.getLength());
    return GmkReceipt.read(receipt).isValid(UnverifiedGmkDistribution.read(message), gmk);
  }

  // ---- what a custodian does ----

  Path recordings() {
    return folder.resolve("recordings");
  }

  Vault gatewayVault() throws Exception {
    return Vault.openToRead(lab.vaultFile(GATEWAY.uri()), VaultKey.keyFile(lab.keyFile()));
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
