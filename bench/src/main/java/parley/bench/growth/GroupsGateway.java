package parley.bench.growth;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import parley.bench.relay.Allocations;
import parley.bench.relay.ChildProcess;
import parley.bench.relay.GatewayProcess;
import parley.bench.relay.ProcessCpu;
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

/// A gateway process with many groups, and the bursts of those that are active.
///
/// All groups listen at one port, each at an address of its own in 127.1.0.0/16, and relay to the
/// same ten ports, which tell the streams apart by their packets' numbers.
final class GroupsGateway implements AutoCloseable {
  private static final Duration STARTS_WITHIN = Duration.ofMinutes(15);
  private static final int FIRST_ADDRESS = 0x7f01_0001;
  private static final MediaPolicy POLICY =
      new MediaPolicy(MediaSuite.AES_CM_128_HMAC_SHA1_80, false);

  private final Scale scale;
  private final Testbed bed;
  private final ChildProcess process;
  private final Running running;
  private final Talkers talkers;
  private final double startSeconds;
  private final double startCpuSeconds;

  private GroupsGateway(
      Scale scale,
      Testbed bed,
      ChildProcess process,
      Running running,
      Talkers talkers,
      double startSeconds,
      double startCpuSeconds) {
    this.scale = scale;
    this.bed = bed;
    this.process = process;
    this.running = running;
    this.talkers = talkers;
    this.startSeconds = startSeconds;
    this.startCpuSeconds = startCpuSeconds;
  }

  static GroupsGateway start(
      Scale scale, Testbed bed, KeyRing ring, GatewayProcess program, CipherEngine engine)
      throws Exception {
    GroupKeys keys = ring.of(scale.groups());
    Receiver receiver = Receiver.open(bed, Scale.RECEIVERS);
    var legs = new LegAddresses(FIRST_ADDRESS, bed.freePort());
    int admin = bed.freePort();
    var file =
        new GatewayFile(keys, ring.vault(scale.groups()), Testbed.address(bed.freePort()))
            .setting("admin", "{listen: '127.0.0.1:%d'}".formatted(admin))
            .setting("media", "{loops: %d, io: %s}".formatted(scale.loops(), scale.io()));
    List<InetSocketAddress> receivers = receiver.allPorts().stream().map(Testbed::address).toList();
    List<Identity> groups = keys.groups();
    for (int i = 0; i < groups.size(); i++) {
      file.group(groups.get(i), POLICY, legs.of(i), receivers);
    }
    Path config = bed.file("gateway.yaml");
    file.write(config);
    long before = System.nanoTime();
    ChildProcess process =
        program
            .with(scale.jvmOptions())
            .startingWithin(STARTS_WITHIN)
            .start(bed, scale.cores(bed.relayCores()), config, admin);
    double seconds = (System.nanoTime() - before) / 1e9;
    double cpuSeconds = new ProcessCpu(process.pid()).nanos() / 1e9;
    Talkers talkers =
        bed.keep(Talkers.start(keys, POLICY, groups.subList(0, scale.active()), legs, engine));
    var running = new Running(bed, receiver, talkers.traffic(), legs.port(), scale.name(), process);
    return new GroupsGateway(scale, bed, process, running, talkers, seconds, cpuSeconds);
  }

  Scale scale() {
    return scale;
  }

  Running running() {
    return running;
  }

  double startSeconds() {
    return startSeconds;
  }

  double startCpuSeconds() {
    return startCpuSeconds;
  }

  /// Nobody announces anything any more.
  void fallSilent() {
    bed.release(talkers);
  }

  /// What the heap holds after a collection; asking costs memory and threads, so it comes last.
  long heapAfterCollection() throws Exception {
    try (Allocations memory = Allocations.of(process.pid())) {
      return memory.heapAfterCollection();
    }
  }

  @Override
  public void close() {
    fallSilent();
    running.close();
  }
}
