package parley.gateway.cli;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import parley.gateway.keying.WholeFile;
import parley.gateway.media.Leg;
import parley.mikey.group.UnverifiedAnnouncement;
import parley.mikey.identity.Identity;
import parley.mikey.message.MalformedMessage;
import parley.mikey.message.Octets;
import parley.mikey.transport.ConnectionAddress;
import parley.mikey.transport.MediaDescription;
import parley.mikey.transport.SdpWriter;
import parley.mikey.transport.SessionDescription;

/// The SDP description of a burst in a file, for a signalling network that carries its
/// announcement.
///
/// Written anew, whole or not at all, with each announcement, so that whoever fetches it gets one
/// that is fresh; removed when closed. Written on a thread of its own, so that a slow disk delays
/// no announcement.
final class SessionFile implements Consumer<byte[]>, AutoCloseable {
  private final Path file;
  private final Leg to;
  private final Identity group;
  private final int payloadType;
  private final Consumer<String> complaint;
  private final CompletableFuture<Void> first = new CompletableFuture<>();
  private final ExecutorService writer =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("parley-sdp").factory());
  private long session;
  private boolean isFailing;
  private boolean isClosed;

  private SessionFile(
      Path file, Leg to, Identity group, int payloadType, Consumer<String> complaint) {
    this.file = file;
    this.to = to;
    this.group = group;
    this.payloadType = payloadType;
    this.complaint = complaint;
  }

  /// The place must be free; nothing is written yet. `complaint` is told once when a later version
  /// cannot be written, on the writer's thread.
  static SessionFile create(
      Path file, Leg to, Identity group, int payloadType, Consumer<String> complaint)
      throws CommandFailed {
    if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new CommandFailed(
          ExitCode.FAILED,
          file + " is there already; another burst may be using it, remove it if none does");
    }
    return new SessionFile(file, to, group, payloadType, complaint);
  }

  /// Any thread; returns at once.
  @Override
  public synchronized void accept(byte[] announcement) {
    if (!isClosed) {
      writer.execute(() -> write(announcement));
    }
  }

  /// Returns when the first announcement can be fetched.
  void awaitFirst() throws CommandFailed {
    try {
      first.join();
    } catch (CompletionException e) {
      throw new CommandFailed(ExitCode.FAILED, file + " cannot be written: " + e.getCause(), e);
    }
  }

  private void write(byte[] announcement) {
    try {
      WholeFile.write(file, SdpWriter.write(description(announcement)));
      first.complete(null);
      isFailing = false;
    } catch (IOException | MalformedMessage e) {
      if (!isFailing && !first.completeExceptionally(e)) {
        complaint.accept(file + " is not up to date: " + e.getMessage());
      }
      isFailing = true;
    }
  }

  /// Session and version are the T of the first announcement and of this one.
  private SessionDescription description(byte[] announcement) throws MalformedMessage {
    long t = UnverifiedAnnouncement.read(announcement).timestamp().bits();
    session = session == 0 ? t : session;
    InetSocketAddress address = to.address();
    var media =
        MediaDescription.of("audio", address.getPort(), "RTP/SAVP", String.valueOf(payloadType));
    return new SessionDescription(
        SessionDescription.origin(session, t, new ConnectionAddress("IP4", "0.0.0.0")),
        group.uri(),
        ConnectionAddress.of(address.getAddress(), to.ttl()),
        List.of(Octets.of(announcement)),
        List.of(media));
  }

  /// Waits for a version that is being written, then removes it. Again does nothing.
  @Override
  public void close() throws IOException {
    synchronized (this) {
      if (isClosed) {
        return;
      }
      isClosed = true;
    }
    writer.close();
    Files.deleteIfExists(WholeFile.part(file));
    Files.deleteIfExists(file);
  }
}
