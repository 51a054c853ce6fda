package parley.gateway.keying;

import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import parley.gateway.media.Burst;
import parley.gateway.media.BurstEnd;
import parley.gateway.media.Leg;
import parley.mikey.group.BridgeOrigin;
import parley.mikey.group.CryptoSession;
import parley.mikey.group.UnverifiedAnnouncement;
import parley.mikey.group.VerifiedAnnouncement;
import parley.mikey.identity.Identity;
import parley.mikey.identity.NtpTimestamp;

/// One CSB that runs in a group: the media's burst and the announcements that keep it alive.
///
/// Confined to the group's loop.
public final class RunningBurst {
  /// Three repeats, two seconds apart, with room for one late datagram (wire profile, section 3).
  static final Duration SILENCE = Duration.ofMillis(6_500);

  /// Who speaks: a member for itself, or a gateway for one talker of another group.
  record Speaker(Identity signer, @Nullable Identity origin, @Nullable Identity originGroup) {
    static Speaker of(VerifiedAnnouncement a) {
      BridgeOrigin origin = a.origin();
      return origin == null
          ? new Speaker(a.talker(), null, null)
          : new Speaker(a.talker(), origin.talker(), origin.group());
    }
  }

  /// Where a burst was first spoken; the same in every group that it was carried into.
  record Origin(Identity talker, Identity group, int csbId) {
    static Origin of(VerifiedAnnouncement a) {
      BridgeOrigin origin = a.origin();
      return origin == null
          ? new Origin(a.talker(), a.group(), a.csbId())
          : new Origin(origin.talker(), origin.group(), origin.csbId());
    }
  }

  final Burst burst;
  final Speaker speaker;
  final Origin origin;

  /// Whether this gateway announced it.
  final boolean own;

  /// Written by the loop, read by the pool too.
  private volatile NtpTimestamp lastT;

  private byte[] lastOctets;
  private Instant lastHeard;
  private boolean byTrunk;
  private int waiting;
  private boolean disputed;
  private @Nullable Carrier carrier;
  private @Nullable CarriedBurst carriage;

  RunningBurst(Burst burst, boolean own, Instant now) {
    this.burst = burst;
    this.own = own;
    VerifiedAnnouncement first = burst.announcement();
    this.speaker = Speaker.of(first);
    this.origin = Origin.of(first);
    this.lastT = first.timestamp();
    this.lastOctets = first.octets();
    this.lastHeard = now;
  }

  public Burst burst() {
    return burst;
  }

  /// Whether this gateway announced it, for a talker of another group.
  public boolean isOwn() {
    return own;
  }

  int csbId() {
    return burst.csbId();
  }

  NtpTimestamp lastT() {
    return lastT;
  }

  /// The newest announcement as sent; a late receiver gets it while its T is inside the window.
  byte[] lastOctets() {
    return lastOctets;
  }

  void heard(NtpTimestamp t, byte[] octets, Instant now) {
    lastT = t;
    lastOctets = octets;
    lastHeard = now;
  }

  /// How the newest announcement came.
  void cameBy(Arrival arrival) {
    byTrunk = arrival.isByTrunk();
  }

  /// Whether the newest announcement may go out by this leg: not by a trunk when it came by one.
  boolean mayGoTo(Leg leg) {
    return !byTrunk || !leg.isTrunk();
  }

  boolean isByTrunk() {
    return byTrunk;
  }

  /// A repeat of it has gone to be verified, and came back.
  void waits(boolean more) {
    waiting += more ? 1 : -1;
  }

  /// Nothing was heard of it for long, and nothing waits that may prove the contrary.
  boolean isSilent(Instant now) {
    return !own && waiting == 0 && now.isAfter(lastHeard.plus(SILENCE));
  }

  /// For an own burst: who feeds it.
  void carriedBy(Carrier by, CarriedBurst c) {
    carrier = by;
    carriage = c;
  }

  /// Tells the carrier of an own burst that it is over.
  void release(BurstEnd why) {
    if (carrier != null && carriage != null) {
      carrier.outEnded(carriage, why);
    }
  }

  public boolean isDisputed() {
    return disputed;
  }

  void dispute() {
    disputed = true;
  }

  /// Whether this gives itself out for a repeat that a newer one overtook. Any thread.
  boolean hasOvertaken(UnverifiedAnnouncement other) {
    VerifiedAnnouncement first = burst.announcement();
    return other.timestamp().compareTo(lastT) <= 0
        && first.talker().equals(other.talker())
        && first.gskId() == other.gskId()
        && MessageDigest.isEqual(first.rand(), other.rand());
  }

  /// Whether `other` is a repeat of this CSB: same talker, RAND, GSK, policy, map and origin.
  boolean isRepeatedBy(VerifiedAnnouncement other) {
    VerifiedAnnouncement first = burst.announcement();
    return first.talker().equals(other.talker())
        && MessageDigest.isEqual(first.rand(), other.rand())
        && first.gskId() == other.gskId()
        && first.gsk().key().equals(other.gsk().key())
        && Objects.equals(first.policy(), other.policy())
        && Objects.equals(first.origin(), other.origin())
        && sameMap(first.sessions(), other.sessions());
  }

  private static boolean sameMap(List<CryptoSession> a, List<CryptoSession> b) {
    if (a.size() != b.size()) {
      return false;
    }
    for (int i = 0; i < a.size(); i++) {
      if (a.get(i).csId() != b.get(i).csId() || a.get(i).ssrc() != b.get(i).ssrc()) {
        return false;
      }
    }
    return true;
  }
}
