package parley.gateway.keying;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import parley.keys.member.GroupMembership;
import parley.keys.member.KeysMissing;
import parley.keys.member.Member;
import parley.mikey.eccsi.EccsiVerifier;
import parley.mikey.group.Registration;
import parley.mikey.group.RegistrationAnswer;
import parley.mikey.group.RegistrationVerb;
import parley.mikey.identity.KmsCertificate;
import parley.mikey.identity.NtpTimestamp;
import parley.mikey.message.MalformedMessage;

/// Keeps a group's manager told where this member hears MIKEY (wire profile, section 10): REGISTER
/// until it is answered, again when a third of the time is over for which the manager keeps it, and
/// WITHDRAW in the end.
///
/// On the loop of its [Mouth], but for what says otherwise.
public final class Registrar implements AutoCloseable {
  private static final long FIRST_RETRY_MILLIS = 1_000;
  private static final int MOST_DOUBLINGS = 5;
  private static final int PATIENCE = 4;
  private static final long SHORTEST_MILLIS = 10_000;
  private static final long NO_KEYS_MILLIS = 60_000;
  private static final int PART = 3;

  /// The socket on which MIKEY is heard.
  public interface Mouth {
    EventLoop loop();

    /// Where this socket is reached from the manager.
    InetSocketAddress heardAt(InetSocketAddress manager);

    /// Sends these octets from this socket, now.
    void say(byte[] octets, InetSocketAddress to);

    /// What became of it, a sentence for people; not the same twice in a row.
    void tell(String sentence);
  }

  private final Member member;
  private final GroupMembership group;
  private final InetSocketAddress manager;
  private final Mouth mouth;
  private final InstantSource clock;
  private final SecureRandom random;
  private final EccsiVerifier verifier = new EccsiVerifier(1);
  private final Registration registration;
  private @Nullable ScheduledFuture<?> next;
  private String lastSaid = "";
  private int unanswered;
  private boolean closed;

  /// `member` stays the caller's and outlives the registrar.
  public Registrar(
      Member member,
      GroupMembership group,
      InetSocketAddress manager,
      Mouth mouth,
      InstantSource clock,
      SecureRandom random) {
    this.member = member;
    this.group = group;
    this.manager = manager;
    this.mouth = mouth;
    this.clock = clock;
    this.random = random;
    this.registration =
        Registration.prepare(member.identity(), group.group(), member.homeKms().kmsUri(), random);
  }

  /// Says the first REGISTER. Any thread.
  public void start() {
    mouth.loop().execute(this::register);
  }

  private void register() {
    if (closed) {
      return;
    }
    if (say(RegistrationVerb.REGISTER)) {
      later(FIRST_RETRY_MILLIS << Math.min(unanswered, MOST_DOUBLINGS));
      unanswered++;
    } else {
      later(NO_KEYS_MILLIS);
    }
    if (unanswered == PATIENCE) {
      tell(
          "the manager of %s does not answer at %s: is it there, does its members list have %s, is the clock right? Still trying"
              .formatted(group.group(), name(), member.identity()));
    }
  }

  private boolean say(RegistrationVerb verb) {
    NtpTimestamp t = NtpTimestamp.of(clock.instant()).after(registration.lastT());
    try {
      InetSocketAddress at = mouth.heardAt(manager);
      mouth.say(registration.seal(verb, at, t, member.signer(t), random), manager);
      return true;
    } catch (KeysMissing | IllegalArgumentException e) {
      tell("cannot register for " + group.group() + ": " + e.getMessage());
      return false;
    }
  }

  /// Octets that came to a socket of this member; what is no answer to the newest message is
  /// nobody's business. Any thread.
  public void answer(byte[] octets) {
    mouth.loop().execute(() -> follow(octets));
  }

  private void follow(byte[] octets) {
    KmsCertificate kms = member.kms().find(group.kmsUri());
    if (closed || kms == null || unanswered == 0) {
      return;
    }
    try {
      RegistrationAnswer answer = RegistrationAnswer.read(octets);
      if (answer.isFor(registration, group.signer(), kms, verifier)) {
        unanswered = 0;
        tell("registered with the manager of " + group.group() + " at " + name());
        later(Math.max(SHORTEST_MILLIS, answer.kept().dividedBy(PART).toMillis()));
      }
    } catch (MalformedMessage _) {
      // anybody may send anything to this port
    }
  }

  private void later(long millis) {
    if (next != null) {
      next.cancel(false);
    }
    next = mouth.loop().schedule(this::register, millis, TimeUnit.MILLISECONDS);
  }

  private String name() {
    return manager.getAddress().getHostAddress() + ":" + manager.getPort();
  }

  private void tell(String sentence) {
    if (!sentence.equals(lastSaid)) {
      lastSaid = sentence;
      mouth.tell(sentence);
    }
  }

  /// Says WITHDRAW once and waits for no answer. Any thread but the loop.
  @Override
  public void close() {
    var _ =
        mouth
            .loop()
            .submit(() -> {
              closed = true;
              if (next != null) {
                next.cancel(false);
              }
              var _ = say(RegistrationVerb.WITHDRAW);
            })
            .awaitUninterruptibly(Duration.ofSeconds(1).toMillis());
  }
}
