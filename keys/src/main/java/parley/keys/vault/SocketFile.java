package parley.keys.vault;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/// A UNIX socket of this host, as a file whose permissions say who may call.
public final class SocketFile {
  /// For its owner alone.
  public static final String OWNER = "rw-------";

  /// What the kernel has room for (unix(7)), less the octet that ends it.
  private static final int LONGEST_PATH = 107;

  private SocketFile() {}

  /// The socket that belongs to a vault: `VAULT.suffix`, in the same folder.
  public static Path beside(Path vault, String suffix) {
    Path path = vault.toAbsolutePath().normalize();
    return path.resolveSibling(path.getFileName() + "." + suffix);
  }

  /// Begins to listen; what a killed process left behind is replaced.
  ///
  /// @param who in a sentence, such as `an issuer`
  /// @param permissions such as [#OWNER]
  /// @param waiting how many callers may wait to be heard; 0 for the system's choice
  public static ServerSocketChannel listen(Path file, String who, String permissions, int waiting)
      throws IOException {
    if (file.toString().getBytes(UTF_8).length > LONGEST_PATH) {
      throw new IOException("the path " + file + " is too long for a socket; take a shorter one");
    }
    Optional<SocketChannel> other = connect(file);
    if (other.isPresent()) {
      other.get().close();
      throw new IOException(
          "%s serves %s already; stop it, or take another path".formatted(who, file));
    }
    Files.deleteIfExists(file);
    ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    boolean isDone = false;
    try {
      channel.bind(UnixDomainSocketAddress.of(file), waiting);
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
      isDone = true;
      return channel;
    } finally {
      if (!isDone) {
        channel.close();
      }
    }
  }

  /// Calls whoever listens; empty where nobody does. The caller closes it.
  public static Optional<SocketChannel> connect(Path file) throws IOException {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      return Optional.of(SocketChannel.open(UnixDomainSocketAddress.of(file)));
    } catch (ConnectException _) {
      return Optional.empty(); // left behind by one that was killed
    }
  }
}
