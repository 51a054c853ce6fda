package parley.gateway.net;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import parley.gateway.record.Tools;

/// A network of its own inside this host (ip-netns(8)): interfaces, addresses, routes, sockets.
///
/// Threads of this JVM enter it with [#enter] or run in it with [#in]; programs with [#run] and
/// [#java]. Closed or at the end of this JVM at the latest it is deleted, and with it every
/// interface in it; what a killed JVM left behind the next one deletes.
public final class Netns implements AutoCloseable {
  private static final String PREFIX = "parley-";
  private static final Pattern OURS = Pattern.compile(PREFIX + "([0-9]{1,10})-[0-9]+");
  private static final Path NAMED = Path.of("/run/netns");
  private static final int PATIENCE_SECONDS = 30;
  private static final AtomicInteger NEXT = new AtomicInteger();
  private static final Set<Netns> OPEN = ConcurrentHashMap.newKeySet();

  static {
    Runtime.getRuntime().addShutdownHook(new Thread(() -> OPEN.forEach(Netns::close)));
  }

  private static boolean isPossible;

  private final String name;

  private Netns(String name) {
    this.name = name;
  }

  /// A fresh one with nothing but loopback, up; skips the test where there is none to be had.
  public static Netns create() throws Exception {
    requireNamespaces();
    var made = new Netns(PREFIX + ProcessHandle.current().pid() + "-" + NEXT.incrementAndGet());
    run(List.of("ip", "netns", "add", made.name));
    OPEN.add(made);
    made.ip("link", "set", "lo", "up");
    return made;
  }

  /// Once for all that are made here.
  private static synchronized void requireNamespaces() throws Exception {
    if (isPossible) {
      return;
    }
    String missing = missing();
    if (!missing.isEmpty()) {
      Tools.skip(missing);
    }
    sweep();
    isPossible = true;
  }

  private static String missing() throws Exception {
    try {
      if (!run(List.of("id", "-u")).strip().equals("0")) {
        return "network namespaces need root";
      }
      if (!Files.isWritable(Path.of("/dev/net/tun"))) {
        return "there is no /dev/net/tun (modprobe tun)";
      }
      String probe = PREFIX + ProcessHandle.current().pid() + "-0";
      run(List.of("ip", "netns", "add", probe));
      run(List.of("ip", "netns", "delete", probe));
      return "";
    } catch (AssertionError e) {
      return "this root may not make network namespaces: " + e.getMessage();
    } catch (IOException e) {
      return "network namespaces need ip of the package iproute2: " + e.getMessage();
    }
  }

  private static void sweep() throws Exception {
    if (!Files.isDirectory(NAMED)) {
      return;
    }
    try (var names = Files.list(NAMED)) {
      for (Path left : names.toList()) {
        Matcher ours = OURS.matcher(left.getFileName().toString());
        if (ours.matches() && ProcessHandle.of(Long.parseLong(ours.group(1))).isEmpty()) {
          run(List.of("ip", "netns", "delete", ours.group()));
        }
      }
    }
  }

  public String name() {
    return name;
  }

  /// Connects two networks by a cable, both ends up, without addresses. Device names are at most 15
  /// characters long.
  public static void cable(Netns a, String deviceOfA, Netns b, String deviceOfB) throws Exception {
    run(
        List.of(
            "ip", "link", "add", deviceOfA, "netns", a.name, "type", "veth", "peer", "name",
            deviceOfB, "netns", b.name));
    a.up(deviceOfA);
    b.up(deviceOfB);
  }

  /// A switch of this network that joins these devices, up. It forwards all multicast everywhere.
  public void bridge(String device, String... ports) throws Exception {
    ip("link", "add", device, "type", "bridge", "mcast_snooping", "0");
    for (String port : ports) {
      ip("link", "set", port, "master", device);
    }
    up(device);
  }

  public void up(String device) throws Exception {
    ip("link", "set", device, "up");
  }

  public void down(String device) throws Exception {
    ip("link", "set", device, "down");
  }

  /// Gives the device an address with its prefix length, `10.0.0.1/24`; an IPv6 address is usable
  /// at once.
  public void address(String device, String address) throws Exception {
    List<String> words = new ArrayList<>(List.of("address", "add", address, "dev", device));
    if (address.contains(":")) {
      words.add("nodad");
    }
    ip(words.toArray(String[]::new));
  }

  /// `ip` with these words inside this network; what it printed.
  public String ip(String... words) throws Exception {
    List<String> command = new ArrayList<>(List.of("ip", "-n", name));
    command.addAll(List.of(words));
    return run(command);
  }

  /// What the program printed inside this network; it must end with 0.
  public String run(String... command) throws Exception {
    return run(inside(List.of(command)));
  }

  /// Starts a program inside this network.
  public Process start(String... command) throws IOException {
    return new ProcessBuilder(inside(List.of(command))).start();
  }

  /// Starts a main class of this test's class path inside this network, in a JVM of its own.
  public Process java(Class<?> main, String... arguments) throws IOException {
    return new ProcessBuilder(javaCommand(main, List.of(arguments))).start();
  }

  /// The command line of [#java], for a process that a test sets up itself.
  public List<String> javaCommand(Class<?> main, Collection<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("--sun-misc-unsafe-memory-access=allow");
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(arguments);
    return inside(command);
  }

  private List<String> inside(List<String> command) {
    List<String> inside = new ArrayList<>(List.of("ip", "netns", "exec", name));
    inside.addAll(command);
    return inside;
  }

  /// Writes a kernel setting of this network, `net.ipv4.ip_forward`.
  public void sysctl(String key, String value) throws Exception {
    run("sh", "-c", "echo " + value + " > /proc/sys/" + key.replace('.', '/'));
  }

  /// Moves the calling platform thread into this network for good: the sockets that it opens from
  /// now on are here. For threads of one's own, such as an event loop's.
  public void enter() {
    try {
      int fd = Libc.openToRead(NAMED.resolve(name).toString());
      Libc.enterNetwork(fd);
      Libc.close(fd);
    } catch (IOException e) {
      throw new IllegalStateException("this thread cannot enter " + name, e);
    }
  }

  /// The result of `work`, done by a thread inside this network.
  public <T> T in(Callable<T> work) throws Exception {
    var done = new CompletableFuture<T>();
    Thread.ofPlatform()
        .daemon()
        .name(name)
        .start(() -> {
          try {
            enter();
            done.complete(work.call());
          } catch (Throwable e) {
            done.completeExceptionally(e);
          }
        });
    try {
      return done.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    }
  }

  /// What the program printed in the network of this JVM; it must end with 0.
  static String run(List<String> command) throws Exception {
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectInput(Redirect.from(Path.of("/dev/null").toFile()))
            .start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
      process.destroyForcibly();
      throw new AssertionError(String.join(" ", command) + ": " + printed);
    }
    return printed;
  }

  @Override
  public void close() {
    if (OPEN.remove(this)) {
      try {
        run(List.of("ip", "netns", "delete", name));
      } catch (Exception e) {
        throw new IllegalStateException(name + " cannot be deleted", e);
      }
    }
  }
}
