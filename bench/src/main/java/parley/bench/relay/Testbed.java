package parley.bench.relay;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import parley.bench.rig.Opened;
import parley.bench.rig.Scratch;

/// What all contestants stand on: a temporary folder, free ports, the programs in C, the window.
///
/// Whatever is given to [#keep] ends with the testbed, and with this process however it ends, short
/// of SIGKILL.
public final class Testbed implements AutoCloseable {
  private static final int MISSING_PREREQUISITE = 3;

  /// Enough for two seconds at 300,000 packets a second.
  private static final int SLOTS = 600_000;

  private static final int LOWEST_PORT = 20_000;
  private static final int HIGHEST_PORT = 32_000;

  private final Path folder;
  private final Programs programs;
  private final WindowFile window;
  private final Cores relayCores = Cores.ofRelay();
  private final Cores others = Cores.ofOthers();
  private final Opened opened = new Opened();
  private final Thread hook = new Thread(this::end);
  private int files;
  private int nextPort = LOWEST_PORT + 2 * (int) (ProcessHandle.current().pid() % 1000);

  private Testbed(Path folder, Programs programs, WindowFile window) {
    this.folder = folder;
    this.programs = programs;
    this.window = window;
  }

  /// What is measured; gives the exit code.
  public interface Work {
    int on(Testbed bed) throws Exception;
  }

  /// Measures on a testbed that is opened for it, or says what is missing.
  ///
  /// @param home the bench folder of the source tree
  public static int use(Path home, Work work) throws Exception {
    try (Testbed bed = open(home.resolve("src/main/c"))) {
      return work.on(bed);
    } catch (Unavailable e) {
      System.err.println("parley bench: " + e.getMessage());
      return MISSING_PREREQUISITE;
    }
  }

  /// Compiles the programs of `sources`.
  public static Testbed open(Path sources) throws IOException, InterruptedException, Unavailable {
    Path folder = Scratch.folder("parley-bench-");
    try {
      var bed =
          new Testbed(
              folder,
              Programs.compile(sources, folder),
              WindowFile.create(folder.resolve("window"), SLOTS));
      Runtime.getRuntime().addShutdownHook(bed.hook);
      return bed;
    } catch (IOException | InterruptedException | Unavailable e) {
      Scratch.delete(folder);
      throw e;
    }
  }

  Programs programs() {
    return programs;
  }

  WindowFile window() {
    return window;
  }

  public Cores relayCores() {
    return relayCores;
  }

  public Cores others() {
    return others;
  }

  /// A new name in the folder.
  public Path file(String name) {
    return folder.resolve(++files + "-" + name);
  }

  public <T extends AutoCloseable> T keep(T resource) {
    return opened.keep(resource);
  }

  /// Ends something before the testbed ends.
  public void release(AutoCloseable resource) {
    opened.release(resource);
  }

  /// Starts a command whose every output goes to a log of this name; it ends with the testbed.
  public ChildProcess run(List<String> command, Cores cores, String log) throws IOException {
    return keep(ChildProcess.logging(command, cores, file(log)));
  }

  public int freePort() throws IOException {
    return freePorts(1);
  }

  /// The first of `count` even UDP ports in a row that nobody uses here, below the range from which
  /// the kernel deals.
  int freePorts(int count) throws IOException {
    for (int tries = 0; tries < HIGHEST_PORT; tries++) {
      int first = nextPort;
      nextPort += 2;
      if (first + 2 * count > HIGHEST_PORT) {
        nextPort = LOWEST_PORT;
      } else if (areFree(first, count)) {
        nextPort = first + 2 * count;
        return first;
      }
    }
    throw new IOException("no %d free ports in a row".formatted(count));
  }

  private static boolean areFree(int first, int count) {
    for (int i = 0; i < count; i++) {
      try (var udp = new DatagramSocket(address(first + 2 * i));
          var tcp = new ServerSocket(first + 2 * i, 1, InetAddress.getLoopbackAddress())) {
        assert udp.isBound() && tcp.isBound();
      } catch (IOException _) {
        return false;
      }
    }
    return true;
  }

  public static InetSocketAddress address(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  @Override
  public void close() {
    end();
    Runtime.getRuntime().removeShutdownHook(hook);
  }

  private synchronized void end() {
    opened.close();
    Scratch.delete(folder);
  }
}
