package parley.bench.trunk;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import parley.bench.relay.ChildProcess;
import parley.bench.relay.GatewayProcess;
import parley.bench.relay.Receiver;
import parley.bench.relay.Running;
import parley.bench.relay.Talkers;
import parley.bench.relay.Testbed;
import parley.bench.rig.GatewayFile;
import parley.bench.rig.GroupKeys;
import parley.bench.rig.LegAddresses;
import parley.mikey.group.MediaPolicy;
import parley.mikey.group.MediaSuite;
import parley.mikey.identity.Identity;
import parley.srtp.CipherEngine;

/// Two gateway processes, and who talks in their groups: A hears each group by a leg of its own and
/// sends it to B in one [Way], B sends all to one receiver. Both verify every packet.
final class GatewayPair implements AutoCloseable {
  private static final int FIRST_HEARD = 0x7f01_0001;
  private static final int FIRST_BETWEEN = 0x7f02_0001;
  private static final MediaPolicy POLICY =
      new MediaPolicy(MediaSuite.AES_CM_128_HMAC_SHA1_80, false);

  private final Testbed bed;
  private final Running running;
  private final Talkers talkers;
  private final int firstAdmin;
  private final int secondAdmin;

  private GatewayPair(
      Testbed bed, Running running, Talkers talkers, int firstAdmin, int secondAdmin) {
    this.bed = bed;
    this.running = running;
    this.talkers = talkers;
    this.firstAdmin = firstAdmin;
    this.secondAdmin = secondAdmin;
  }

  /// Starts B, then A, then the bursts.
  ///
  /// @param keys of as many groups as the side has, or more
  static GatewayPair start(
      Side side, Way way, Testbed bed, GroupKeys keys, GatewayProcess program, CipherEngine engine)
      throws Exception {
    Receiver receiver = Receiver.open(bed, 1);
    InetSocketAddress end = Testbed.address(receiver.allPorts().getFirst());
    List<Identity> groups = keys.groups().subList(0, side.groups());
    var heard = new LegAddresses(FIRST_HEARD, bed.freePort());
    var between = new LegAddresses(FIRST_BETWEEN, bed.freePort());
    int firstAdmin = bed.freePort();
    int secondAdmin = bed.freePort();
    GatewayFile first = file(side, bed, keys, firstAdmin);
    GatewayFile second = file(side, bed, keys, secondAdmin);
    for (int i = 0; i < groups.size(); i++) {
      Identity group = groups.get(i);
      String hears = GatewayFile.leg("unicast", heard.of(i));
      first.group(group, POLICY, hears, List.of(way.relay(between, i)));
      second.group(group, POLICY, way.listen(between, i), List.of(GatewayFile.leg("to", end)));
    }
    ChildProcess b = start(bed, second, program, secondAdmin);
    ChildProcess a = start(bed, first, program, firstAdmin);
    Talkers talkers = bed.keep(Talkers.start(keys, POLICY, groups, heard, engine));
    var running = new Running(bed, receiver, talkers.traffic(), heard.port(), side.name(), a);
    return new GatewayPair(bed, running.followedBy(b), talkers, firstAdmin, secondAdmin);
  }

  private static GatewayFile file(Side side, Testbed bed, GroupKeys keys, int admin)
      throws IOException {
    Path vault = Files.copy(keys.gatewayVault(), bed.file("gateway.vault"));
    return new GatewayFile(keys, vault, Testbed.address(bed.freePort()))
        .setting("admin", "{listen: '127.0.0.1:%d'}".formatted(admin))
        .setting("media", "{loops: 1, io: %s}".formatted(side.io()));
  }

  private static ChildProcess start(
      Testbed bed, GatewayFile file, GatewayProcess program, int admin) throws Exception {
    Path config = bed.file("gateway.yaml");
    file.write(config);
    return program.start(bed, bed.relayCores(), config, admin);
  }

  Running running() {
    return running;
  }

  /// Nobody repeats an announcement while `now` is true.
  void hold(boolean now) {
    talkers.hold(now);
  }

  /// What A has sent by its trunks so far.
  TrunkCount sent() throws IOException, InterruptedException {
    return TrunkCount.ask(firstAdmin, "out");
  }

  /// What B has heard by its trunks so far.
  TrunkCount heard() throws IOException, InterruptedException {
    return TrunkCount.ask(secondAdmin, "in");
  }

  @Override
  public void close() {
    bed.release(talkers);
    running.close();
  }
}
