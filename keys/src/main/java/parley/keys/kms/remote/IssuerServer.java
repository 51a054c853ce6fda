package parley.keys.kms.remote;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.keys.kms.IssueRefused;
import parley.keys.kms.KmsIssuer;
import parley.keys.kms.MemberKeys;
import parley.keys.kms.remote.IssuerWire.Question;
import parley.keys.vault.SocketFile;
import parley.mikey.identity.KeyPeriod;
import parley.mikey.identity.KmsCertificate;
import parley.mikey.secret.SecretAccess;
import parley.mikey.secret.SecretBytes;

/// The issuer's process: master secrets on this side of a UNIX socket, the front end on the other.
///
/// The socket file is its owner's alone, or its group's where the front end runs as another user;
/// the kernel says who connects, and others are cut off before a word. A few connections at a time,
/// each in a thread of its own. Whatever is not a question gets one answer and the end of its
/// connection. The clock is this side's: a front end that was taken over gets keys of the present
/// and the next period, and none that it could hoard.
public final class IssuerServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(IssuerServer.class);
  private static final int MOST_CONNECTIONS = 32;

  private final Path file;
  private final ServerSocketChannel channel;
  private final KmsIssuer issuer;
  private final InstantSource clock;
  private final SocketPeers peers;
  private final Semaphore places = new Semaphore(MOST_CONNECTIONS);
  private final Set<SocketChannel> callers = ConcurrentHashMap.newKeySet();

  private IssuerServer(
      Path file,
      ServerSocketChannel channel,
      KmsIssuer issuer,
      InstantSource clock,
      SocketPeers peers) {
    this.file = file;
    this.channel = channel;
    this.issuer = issuer;
    this.clock = clock;
    this.peers = peers;
  }

  /// Serves `issuer`, which stays the caller's, at the socket `file`; one that a killed process
  /// left behind is replaced.
  public static IssuerServer start(
      Path file, KmsIssuer issuer, InstantSource clock, SocketPeers peers) throws IOException {
    Path path = file.toAbsolutePath().normalize();
    String permissions = peers.isOwnAlone() ? SocketFile.OWNER : "rw-rw----";
    ServerSocketChannel channel =
        SocketFile.listen(path, "an issuer", permissions, MOST_CONNECTIONS);
    IssuerServer server = new IssuerServer(path, channel, issuer, clock, peers);
    Thread.ofPlatform().daemon().name("parley-issuer").start(server::accept);
    return server;
  }

  private void accept() {
    while (channel.isOpen()) {
      try {
        places.acquire();
        SocketChannel caller = channel.accept();
        callers.add(caller);
        Thread.ofPlatform().daemon().name("parley-issuer-caller").start(() -> serve(caller));
      } catch (IOException e) {
        places.release();
        LOG.atDebug().setCause(e).log("the issuer's socket accepted nobody");
      } catch (InterruptedException _) {
        return;
      }
    }
  }

  private void serve(SocketChannel caller) {
    try (caller) {
      String user = SocketPeers.user(caller);
      if (!peers.allow(user)) {
        LOG.atWarn()
            .addKeyValue("user", user)
            .log("a user who is not the front end's called the issuer");
        return;
      }
      answerAll(caller);
    } catch (IOException e) {
      LOG.atDebug().setCause(e).log("a connection to the issuer broke off");
    } finally {
      callers.remove(caller);
      places.release();
    }
  }

  private void answerAll(SocketChannel caller) throws IOException {
    for (byte[] frame = Frame.receive(caller); frame != null; frame = Frame.receive(caller)) {
      Question question = IssuerWire.read(frame);
      switch (question) {
        case Question.Certificate _ ->
            Frame.send(caller, IssuerWire.answer(IssuerWire.GIVEN, issuer.certificate().encode()));
        case Question.Issue issue -> Frame.send(caller, issue(issue));
        case Question.Odd _ -> {
          LOG.atWarn().log("the front end asked the issuer for something that there is not");
          Frame.send(caller, IssuerWire.answer(IssuerWire.ODD, new byte[0]));
          return;
        }
      }
    }
  }

  private byte[] issue(Question.Issue question) {
    Instant now = clock.instant();
    try (MemberKeys keys =
            issuer.issue(question.who(), period(question.period(), now), question.device(), now);
        SecretBytes encoded = keys.encode()) {
      return encoded.lend(
          SecretAccess.token(), octets -> IssuerWire.answer(IssuerWire.GIVEN, octets));
    } catch (IssueRefused e) {
      return IssuerWire.answer(IssuerWire.REFUSED, String.valueOf(e.getMessage()).getBytes(UTF_8));
    }
  }

  /// The period of that number if it is one that is issued now; else one that is not.
  private KeyPeriod period(long number, Instant now) {
    KmsCertificate kms = issuer.certificate();
    KeyPeriod present = kms.periodAt(now);
    KeyPeriod next = kms.next(present);
    if (number == next.number()) {
      return next;
    }
    return number == present.number()
        ? present
        : new KeyPeriod(Math.max(0, number), present.from(), next.until());
  }

  /// Ends every connection; the issuer stays open.
  @Override
  public void close() throws IOException {
    channel.close();
    for (SocketChannel caller : callers) {
      caller.close();
    }
    Files.deleteIfExists(file);
  }

  @Override
  public String toString() {
    return "IssuerServer[" + file + ", " + issuer + "]";
  }
}
