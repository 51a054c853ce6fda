package parley.gateway.ue;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import parley.gateway.keying.JoinSettings;
import parley.gateway.media.Leg;
import parley.keys.member.KeysMissing;
import parley.keys.member.Member;
import parley.mikey.group.GroupMasterKey;
import parley.mikey.group.JoinAnswer;
import parley.mikey.group.JoinVerb;
import parley.mikey.group.Joining;
import parley.mikey.identity.NtpTimestamp;
import parley.mikey.message.MalformedMessage;
import parley.mikey.message.Octets;

/// Has a gateway's unicast relay send a group's media here: JOIN, REFRESH every 15 s, LEAVE (wire
/// profile, section 7).
///
/// Speaks from the socket on which the group is heard, as the media comes back to where the JOIN
/// came from. Whatever is not answered is said again; a gateway that forgets this receiver, because
/// it was restarted, is joined again, and so is one whose group has a new GMK. On the loop of the
/// [JoinedSocket], but for leaving.
public final class Joiner {
  private static final long FIRST_RETRY_MILLIS = 500;
  private static final int MOST_DOUBLINGS = 3;
  private static final int PATIENCE = 4;
  private static final int MOST_COOKIES = 3;
  private static final long NO_KEY_MILLIS = 1_000;
  private static final long REFUSED_MILLIS = 30_000;
  private static final Duration LEFT_WITHIN = Duration.ofSeconds(1);

  private final Member member;
  private final InetSocketAddress gateway;
  private final JoinedSocket socket;
  private final EventLoop loop;
  private final InstantSource clock;
  private final SecureRandom random;
  private final CountDownLatch left = new CountDownLatch(1);

  private @Nullable Joining joining;
  private JoinVerb verb = JoinVerb.JOIN;
  private @Nullable Octets cookie;
  private @Nullable ScheduledFuture<?> next;
  private String lastSaid = "";
  private boolean isJoined;
  private int unanswered;
  private int cookies;

  /// Speaks to a unicast leg of `gateway`; `member` stays the caller's.
  public Joiner(
      Member member,
      InetSocketAddress gateway,
      JoinedSocket socket,
      InstantSource clock,
      SecureRandom random) {
    this.member = member;
    this.gateway = gateway;
    this.socket = socket;
    this.loop = socket.loop();
    this.clock = clock;
    this.random = random;
  }

  /// Says the first JOIN.
  public void start() {
    send();
  }

  private void send() {
    if (verb != JoinVerb.LEAVE) {
      GroupMasterKey gmk = member.sendingGmk(socket.group()).orElse(null);
      if (gmk == null) {
        tell("there is no GMK of " + socket.group() + " to join with", "; waiting for one");
        later(NO_KEY_MILLIS);
        return;
      }
      if (joining == null || joining.gmkId() != gmk.gmkId()) {
        begin(gmk);
      }
      giveUpWaiting(gmk);
    }
    Joining now = joining;
    if (now != null) {
      seal(now);
    }
  }

  private void begin(GroupMasterKey gmk) {
    joining = Joining.prepare(member.identity(), member.homeKms().kmsUri(), gmk, random);
    cookie = null;
    cookies = 0;
    verb = JoinVerb.JOIN;
  }

  private void giveUpWaiting(GroupMasterKey gmk) {
    if (unanswered == PATIENCE && isJoined) {
      isJoined = false;
      tell(name() + " does not answer any more", "; joining again");
      begin(gmk);
    } else if (unanswered == PATIENCE) {
      tell(
          name()
              + " does not answer: is it a unicast leg of the group, are its receivers: on, is the"
              + " GMK the newest, is the clock right?",
          " Still trying");
    }
  }

