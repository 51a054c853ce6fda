package parley.mikey.group;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import parley.mikey.identity.Identity;
import parley.mikey.identity.NtpTimestamp;
import parley.mikey.message.MalformedMessage;
import parley.mikey.message.Octets;

/// The checks of an arriving JOIN, REFRESH or LEAVE that cost microseconds, in the order that keeps
/// outsiders cheap (wire profile, sections 4 and 7): all but the cookie, which is the gateway's.
///
/// Of what a holder of the GMK made it remembers the newest 4096, so that a message that somebody
/// has overheard is looked at once: a copy of it is worth no answer and no signature check. The MAC
/// does not cover the signature, and whoever is faster on the way can spoil that. So the signature
/// is part of what is remembered here: the true message is no copy of the spoilt one. Of an answer
/// that needs no signature, [#isFirst] goes by the signed octets: no spoilt copy gets another one.
/// Confined to the loop that owns the group.
public final class JoinGate {
  private static final int REMEMBERED = 4096;

  private final Identity group;
  private final Identity own;
  private final Instant notBefore;
  private final GmkBook book;
  private final InstantSource clock;
  private final Set<Octets> seen = new LinkedHashSet<>();
  private final Set<Octets> answered = new LinkedHashSet<>();
  private Duration window;

  /// Only a T later than now, the start of this receiver, and within `window` of the clock passes.
  public JoinGate(
      Identity group, Identity own, Duration window, GmkBook book, InstantSource clock) {
    this.group = group;
    this.own = own;
    this.window = window;
    this.book = book;
    this.clock = clock;
    this.notBefore = clock.instant();
  }

  public void window(Duration wanted) {
    window = wanted;
  }

  /// Checks one datagram; copies the octets.
  public JoinAdmission admit(byte[] octets) {
    UnverifiedJoin message;
    try {
      message = UnverifiedJoin.read(octets);
    } catch (MalformedMessage e) {
      return new JoinAdmission.Refused(JoinRefusal.MALFORMED, String.valueOf(e.getMessage()), null);
    }
    Instant now = clock.instant();
    Optional<GroupMasterKey> gmk = book.find(message.group(), message.gmkId());
    Octets key = Octets.of(message.digest());
    Optional<JoinRefusal> refusal =
        unless(message.group().equals(group), JoinRefusal.WRONG_GROUP)
            .or(() -> unless(!message.ue().equals(own), JoinRefusal.OWN))
            .or(() -> unless(gmk.isPresent(), JoinRefusal.UNKNOWN_GMK))
            .or(() -> unless(gmk.orElseThrow().isOpen(now), JoinRefusal.GMK_NOT_OPEN))
            .or(() -> time(message.timestamp(), now))
            .or(() -> unless(message.isRandBound(), JoinRefusal.RAND_NOT_BOUND))
            .or(() -> unless(!seen.contains(key), JoinRefusal.DUPLICATE))
            .or(() -> unless(message.isMacValid(gmk.orElseThrow()), JoinRefusal.BAD_MAC));
    if (refusal.isPresent()) {
      return new JoinAdmission.Refused(refusal.get(), message.toString(), message);
    }
    remember(key, seen);
    return new JoinAdmission.Admitted(message, gmk.orElseThrow());
  }

  private Optional<JoinRefusal> time(NtpTimestamp t, Instant now) {
    return unless(!t.toInstant().isBefore(now.minus(window)), JoinRefusal.T_TOO_OLD)
        .or(() -> unless(!t.isAfter(now.plus(window)), JoinRefusal.T_IN_FUTURE))
        .or(() -> unless(t.isAfter(notBefore), JoinRefusal.BEFORE_RESTART));
  }

  /// Whether nothing was asked of the same signed octets before, whatever their signature was; what
  /// was admitted may be answered without a look at its signature once.
  public boolean isFirst(JoinAdmission.Admitted admitted) {
    Octets key = Octets.of(admitted.message().replayKey());
    boolean first = !answered.contains(key);
    if (first) {
      remember(key, answered);
    }
    return first;
  }

  private static void remember(Octets key, Set<Octets> newest) {
    if (newest.size() == REMEMBERED) {
      var oldest = newest.iterator();
      oldest.next();
      oldest.remove();
    }
    newest.add(key);
  }

  private static Optional<JoinRefusal> unless(boolean holds, JoinRefusal refusal) {
    return holds ? Optional.empty() : Optional.of(refusal);
  }
}
