package parley.keys.kms.remote;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import parley.keys.kms.IssueRefused;
import parley.keys.kms.Issuer;
import parley.keys.kms.IssuerUnreachable;
import parley.keys.kms.MemberKeys;
import parley.mikey.InvalidKey;
import parley.mikey.identity.Identity;
import parley.mikey.identity.KeyPeriod;
import parley.mikey.identity.KmsCertificate;
import parley.mikey.secret.SecretBytes;

/// The front end's end of the issuer's socket.
///
/// Keeps a few connections open. One that has broken is replaced and the question asked again,
/// once: the answer is the same whoever asks how often. An issuer that came back under other master
/// secrets is noticed, since its certificate is not the one that clients were told. Safe for use by
/// many threads, virtual ones too.
public final class RemoteIssuer implements Issuer {
  private static final int MOST_CONNECTIONS = 8;
  private static final Duration LONGEST_ANSWER = Duration.ofSeconds(10);

  private final Path file;
  private final SocketPeers peers;
  private final Semaphore places = new Semaphore(MOST_CONNECTIONS);
  private final ConcurrentLinkedDeque<SocketChannel> idle = new ConcurrentLinkedDeque<>();
  private final KmsCertificate certificate;
  private volatile boolean closed;

  private RemoteIssuer(Path file, SocketPeers peers, KmsCertificate certificate) {
    this.file = file;
    this.peers = peers;
    this.certificate = certificate;
  }

  /// Connects to the issuer at the socket `file`, which one of `peers` must have opened.
  public static RemoteIssuer connect(Path file, SocketPeers peers) throws IssuerUnreachable {
    try (SocketChannel channel = open(file, peers)) {
      return new RemoteIssuer(file, peers, certificate(channel));
    } catch (IOException e) {
      throw unreachable(file, e);
    }
  }

  private static SocketChannel open(Path file, SocketPeers peers) throws IOException {
    SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(file));
    String user = SocketPeers.user(channel);
    if (!peers.allow(user)) {
      channel.close();
      throw new IOException("it was opened by user " + user);
    }
    return channel;
  }

  private static KmsCertificate certificate(SocketChannel channel) throws IOException {
    byte[] answer = exchange(channel, IssuerWire.certificate());
    if (answer[0] != IssuerWire.GIVEN) {
      throw new IOException("it speaks another version");
    }
    try {
      return KmsCertificate.decode(Arrays.copyOfRange(answer, 1, answer.length));
    } catch (InvalidKey e) {
      throw new IOException("it speaks another version", e);
    }
  }

  @Override
  public KmsCertificate certificate() {
    return certificate;
  }

  @Override
  public MemberKeys issue(Identity who, KeyPeriod period, String device)
      throws IssueRefused, IssuerUnreachable {
    byte[] answer = ask(() -> IssuerWire.issue(who, period.number(), device));
    try {
      return switch (answer[0]) {
        case IssuerWire.GIVEN -> keys(answer, who, period, device);
        case IssuerWire.REFUSED ->
            throw new IssueRefused(new String(answer, 1, answer.length - 1, UTF_8));
        default -> throw unreachable(file, new IOException("it does not understand"));
      };
    } finally {
      Arrays.fill(answer, (byte) 0);
    }
  }

  private MemberKeys keys(byte[] answer, Identity who, KeyPeriod period, String device)
      throws IssuerUnreachable {
    try (SecretBytes encoded =
        SecretBytes.take(Arrays.copyOfRange(answer, 1, answer.length), "keys of " + who)) {
      MemberKeys keys = MemberKeys.decode(encoded);
      if (keys.identity().equals(who)
          && keys.period().equals(period)
          && keys.device().equals(device)) {
        return keys;
      }
      keys.close();
    } catch (IllegalStateException _) {
      // of another version
    }
    throw unreachable(file, new IOException("it answered something else than was asked"));
  }

  private byte[] ask(Question question) throws IssuerUnreachable {
    try {
      if (closed || !places.tryAcquire(LONGEST_ANSWER.toSeconds(), TimeUnit.SECONDS)) {
        throw unreachable(file, new IOException("too much is asked of it"));
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw unreachable(file, new IOException("interrupted"));
    }
    try {
      return askAgain(question);
    } catch (IOException e) {
      throw unreachable(file, e);
    } finally {
      places.release();
    }
  }

  /// Over a connection that was kept, or over a new one where that turns out to be broken.
  private byte[] askAgain(Question question) throws IOException {
    for (SocketChannel kept = idle.poll(); kept != null; kept = idle.poll()) {
      try {
        return askOver(kept, question);
      } catch (IOException _) {
        // restarted since; whatever was in the way is so for a new connection too
      }
    }
    SocketChannel fresh = open(file, peers);
    boolean isSame = false;
    try {
      isSame = certificate(fresh).equals(certificate);
    } finally {
      if (!isSame) {
        fresh.close();
      }
    }
    if (!isSame) {
      throw new IOException("it holds another KMS than before");
    }
    return askOver(fresh, question);
  }

  private byte[] askOver(SocketChannel channel, Question question) throws IOException {
    boolean isAnswered = false;
    try {
      byte[] answer = exchange(channel, question.octets());
      isAnswered = true;
      return answer;
    } finally {
      if (isAnswered && !closed) {
        idle.push(channel);
      } else {
        channel.close();
      }
    }
  }

  /// A socket of this kind has no time-out of its own, so somebody else closes it.
  private static byte[] exchange(SocketChannel channel, byte[] question) throws IOException {
    Thread guard = Thread.startVirtualThread(() -> closeLater(channel));
    try {
      Frame.send(channel, question);
      byte @Nullable [] answer = Frame.receive(channel);
      if (answer == null) {
        throw new IOException("it closed the connection");
      }
      return answer;
    } finally {
      guard.interrupt();
    }
  }

  private static void closeLater(SocketChannel channel) {
    try {
      Thread.sleep(LONGEST_ANSWER);
      channel.close();
    } catch (InterruptedException | IOException _) {
      // answered in time
    }
  }

  private static IssuerUnreachable unreachable(Path file, IOException e) {
    return new IssuerUnreachable(
        "the issuer at %s does not answer (%s); start it, or correct the path"
            .formatted(file, e.getMessage()));
  }

  @Override
  public void close() {
    closed = true;
    for (SocketChannel kept = idle.poll(); kept != null; kept = idle.poll()) {
      try {
        kept.close();
      } catch (IOException _) {
        // gone either way
      }
    }
  }

  @Override
  public String toString() {
    return "RemoteIssuer[" + file + ", " + certificate.kmsUri() + "]";
  }

  /// The octets of a question, made anew for each try: sending zeroes them.
  private interface Question {
    byte[] octets();
  }
}
