package parley.gateway.keying;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.mikey.message.MalformedMessage;
import parley.mikey.message.MikeyReader;
import parley.mikey.message.Octets;
import parley.mikey.transport.SdpReader;
import parley.mikey.transport.SmsSegments;

/// Store and forward: a folder into which a manager's I_MESSAGEs are put.
///
/// - `NAME.mikey` is a message;
/// - `NAME.sdp` a description that carries some ([SdpReader]);
/// - `SENDER.NAME.sms` a segment of one ([SmsFiles]).
///
/// A file is taken when it is new or has changed, older ones first. What this member accepts is
/// answered by a file beside it with `.receipt` behind its name, which goes back to the manager: of
/// segments, beside the one that was the last. Where a description has several messages the receipt
/// of the second is `NAME.sdp.2.receipt`. What is for others is left alone. Files are never changed
/// or removed. One thread looks every second.
public final class GmkFolder implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(GmkFolder.class);
  private static final long LOOK_MILLIS = 1_000;

  private final Path folder;
  private final GmkInbox inbox;
  private final SmsFiles segments;
  private final Map<Path, FileTime> seen = new HashMap<>();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("parley-gmk-folder").factory());

  private GmkFolder(Path folder, GmkInbox inbox, InstantSource clock) {
    this.folder = folder;
    this.inbox = inbox;
    this.segments = new SmsFiles(clock);
  }

  /// Looks at once, and from then on every second. A folder that is missing may come later.
  public static GmkFolder open(Path folder, GmkInbox inbox, InstantSource clock) {
    GmkFolder made = new GmkFolder(folder, inbox, clock);
    var _ = made.timer.scheduleWithFixedDelay(made::look, 0, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    return made;
  }

  private record Found(Path file, FileTime changed) {}

  private void look() {
    if (!Files.isDirectory(folder)) {
      return;
    }
    try {
      for (Found found : changed()) {
        if (isDone(found)) {
          seen.put(found.file(), found.changed());
        }
      }
    } catch (IOException | RuntimeException e) {
      LOG.atWarn().addKeyValue("folder", folder).setCause(e).log("the GMK folder cannot be read");
    }
  }

  /// One file that cannot be read keeps nobody from the others.
  private boolean isDone(Found found) {
    try {
      return take(found);
    } catch (IOException e) {
      LOG.atWarn().addKeyValue("file", found.file()).setCause(e).log("cannot be read, left alone");
      return true;
    }
  }

  private List<Found> changed() throws IOException {
    List<Found> changed = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.{mikey,sdp,sms}")) {
      for (Path file : files) {
        try {
          FileTime at = Files.getLastModifiedTime(file);
          if (!at.equals(seen.get(file)) && Files.isRegularFile(file)) {
            changed.add(new Found(file, at));
          }
        } catch (NoSuchFileException _) {
          // taken away meanwhile, as its owner may
        }
      }
    }
    changed.sort(Comparator.comparing(Found::changed).thenComparing(Found::file));
    return changed;
  }

  /// False when it should be tried again at the next look, because too much waits to be verified.
  private boolean take(Found found) throws IOException {
    Path file = found.file();
    String name = String.valueOf(file.getFileName());
    String kind = name.substring(name.lastIndexOf('.') + 1);
    int mostOctets =
        switch (kind) {
          case "sms" -> SmsSegments.MAX_USER_DATA_OCTETS;
          case "sdp" -> SdpReader.MAX_OCTETS;
          default -> MikeyReader.MAX_OCTETS;
        };
    if (Files.size(file) > mostOctets) {
      LOG.atWarn().addKeyValue("file", file).log("too long for a MIKEY message, left alone");
      return true;
    }
    return switch (kind) {
      case "sms" -> segment(found);
      case "sdp" -> description(file);
      default -> message(folder, Files.readAllBytes(file), receipt(file, ""));
    };
  }

  private boolean message(Path chargedTo, byte[] octets, Path receipt) {
    return inbox.receive(chargedTo, octets, answer -> answer(receipt, answer));
  }

  private boolean description(Path file) throws IOException {
    List<Octets> messages;
    try {
      messages = SdpReader.read(Files.readAllBytes(file)).messagesInForce();
    } catch (MalformedMessage e) {
      LOG.atWarn()
          .addKeyValue("file", file)
          .addKeyValue("detail", e.getMessage())
          .log("no session description, left alone");
      return true;
    }
    boolean hasRoom = true;
    for (int number = 1; number <= messages.size(); number++) {
      String which = number == 1 ? "" : "." + number;
      hasRoom &= message(folder, messages.get(number - 1).bytes(), receipt(file, which));
    }
    return hasRoom;
  }

  /// Each sender has a share of its own of what may wait. A complete message that finds no room is
  /// dropped, as on the network: its manager sends again what has no receipt.
  private boolean segment(Found found) throws IOException {
    Optional<SmsFiles.Message> complete = segments.take(found.file(), found.changed());
    if (complete.isPresent()) {
      SmsFiles.Message message = complete.get();
      var _ =
          message(
              folder.resolve(message.sender()),
              message.octets().bytes(),
              receipt(found.file(), ""));
    }
    return true;
  }

  private static Path receipt(Path file, String which) {
    return file.resolveSibling(file.getFileName() + which + ".receipt");
  }

  /// Whole or not at all: a manager must never read half a receipt.
  private static void answer(Path target, byte[] receipt) {
    try {
      WholeFile.write(target, receipt);
    } catch (IOException e) {
      LOG.atWarn().addKeyValue("file", target).setCause(e).log("receipt not written");
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
