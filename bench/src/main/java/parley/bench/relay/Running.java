package parley.bench.relay;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A contestant that relays to a receiver.
public final class Running implements AutoCloseable {
  private final Testbed bed;
  private final Receiver receiver;
  private final Traffic traffic;
  private final int port;
  private final String configuration;
  private final @Nullable ChildProcess process;
  private final @Nullable ProcessCpu cpu;
  private final List<AutoCloseable> parts = new ArrayList<>();
  private @Nullable ProcessCpu nextCpu;
  private OctetCheck check = OctetCheck.UNCHANGED;
  private @Nullable Path recordings;
  private @Nullable Allocations allocations;
  private @Nullable AdminProbe admin;
  private @Nullable AnnouncedBurst burst;

  /// @param port where the relay listens
  /// @param process the relay's, or null where there is none
  public Running(
      Testbed bed,
      Receiver receiver,
      Traffic traffic,
      int port,
      String configuration,
      @Nullable ChildProcess process) {
    this.bed = bed;
    this.receiver = receiver;
    this.traffic = traffic;
    this.port = port;
    this.configuration = configuration;
    this.process = process;
    this.cpu = process == null ? null : new ProcessCpu(process.pid());
  }

  /// Closes `part` with it, the last first.
  public Running with(AutoCloseable part) {
    parts.addFirst(bed.keep(part));
    return this;
  }

  /// Reaches its receiver through another relay, whose CPU time is counted apart; closes that too.
  public Running followedBy(ChildProcess next) {
    nextCpu = new ProcessCpu(next.pid());
    parts.addFirst(next);
    return this;
  }

  Running checkedBy(OctetCheck with) {
    check = with;
    return this;
  }

  Running countedBy(Allocations with) {
    allocations = with;
    return this;
  }

  /// Is told of this burst again and again.
  Running announcedBy(AnnouncedBurst with) {
    burst = with;
    return with(with);
  }

  /// Whether it is told no more for now, which it endures for three repeats.
  void hold(boolean now) {
    if (burst != null) {
      burst.hold(now);
    }
  }

  /// Has an admin server that can be asked.
  Running askedBy(AdminProbe with) {
    admin = with;
    return this;
  }

  /// Null where there is nobody to ask.
  @Nullable AdminProbe admin() {
    return admin;
  }

  /// Has to write to this folder.
  Running recordingTo(Path folder) {
    recordings = folder;
    return this;
  }

  /// What is wrong with its recordings, if it was to make any.
  @Nullable String recordingFault() throws IOException {
    if (recordings == null) {
      return null;
    }
    try (Stream<Path> files = Files.walk(recordings)) {
      boolean some =
          files.anyMatch(file -> Files.isRegularFile(file) && file.toFile().length() > 0);
      return some ? null : "nothing was recorded";
    }
  }

  Receiver receiver() {
    return receiver;
  }

  Traffic traffic() {
    return traffic;
  }

  int port() {
    return port;
  }

  /// What it was started with, for the head of the table.
  String configuration() {
    return configuration;
  }

  OctetCheck check() {
    return check;
  }

  /// Nanoseconds since its start; 0 where there is no process.
  public long cpuNanos() throws IOException {
    return cpu == null ? 0 : cpu.nanos();
  }

  /// The same of the relay behind it; 0 where there is none.
  long nextCpuNanos() throws IOException {
    return nextCpu == null ? 0 : nextCpu.nanos();
  }

  /// What its process occupies now.
  public Footprint footprint() throws IOException {
    if (process == null) {
      throw new IllegalStateException("there is no process");
    }
    return Footprint.of(process.pid());
  }

  /// Octets allocated since its start, or -1 where that is not known.
  long allocatedOctets() {
    return allocations == null ? -1 : allocations.octets();
  }

  boolean isAlive() {
    return process == null || process.isAlive();
  }

  @Override
  public void close() {
    for (AutoCloseable part : parts) {
      bed.release(part);
    }
    if (process != null) {
      bed.release(process);
    }
    bed.release(receiver);
  }
}
