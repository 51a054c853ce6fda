package parley.bench.relay;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// `parley gateway` as its service runs it.
///
/// Of the service's JVM options only one is changed: the JVM lets itself be asked for what it
/// allocated.
public final class GatewayProcess {
  private static final String ASKABLE = "-XX:-DisableAttachMechanism";

  private final Path folder;
  private final List<String> moreOptions;
  private Duration startsWithin = Duration.ofSeconds(60);

  /// @param folder with `common.jvm` and `service.jvm`
  /// @param moreOptions of the JVM, behind those; a collector among them takes the other's place
  public GatewayProcess(Path folder, List<String> moreOptions) {
    this.folder = folder;
    this.moreOptions = List.copyOf(moreOptions);
  }

  /// The same with options behind these.
  public GatewayProcess with(List<String> options) {
    List<String> all = new ArrayList<>(moreOptions);
    all.addAll(options);
    return new GatewayProcess(folder, all);
  }

  public GatewayProcess startingWithin(Duration most) {
    startsWithin = most;
    return this;
  }

  /// Starts it on these cores, and returns when its admin server at port `admin` answers.
  public ChildProcess start(Testbed bed, Cores cores, Path config, int admin)
      throws IOException, InterruptedException, Unavailable {
    return start(bed, cores, List.of("gateway", "--config", config.toString()), admin);
  }

  /// The same for another role of the same program.
  public ChildProcess start(Testbed bed, Cores cores, List<String> words, int admin)
      throws IOException, InterruptedException, Unavailable {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(jvmOptions());
    command.addAll(List.of("-cp", System.getProperty("java.class.path", "")));
    command.add("parley.gateway.cli.Parley");
    command.addAll(words);
    ChildProcess process = bed.run(command, cores, words.getFirst() + ".log");
    AdminDoor.await(admin, process, startsWithin);
    return process;
  }

  /// All options of its JVM.
  public List<String> jvmOptions() throws IOException {
    List<String> options = new ArrayList<>();
    boolean choosesCollector = moreOptions.stream().anyMatch(GatewayProcess::isCollector);
    for (String name : List.of("common.jvm", "service.jvm")) {
      Path file = folder.resolve(name);
      if (Files.exists(file)) {
        Files.readAllLines(file).stream()
            .map(String::strip)
            .filter(line -> line.startsWith("-"))
            .filter(line -> !choosesCollector || !isCollector(line))
            .forEach(options::add);
      }
    }
    options.add(ASKABLE);
    options.addAll(moreOptions);
    return options;
  }

  private static boolean isCollector(String option) {
    return option.matches("-XX:\\+Use\\w+GC");
  }
}
