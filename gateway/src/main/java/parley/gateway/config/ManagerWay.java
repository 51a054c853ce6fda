package parley.gateway.config;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// How a group's GMKs come from its manager, besides those that MIKEY's ports hear anyway.
public sealed interface ManagerWay {
  /// Registered by a datagram, the manager sends them to MIKEY's port. The name is looked up when
  /// it is needed.
  record Udp(String host, int port) implements ManagerWay {
    @Override
    public String toString() {
      return "udp://" + host + ":" + port;
    }
  }

  /// Files in a folder.
  record Folder(Path folder) implements ManagerWay {
    @Override
    public String toString() {
      return "file:" + folder;
    }
  }

  /// Fetched.
  ///
  /// @param heardAt where the manager reaches MIKEY's port: registered there, it sends at once what
  ///   else would wait for the next question; null where nobody can send to this gateway
  record Https(HttpsManager manager, @Nullable InetSocketAddress heardAt) implements ManagerWay {
    @Override
    public String toString() {
      return heardAt == null ? manager.toString() : manager + ", heard at " + heardAt;
    }
  }
}
