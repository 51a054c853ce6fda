package parley.bench.growth;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import parley.bench.relay.Allocations;
import parley.bench.relay.AnnouncedBurst;
import parley.bench.relay.ChildProcess;
import parley.bench.relay.GatewayProcess;
import parley.bench.relay.Lane;
import parley.bench.relay.PacketSource;
import parley.bench.relay.ProcessCpu;
import parley.bench.relay.Receiver;
import parley.bench.relay.Running;
import parley.bench.relay.Testbed;
import parley.bench.rig.GatewayFile;
import parley.bench.rig.GroupKeys;
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
  private final List<AnnouncedBurst> bursts;
  private final double startSeconds;
  private final double startCpuSeconds;

  private GroupsGateway(
      Scale scale,
      Testbed bed,
      ChildProcess process,
      Running running,
      List<AnnouncedBurst> bursts,
      double startSeconds,
      double startCpuSeconds) {
    this.scale = scale;
    this.bed = bed;
    this.process = process;
    this.running = running;
    this.bursts = bursts;
    this.startSeconds = startSeconds;
    this.startCpuSeconds = startCpuSeconds;
  }

  static GroupsGateway start(
      Scale scale, Testbed bed, KeyRing ring, GatewayProcess program, CipherEngine engine)
      throws Exception {
    GroupKeys keys = ring.of(scale.groups());
    Receiver receiver = Receiver.open(bed, Scale.RECEIVERS);
    int media = bed.freePort();
    int admin = bed.freePort();
    var file =
        new GatewayFile(keys, ring.vault(scale.groups()), Testbed.address(bed.freePort()))
            .setting("admin", "{listen: '127.0.0.1:%d'}".formatted(admin))
            .setting("media", "{loops: %d, io: %s}".formatted(scale.loops(), scale.io()));
    List<InetSocketAddress> receivers = receiver.allPorts().stream().map(Testbed::address).toList();
    List<Identity> groups = keys.groups();
    for (int i = 0; i < groups.size(); i++) {
      file.group(groups.get(i), POLICY, listen(i, media), receivers);
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
    List<AnnouncedBurst> bursts = new ArrayList<>();
    List<PacketSource> sources = new ArrayList<>();
    for (int i = 0; i < scale.active(); i++) {
      var lane = new Lane(i, scale.active(), address(i));
      AnnouncedBurst burst =
          bed.keep(
              AnnouncedBurst.start(
                  keys.talk(groups.get(i), POLICY), listen(i, media), lane, engine));
      bursts.add(burst);
      sources.add(burst.packets());
    }
    var running = new Running(bed, receiver, new Streams(sources), media, scale.name(), process);
    return new GroupsGateway(scale, bed, process, running, bursts, seconds, cpuSeconds);
  }

  private static int address(int group) {
    return FIRST_ADDRESS + group;
  }

  private static InetSocketAddress listen(int group, int port) throws UnknownHostException {
    byte[] octets = ByteBuffer.allocate(Integer.BYTES).putInt(address(group)).array();
    return new InetSocketAddress(InetAddress.getByAddress(octets), port);
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
    bursts.forEach(bed::release);
    bursts.clear();
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
