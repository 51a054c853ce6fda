package parley.mikey.group;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import parley.mikey.identity.Identity;
import parley.mikey.identity.NtpTimestamp;
import parley.mikey.message.MalformedMessage;
import parley.mikey.message.Octets;

/// The checks of an arriving announcement that cost microseconds (wire profile, section 4, steps 1
/// and 2).
///
/// Their order is security. What an outsider can send ends before the MAC or with it, and costs no
/// more than that; only what a holder of the GMK made may wait for the signature check. A repeated
/// message ends before the MAC as well. Nothing is remembered of what is refused.
///
/// Confined to the loop that owns the group.
public final class AnnouncementGate {
  private GateRules rules;
  private final GmkBook book;
  private final ReplayCache cache;
  private final InstantSource clock;
  private final Set<Octets> inFlight = new HashSet<>();
  private Set<Octets> vouched = Set.of();

  public AnnouncementGate(GateRules rules, GmkBook book, ReplayCache cache, InstantSource clock) {
    this.rules = rules;
    this.book = book;
    this.cache = cache;
    this.clock = clock;
  }

  /// What passes from now on; an announcement that is being verified was judged by what held
  /// before.
  ///
  /// A wider window does not open what was closed: of what is older than the former window this
  /// gate has forgotten whether it was accepted, so it stays out.
  public void change(Set<MediaPolicy> allowed, Duration window, boolean withoutMki) {
    Instant notBefore = rules.notBefore();
    if (window.compareTo(rules.window()) > 0) {
      Instant remembered = clock.instant().minus(rules.window());
      notBefore = remembered.isAfter(notBefore) ? remembered : notBefore;
    }
    rules = new GateRules(rules.group(), allowed, window, rules.own(), notBefore, withoutMki);
    cache.window(window);
  }

  /// These announcements, by their short keys, run now, though their T may lie before our start: a
  /// gateway said so in answer to a fresh question. Those of before are forgotten.
  public void vouch(List<Octets> running) {
    vouched = Set.copyOf(running);
  }

  /// Checks one datagram; copies the octets. What is admitted is in flight until [#settle].
  public Admission admit(byte[] octets) {
    UnverifiedAnnouncement message;
    try {
      message = UnverifiedAnnouncement.read(octets);
    } catch (MalformedMessage e) {
      return new Admission.Refused(Refusal.MALFORMED, String.valueOf(e.getMessage()), null);
    }
    Instant now = clock.instant();
    cache.forget(now);
    return check(message, now);
  }

  private Admission check(UnverifiedAnnouncement message, Instant now) {
    Optional<GroupMasterKey> gmk = book.find(message.group(), message.gmkId());
    Optional<Refusal> refusal =
        address(message)
            .or(() -> gmkPeriod(gmk, now))
            .or(() -> time(message, now))
            .or(() -> content(message))
            .or(() -> bridge(message.origin()))
            .or(() -> memory(message))
            .or(() -> unless(message.isMacValid(gmk.orElseThrow()), Refusal.BAD_MAC));
    if (refusal.isPresent()) {
      return new Admission.Refused(refusal.get(), message.toString(), message);
    }
    inFlight.add(key(message));
    return new Admission.Admitted(message, gmk.orElseThrow());
  }

  private Optional<Refusal> address(UnverifiedAnnouncement message) {
    return unless(message.group().equals(rules.group()), Refusal.WRONG_GROUP)
        .or(() -> unless(!message.talker().equals(rules.own()), Refusal.OWN_ANNOUNCEMENT));
  }

  private static Optional<Refusal> gmkPeriod(Optional<GroupMasterKey> gmk, Instant now) {
    return gmk.isEmpty()
        ? Optional.of(Refusal.UNKNOWN_GMK)
        : unless(gmk.get().isOpen(now), Refusal.GMK_NOT_OPEN);
  }

  private Optional<Refusal> time(UnverifiedAnnouncement message, Instant now) {
    NtpTimestamp t = message.timestamp();
    return unless(!t.toInstant().isBefore(now.minus(rules.window())), Refusal.T_TOO_OLD)
        .or(() -> unless(!t.isAfter(now.plus(rules.window())), Refusal.T_IN_FUTURE))
        .or(() ->
            unless(
                t.isAfter(rules.notBefore()) || vouched.contains(message.shortKey()),
                Refusal.BEFORE_RESTART));
  }

  private Optional<Refusal> content(UnverifiedAnnouncement message) {
    return unless(message.isRandBound(), Refusal.RAND_NOT_BOUND)
        .or(() -> unless(isAllowed(message), Refusal.POLICY_NOT_ALLOWED));
  }

  private boolean isAllowed(UnverifiedAnnouncement message) {
    MediaPolicy policy = message.policy();
    boolean hasMki = message.gskId() != GroupSessionKey.NO_ID;
    return policy != null && rules.allowed().contains(policy) && (hasMki || rules.withoutMki());
  }

  /// What comes back to us or to the group it started in, or came through too many, goes round in a
  /// circle.
  private Optional<Refusal> bridge(@Nullable BridgeOrigin origin) {
    if (origin == null) {
      return Optional.empty();
    }
    Identity own = rules.own();
    boolean isOurs = own != null && (origin.path().contains(own) || origin.talker().equals(own));
    boolean isEcho = origin.group().equals(rules.group());
    return unless(
        !isOurs && !isEcho && origin.path().size() <= BridgeOrigin.MAX_PATH, Refusal.LOOP);
  }

  private Optional<Refusal> memory(UnverifiedAnnouncement message) {
    Octets key = key(message);
    return unless(!inFlight.contains(key) && !cache.contains(key), Refusal.DUPLICATE)
        .or(() -> unless(cache.hasRoom(message.talker()), Refusal.OVERLOAD));
  }

  private static Optional<Refusal> unless(boolean holds, Refusal refusal) {
    return holds ? Optional.empty() : Optional.of(refusal);
  }

  private static Octets key(UnverifiedAnnouncement message) {
    return Octets.of(message.replayKey());
  }

  int inFlight() {
    return inFlight.size();
  }

  /// Ends the flight of an admitted message: an accepted one is remembered, another one forgotten.
  public void settle(Admission.Admitted admitted, boolean accepted) {
    UnverifiedAnnouncement message = admitted.message();
    inFlight.remove(key(message));
    if (accepted) {
      cache.add(key(message), message.talker(), clock.instant());
    }
  }
}
