package parley.gateway.keying;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Store and forward: a folder into which a manager's I_MESSAGEs are put as `*.mikey` files.
///
/// A file is taken when it is new or has changed. What this member accepts is answered by a file
/// `NAME.mikey.receipt` beside it, which goes back to the manager; what is for others is left
/// alone. Files are never changed or removed. One thread looks every second.
public final class GmkFolder implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(GmkFolder.class);
  private static final long LOOK_MILLIS = 1_000;
  private static final int MOST_OCTETS = 4096;

  private final Path folder;
  private final GmkInbox inbox;
  private final Map<Path, FileTime> seen = new HashMap<>();
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("parley-gmk-folder").factory());

  private GmkFolder(Path folder, GmkInbox inbox) {
    this.folder = folder;
    this.inbox = inbox;
  }

  /// Looks at once, and from then on every second. A folder that is missing may come later.
  public static GmkFolder open(Path folder, GmkInbox inbox) {
    GmkFolder made = new GmkFolder(folder, inbox);
    var _ = made.clock.scheduleWithFixedDelay(made::look, 0, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    return made;
  }

  private void look() {
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.mikey")) {
      for (Path file : files) {
        take(file);
      }
    } catch (IOException | RuntimeException e) {
      LOG.atWarn().addKeyValue("folder", folder).setCause(e).log("the GMK folder cannot be read");
    }
  }

  private void take(Path file) throws IOException {
    FileTime changed = Files.getLastModifiedTime(file);
    if (changed.equals(seen.get(file))) {
      return;
    }
    seen.put(file, changed);
    if (Files.size(file) > MOST_OCTETS) {
      LOG.atWarn().addKeyValue("file", file).log("too long for a MIKEY message, left alone");
      return;
    }
    inbox.receive(folder, Files.readAllBytes(file), receipt -> answer(file, receipt));
  }

  /// Whole or not at all: a manager must never read half a receipt.
  private static void answer(Path file, byte[] receipt) {
    Path target = file.resolveSibling(file.getFileName() + ".receipt");
    Path written = file.resolveSibling(file.getFileName() + ".receipt.part");
    try {
      Files.write(written, receipt);
      Files.move(written, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      LOG.atWarn().addKeyValue("file", target).setCause(e).log("receipt not written");
    }
  }

  @Override
  public void close() {
    clock.shutdownNow();
  }
}