  private void seal(Joining now) {
    NtpTimestamp t = NtpTimestamp.of(clock.instant()).after(now.lastT());
    try {
      socket.say(now.seal(verb, cookie, t, member.signer(t), random), gateway);
    } catch (KeysMissing e) {
      tell("cannot join: " + e.getMessage(), "");
      later(REFUSED_MILLIS);
      return;
    }
    later(FIRST_RETRY_MILLIS << Math.min(unanswered, MOST_DOUBLINGS));
    unanswered++;
  }

  /// Octets that came to the socket; what is no answer to this stay is nobody's business.
  public void answer(byte[] octets) {
    Joining now = joining;
    if (now == null) {
      return;
    }
    try {
      JoinAnswer answer = JoinAnswer.read(octets);
      if (answer.verb() == verb && answer.timestamp().equals(now.lastT()) && answer.isFor(now)) {
        follow(answer);
      }
    } catch (MalformedMessage _) {
      // anybody may send anything to this port
    }
  }

  private void follow(JoinAnswer answer) {
    unanswered = 0;
    if (answer.cookie() != null) {
      cookie = answer.cookie();
    }
    switch (answer.outcome()) {
      case DONE -> {
        socket.vouch(answer.running());
        done();
      }
      case COOKIE -> again();
      case NOT_JOINED -> lost();
      case NOT_PERMITTED -> refused("the members list of %s does not let %s listen");
      case FULL ->
          refused(
              "%s has no room for another receiver of %s (max, per-member and per-source of its receivers:)");
    }
  }

  private void done() {
    cookies = 0;
    if (verb == JoinVerb.LEAVE) {
      finish();
      return;
    }
    if (!isJoined) {
      isJoined = true;
      lastSaid = "";
      socket.joined("joined " + socket.group() + " at " + name());
    }
    verb = JoinVerb.REFRESH;
    later(JoinSettings.REFRESH.toMillis());
  }

  /// At once, but not for ever: a gateway that takes none of its own cookies is waited for.
  private void again() {
    cookies++;
    if (cookies <= MOST_COOKIES) {
      send();
    }
  }

  private void lost() {
    if (verb == JoinVerb.LEAVE) {
      finish();
      return;
    }
    if (isJoined) {
      isJoined = false;
      tell(name() + " has forgotten this receiver", "; joining again");
    }
    joining = null;
    later(0);
  }

  private void refused(String sentence) {
    if (verb == JoinVerb.LEAVE) {
      finish();
      return;
    }
    isJoined = false;
    joining = null;
    String who = member.identity().toString();
    tell(
        sentence.startsWith("the")
            ? sentence.formatted(socket.group(), who)
            : sentence.formatted(name(), who),
        "; trying again every 30 s");
    later(REFUSED_MILLIS);
  }

  /// Says LEAVE and waits for the answer, a second at most. Any thread but the loop.
  public void leave() {
    sayLeave();
    awaitLeft(LEFT_WITHIN);
  }

  /// Says LEAVE. Any thread.
  public void sayLeave() {
    loop.execute(() -> {
      if (isJoined) {
        verb = JoinVerb.LEAVE;
        unanswered = 0;
        cookies = 0;
        send();
      } else {
        finish();
      }
    });
  }

  /// Waits for the answer to what [#sayLeave] said, and tries no more. Any thread but the loop.
  public void awaitLeft(Duration atMost) {
    try {
      var _ = left.await(atMost.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    loop.execute(this::finish);
  }

  private void finish() {
    if (next != null) {
      next.cancel(false);
    }
    joining = null;
    isJoined = false;
    verb = JoinVerb.LEAVE;
    left.countDown();
  }

  private void later(long millis) {
    if (next != null) {
      next.cancel(false);
    }
    next = loop.schedule(this::send, millis, TimeUnit.MILLISECONDS);
  }

  private String name() {
    return Leg.unicast(gateway).name();
  }

  private void tell(String why, String then) {
    String sentence = why + then;
    if (!sentence.equals(lastSaid)) {
      lastSaid = sentence;
      socket.notJoined(why, then);
    }
  }
}
