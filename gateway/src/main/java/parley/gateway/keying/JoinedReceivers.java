package parley.gateway.keying;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import parley.gateway.media.ScopedAddress;
import parley.mikey.group.GroupMasterKey;
import parley.mikey.group.JoinRefusal;
import parley.mikey.group.UnverifiedJoin;
import parley.mikey.identity.Identity;
import parley.mikey.identity.NtpTimestamp;

/// Who has joined a group: one receiver for an address, one address for a stay (a CSB of a member).
/// The caps, and the order of messages (wire profile, section 7).
///
/// Takes only what was authenticated. A stay that has ended leaves its last T behind, so that no
/// message of it that was overheard can begin it again. Confined to the group's loop.
final class JoinedReceivers {
  private static final int MOST_ENDED = 4096;

  /// One receiver, and until when it is believed to be there.
  static final class Receiver {
    private final Stay stay;
    private final InetSocketAddress address;
    private final GroupMasterKey gmk;
    private final Instant since;
    private NtpTimestamp lastT;
    private Instant heardAt;

    private Receiver(
        Stay stay,
        InetSocketAddress address,
        GroupMasterKey gmk,
        Instant since,
        NtpTimestamp lastT) {
      this.stay = stay;
      this.address = address;
      this.gmk = gmk;
      this.since = since;
      this.lastT = lastT;
      this.heardAt = since;
    }

    Identity member() {
      return stay.member();
    }

    InetSocketAddress address() {
      return address;
    }

    GroupMasterKey gmk() {
      return gmk;
    }

    Instant since() {
      return since;
    }

    Instant heardAt() {
      return heardAt;
    }
  }

  private record Stay(Identity member, int csbId) {
    static Stay of(UnverifiedJoin message) {
      return new Stay(message.ue(), message.csbId());
    }
  }

  private record Ended(NtpTimestamp lastT, Instant forget) {}

  private final Map<ScopedAddress, Receiver> byAddress = new LinkedHashMap<>();
  private final Map<Stay, Receiver> byStay = new LinkedHashMap<>();
  private final Map<Stay, Ended> ended = new LinkedHashMap<>();

  int size() {
    return byAddress.size();
  }

  List<Receiver> all() {
    return List.copyOf(byAddress.values());
  }

  @Nullable Receiver at(InetSocketAddress address) {
    return byAddress.get(ScopedAddress.of(address));
  }

  /// Whether a message of this T or a later one of the same stay was followed before.
  boolean isOld(UnverifiedJoin message) {
    Receiver running = byStay.get(Stay.of(message));
    Ended past = ended.get(Stay.of(message));
    NtpTimestamp t = message.timestamp();
    return (running != null && t.compareTo(running.lastT) <= 0)
        || (past != null && t.compareTo(past.lastT()) <= 0);
  }

  /// Who has to go for a JOIN from `source`: whoever has that address, and the same stay elsewhere.
  List<Receiver> replacedBy(UnverifiedJoin message, InetSocketAddress source) {
    List<Receiver> replaced = new ArrayList<>();
    Receiver there = at(source);
    Receiver elsewhere = byStay.get(Stay.of(message));
    if (there != null && there != elsewhere) {
      replaced.add(there);
    }
    if (elsewhere != null && !ScopedAddress.isSame(elsewhere.address, source)) {
      replaced.add(elsewhere);
    }
    return replaced;
  }

  /// The cap that a JOIN from `source` would break, or null.
  @Nullable JoinRefusal fullFor(
      UnverifiedJoin message, InetSocketAddress source, JoinSettings limits) {
    if (isAt(message, source)) {
      return null;
    }
    List<Receiver> replaced = replacedBy(message, source);
    InetAddress host = source.getAddress();
    if (count(replaced, _ -> true) >= limits.max()) {
      return JoinRefusal.GROUP_FULL;
    }
    if (count(replaced, one -> one.member().equals(message.ue())) >= limits.perMember()) {
      return JoinRefusal.MEMBER_FULL;
    }
    return count(replaced, one -> one.address.getAddress().equals(host)) >= limits.perSource()
        ? JoinRefusal.SOURCE_FULL
        : null;
  }

  private long count(List<Receiver> without, Predicate<Receiver> which) {
    return byAddress.values().stream()
        .filter(one -> !without.contains(one) && which.test(one))
        .count();
  }

  /// Whether this very stay receives at `source`.
  boolean isAt(UnverifiedJoin message, InetSocketAddress source) {
    Receiver there = at(source);
    return there != null && there.stay.equals(Stay.of(message));
  }

  /// Whoever had to go is gone.
  Receiver add(UnverifiedJoin message, InetSocketAddress source, GroupMasterKey gmk, Instant now) {
    var made = new Receiver(Stay.of(message), source, gmk, now, message.timestamp());
    byAddress.put(ScopedAddress.of(source), made);
    byStay.put(made.stay, made);
    return made;
  }

  /// The receiver is still there; `message` is of its stay.
  void heard(UnverifiedJoin message, InetSocketAddress source, Instant now) {
    Receiver there = at(source);
    if (there != null) {
      there.lastT = message.timestamp();
      there.heardAt = now;
    }
  }

  /// It has ended; `remember` is two windows.
  void remove(Receiver gone, Instant now, Duration remember) {
    byAddress.remove(ScopedAddress.of(gone.address), gone);
    byStay.remove(gone.stay, gone);
    if (ended.size() >= MOST_ENDED) {
      var oldest = ended.keySet().iterator();
      oldest.next();
      oldest.remove();
    }
    ended.remove(gone.stay);
    ended.put(gone.stay, new Ended(gone.lastT, now.plus(remember)));
  }

  void forget(Instant now) {
    ended.values().removeIf(past -> past.forget().isBefore(now));
  }
}
