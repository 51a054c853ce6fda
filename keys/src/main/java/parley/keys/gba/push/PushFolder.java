package parley.keys.gba.push;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.keys.gba.push.GpiOutcome.Reason;
import parley.keys.gba.zn.NafKey;
import parley.mikey.identity.Identity;

/// A UE's folder for pushes, as [FilePush] writes them: each is taken out and judged when it comes.
///
/// It looks when the system says that a file came, and once in a minute without that, for file
/// systems that say nothing.
public final class PushFolder implements PushEar {
  private static final Logger LOG = LoggerFactory.getLogger(PushFolder.class);
  private static final long LOOK_SECONDS = 60;

  private final FilePush files;
  private final Identity ue;
  private final WatchService watch;
  private final PushDesk desk;
  private final Thread thread;

  private PushFolder(FilePush files, Identity ue, WatchService watch, PushDesk desk) {
    this.files = files;
    this.ue = ue;
    this.watch = watch;
    this.desk = desk;
    this.thread = Thread.ofPlatform().name("gba-push-files").daemon().unstarted(this::run);
  }

  /// Begins with what waits there already.
  ///
  /// @param called takes each good push and may take its time; the key is closed when it returns
  public static PushFolder open(
      Path folder, Identity ue, GpiReceiver receiver, Consumer<NafKey> called) throws IOException {
    WatchService watch = folder.getFileSystem().newWatchService();
    boolean opened = false;
    try {
      var _ = folder.register(watch, StandardWatchEventKinds.ENTRY_CREATE);
      var ear = new PushFolder(new FilePush(folder), ue, watch, new PushDesk(receiver, called));
      ear.thread.start();
      opened = true;
      return ear;
    } finally {
      if (!opened) {
        watch.close();
      }
    }
  }

  @Override
  public long good() {
    return desk.good();
  }

  @Override
  public long refused(Reason reason) {
    return desk.refused(reason);
  }

  private void run() {
    try {
      while (true) {
        look();
        var came = watch.poll(LOOK_SECONDS, TimeUnit.SECONDS);
        if (came != null) {
          came.pollEvents().clear();
          boolean _ = came.reset();
        }
      }
    } catch (ClosedWatchServiceException _) {
      // closed
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void look() {
    try {
      files.take(ue).forEach(desk::take);
    } catch (IOException e) {
      LOG.atWarn()
          .setMessage("the folder of pushes cannot be read")
          .addKeyValue("folder", files.toString())
          .addKeyValue("reason", String.valueOf(e.getMessage()))
          .log();
    }
  }

  /// Returns when the push that is being followed has come to its end.
  @Override
  public void close() throws IOException {
    watch.close();
    try {
      thread.join();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public String toString() {
    return "PushFolder[" + files + "]";
  }
}
