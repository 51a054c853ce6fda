package parley.gateway.media;

import io.netty.channel.epoll.Epoll;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Whether this system has what the batch path needs.
final class BatchSupport {
  private static final Set<String> ARCHITECTURES = Set.of("amd64", "x86_64", "aarch64");

  private BatchSupport() {}

  /// What is missing, or null.
  static @Nullable String missing() {
    String system = System.getProperty("os.name", "");
    String architecture = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
    if (!system.equals("Linux")) {
      return "it needs Linux, and this is " + system;
    }
    if (!ARCHITECTURES.contains(architecture)) {
      return "it is made for x86-64 and aarch64, and this is " + architecture;
    }
    if (!Epoll.isAvailable()) {
      return "it needs Netty's epoll, which does not load here";
    }
    return missingCalls();
  }

  private static @Nullable String missingCalls() {
    try {
      return new LinuxCalls().areAllowed() ? null : "this system forbids recvmmsg or sendmmsg";
    } catch (LinkageError | RuntimeException e) {
      return "this system's C library cannot be called: " + e.getMessage();
    }
  }
}
