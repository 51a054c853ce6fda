package parley.bench.relay;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import parley.srtp.CipherEngine;

/// This gateway: `parley gateway` as its service runs it, with real keys and an announced burst.
///
/// Of the service's JVM options only one is changed: the JVM lets itself be asked for what it
/// allocated.
final class GatewayContestant implements Contestant {
  private static final Duration STARTS_WITHIN = Duration.ofSeconds(60);
  private static final String ASKABLE = "-XX:-DisableAttachMechanism";

  private final RelayKeys keys;
  private final CipherEngine engine;
  private final Path jvmOptions;
  private final GatewayPath path;
  private final GatewayMode mode;
  private final List<String> moreOptions;

  /// @param jvmOptions the folder with `common.jvm` and `service.jvm`
  /// @param moreOptions of the JVM, behind those
  GatewayContestant(
      RelayKeys keys,
      CipherEngine engine,
      Path jvmOptions,
      GatewayPath path,
      GatewayMode mode,
      List<String> moreOptions) {
    this.keys = keys;
    this.engine = engine;
    this.jvmOptions = jvmOptions;
    this.path = path;
    this.mode = mode;
    this.moreOptions = List.copyOf(moreOptions);
  }

  @Override
  public String relay() {
    return "parley " + path.label();
  }

  @Override
  public String mode() {
    return mode.label();
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
    List<String> command = command(config);
    Path log = bed.file("gateway.log");
    ChildProcess process = bed.keep(ChildProcess.logging(command, bed.relayCores(), log));
    AdminDoor.await(admin, process, STARTS_WITHIN);
    Allocations allocations = Allocations.of(process.pid());
    AnnouncedBurst burst = AnnouncedBurst.start(keys, media, engine);
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
            .with(burst)
            .with(allocations)
            .countedBy(allocations)
            .askedBy(new AdminProbe(admin))
            .checkedBy(
                mode == GatewayMode.REKEY
                    ? new GatewayRekeyCheck(keys, burst.packets(), engine)
                    : OctetCheck.UNCHANGED);
    return mode == GatewayMode.RECORD ? relay.recordingTo(folder.resolve("recordings")) : relay;
  }

  private List<String> command(Path config) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(jvmOptions(jvmOptions));
    command.addAll(moreOptions);
    command.addAll(List.of("-cp", System.getProperty("java.class.path", "")));
    command.addAll(List.of("parley.gateway.cli.Parley", "gateway", "--config", config.toString()));
    return command;
  }

  /// Those of the Debian package's service, from `folder`, and the one that is changed.
  static List<String> jvmOptions(Path folder) throws IOException {
    List<String> options = new ArrayList<>();
    for (String name : List.of("common.jvm", "service.jvm")) {
      Path file = folder.resolve(name);
      if (Files.exists(file)) {
        Files.readAllLines(file).stream()
            .map(String::strip)
            .filter(line -> line.startsWith("-"))
            .forEach(options::add);
      }
    }
    options.add(ASKABLE);
    return options;
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
