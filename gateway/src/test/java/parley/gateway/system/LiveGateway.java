package parley.gateway.system;

import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import parley.gateway.Gateway;
import parley.gateway.GatewayServices;
import parley.gateway.admin.ControlRefused;
import parley.gateway.admin.GatewayControl;
import parley.gateway.admin.GroupView;
import parley.gateway.admin.GroupView.BurstView;
import parley.gateway.admin.ReloadReport;
import parley.gateway.config.ConfigFile;
import parley.gateway.config.ConfigSource;
import parley.gateway.lab.Lab;
import parley.gateway.lab.LabMember;
import parley.gateway.record.RecorderStatus;
import parley.gateway.record.RecordingExport;
import parley.gateway.record.RecordingSummary;
import parley.keys.FreePort;
import parley.mikey.identity.Identity;

/// A gateway that runs from a configuration file which the test rewrites while it runs.
final class LiveGateway implements AutoCloseable {
  private final Lab lab;
  private final LabMember self;
  private final Path folder;
  private final String io;
  private final Gateway gateway;
  private boolean clockRequired;

  /// Starts with these groups, lines of YAML below `groups:`.
  LiveGateway(Lab lab, LabMember self, String groups) throws Exception {
    this(lab, self, "auto", groups);
  }

  /// On the path that `media.io` names.
  LiveGateway(Lab lab, LabMember self, String io, String groups) throws Exception {
    this(lab, self, GatewayServices.defaults(), io, groups);
  }

  LiveGateway(Lab lab, LabMember self, GatewayServices services, String io, String groups)
      throws Exception {
    this.lab = lab;
    this.self = self;
    this.io = io;
    this.folder = Files.createTempDirectory(lab.folder(), "gateway");
    write(groups);
    gateway =
        Gateway.start(ConfigFile.read(file()), ConfigSource.file(file()), self.vault(), services);
  }

  private Path file() {
    return folder.resolve("gateway.yaml");
  }

  Path recordings() {
    return folder.resolve("recordings");
  }

  /// The payloads of each recording there is, in clear.
  List<List<byte[]>> recorded() throws Exception {
    List<List<byte[]>> recorded = new ArrayList<>();
    for (Path recording : RecordingSummary.find(recordings())) {
      recorded.add(RecordingExport.payloads(recording, self.vault().recordingKey()));
    }
    return recorded;
  }

  /// What the next reload will read.
  void write(String groups) throws Exception {
    writeWhole(
        """
        identity: %s
        vault: {file: '%s', key-file: '%s'}
        mikey: {listen: 127.0.0.1:0}
        admin: {listen: 127.0.0.1:0}
        clock: {require-synchronised: %s}
        media: {loops: 2, io: %s}
        groups:
        %s
        """
            .formatted(
                self.identity(),
                lab.vaultFile(self.identity().uri()),
                lab.keyFile(),
                clockRequired,
                io,
                groups.indent(2)));
  }

  /// What the files from now on ask of the clock.
  void requireClock(boolean synchronised) {
    clockRequired = synchronised;
  }

  void writeWhole(String yaml) throws Exception {
    Files.writeString(file(), yaml);
  }

  String whole() throws Exception {
    return Files.readString(file());
  }

  ReloadReport reload(String groups) throws Exception {
    write(groups);
    return control().reload();
  }

  /// The reload that must not happen.
  ControlRefused refused(String groups) throws Exception {
    write(groups);
    return refused();
  }

  ControlRefused refused() {
    try {
      throw new AssertionError("reloaded: " + control().reload());
    } catch (ControlRefused e) {
      return e;
    }
  }

  RecorderStatus recorder() {
    return Objects.requireNonNull(gateway.recordings(), "nothing is recorded").status();
  }

  Gateway gateway() {
    return gateway;
  }

  GatewayControl control() {
    return gateway.control();
  }

  GroupView view(String group) throws Exception {
    return control().groups().stream()
        .filter(view -> view.id().equals(new Identity(group)))
        .findFirst()
        .orElseThrow();
  }

  List<BurstView> bursts(String group) throws Exception {
    return view(group).bursts();
  }

  void awaitBurst(String group, int csbId) throws Exception {
    Await.until(
        "a burst in " + group, () -> bursts(group).stream().anyMatch(b -> b.csbId() == csbId));
  }

  void awaitSilence(String group) throws Exception {
    Await.until("silence in " + group, () -> bursts(group).isEmpty());
  }

  /// A port of loopback that nobody has now.
  static InetSocketAddress free() throws Exception {
    return FreePort.udpAddress();
  }

  @Override
  public void close() {
    gateway.close();
  }
}
