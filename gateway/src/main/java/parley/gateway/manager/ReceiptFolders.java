package parley.gateway.manager;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Receipts that come back as files `*.receipt` into the folders where messages went out. One
/// thread looks every second; files are never changed or removed.
final class ReceiptFolders implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ReceiptFolders.class);
  private static final int MOST_OCTETS = 4096;

  private final Consumer<byte[]> receipts;
  private final Map<Path, FileTime> seen = new HashMap<>();
  private volatile Set<Path> folders = Set.of();
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("parley-receipts").factory());

  ReceiptFolders(Consumer<byte[]> receipts) {
    this.receipts = receipts;
    var _ = clock.scheduleWithFixedDelay(this::look, 1, 1, TimeUnit.SECONDS);
  }

  /// Looks into these folders from now on, and into no others.
  void follow(Set<Path> wanted) {
    folders = Set.copyOf(wanted);
  }

  private void look() {
    for (Path folder : folders) {
      if (Files.isDirectory(folder)) {
        look(folder);
      }
    }
  }

  private void look(Path folder) {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.receipt")) {
      for (Path file : files) {
        FileTime changed = Files.getLastModifiedTime(file);
        if (!changed.equals(seen.put(file, changed)) && Files.size(file) <= MOST_OCTETS) {
          receipts.accept(Files.readAllBytes(file));
        }
      }
    } catch (IOException | RuntimeException e) {
      LOG.atWarn().addKeyValue("folder", folder).setCause(e).log("receipts cannot be read");
    }
  }

  @Override
  public void close() {
    clock.shutdownNow();
  }
}
