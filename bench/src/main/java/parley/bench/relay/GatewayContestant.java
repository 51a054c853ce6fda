package parley.bench.relay;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import parley.srtp.CipherEngine;

/// This gateway, as a process with real keys and an announced burst.
final class GatewayContestant implements Contestant {
  private final RelayKeys keys;
  private final CipherEngine engine;
  private final GatewayProcess program;
  private final GatewayPath path;
  private final GatewayMode mode;

  GatewayContestant(
      RelayKeys keys,
      CipherEngine engine,
      GatewayProcess program,
      GatewayPath path,
      GatewayMode mode) {
    this.keys = keys;
    this.engine = engine;
    this.program = program;
    this.path = path;
    this.mode = mode;
  }

  @Override
  public String relay() {
    return "parley " + path.label();
  }

  @Override
  public String mode() {
    return mode.label();
  }

  /// Compilers are done with a method after some ten thousand calls.
  @Override
  public int warmUpPackets() {
    return 20_000;
  }

  @Override
  public Running start(Testbed bed, int fanout) throws Exception {
    Receiver receiver = Receiver.open(bed, fanout);
    int media = bed.freePort();
    int admin = bed.freePort();
    Path folder = Files.createDirectory(bed.file("gateway"));
    Path config = folder.resolve("gateway.yaml");
    Files.createDirectory(folder.resolve("recordings"));
    Path vault = keys.newGatewayVault();
    int mikey = bed.freePort();
    Files.writeString(config, yaml(folder, vault, mikey, admin, media, receiver));
    ChildProcess process = program.start(bed, bed.relayCores(), config, admin);
    Allocations allocations = Allocations.of(process.pid());
    AnnouncedBurst burst =
        AnnouncedBurst.start(keys.talk(), Testbed.address(media), Lane.ALONE, engine);
    var relay =
        new Running(
                bed,
                receiver,
                burst.packets(),
                media,
                "parley gateway; media: {loops: 1, io: %s}%s; %s"
                    .formatted(
                        path.io(),
                        path.isLowLatency() ? ", low-latency: true" : "",
                        mode.settings()),
                process)
            .announcedBy(burst)
            .with(allocations)
            .countedBy(allocations)
            .askedBy(new AdminProbe(admin))
            .checkedBy(
                mode == GatewayMode.REKEY
                    ? new GatewayRekeyCheck(keys, burst.packets(), engine)
                    : OctetCheck.UNCHANGED);
    return mode == GatewayMode.RECORD ? relay.recordingTo(folder.resolve("recordings")) : relay;
  }

  private String yaml(Path folder, Path vault, int mikey, int admin, int media, Receiver receiver) {
    String receivers =
        receiver.allPorts().stream()
            .map("          - {to: '127.0.0.1:%d'}\n"::formatted)
            .collect(Collectors.joining());
    String head =
        """
        identity: %s
        vault: {file: '%s', key-file: '%s'}
        mikey: {listen: '127.0.0.1:%d'}
        admin: {listen: '127.0.0.1:%d'}
        record: {directory: '%s'}
        media: {loops: 1, io: %s}
        groups:
        """
            .formatted(
                RelayKeys.GATEWAY,
                vault,
                keys.keyFile(),
                mikey,
                admin,
                folder.resolve("recordings"),
                path.io());
    String talk =
        """
          - id: %s
            profiles: [%s]
            members: '%s'
            listen: [{unicast: '127.0.0.1:%d'}]
        %s%s    relay:
        %s\
        """
            .formatted(
                RelayKeys.TALK_GROUP,
                RelayKeys.POLICY.suite(),
                keys.members(RelayKeys.TALK_GROUP),
                media,
                path.isLowLatency() ? "    low-latency: true\n" : "",
                mode == GatewayMode.RECORD ? "    record: {}\n" : "",
                mode == GatewayMode.REKEY
                    ? "          - {group: %s}%n".formatted(RelayKeys.JOINT_GROUP)
                    : receivers);
    String joint =
        """
          - id: %s
            profiles: [%s]
            members: '%s'
            relay:
        %s\
        """
            .formatted(
                RelayKeys.JOINT_GROUP,
                RelayKeys.POLICY.suite(),
                keys.members(RelayKeys.JOINT_GROUP),
                receivers);
    return head + talk + (mode == GatewayMode.REKEY ? joint : "");
  }
}
