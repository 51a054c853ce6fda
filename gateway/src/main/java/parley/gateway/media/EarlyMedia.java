package parley.gateway.media;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import parley.srtp.PacketBatch;

/// Media that came before the verdict on its announcement.
///
/// An announcement whose MAC was good may hold a few packets for a short time while its signature
/// is checked. Bounded for each announcement and in total; packets are found by SSRC and MKI.
/// Confined to the group's loop; holding a packet allocates nothing.
final class EarlyMedia {
  private final MediaLimits limits;
  private final List<HeldMedia> waiting = new ArrayList<>();
  private final Deque<HeldMedia> idle = new ArrayDeque<>();

  EarlyMedia(MediaLimits limits) {
    this.limits = limits;
  }

  /// Holds from now on; without effect when this announcement holds already, or too many others do.
  void hold(int csbId, int mki, int[] ssrcs, long nowMillis) {
    if (waiting.size() == limits.heldAnnouncements() || isHolding(csbId)) {
      return;
    }
    HeldMedia held = idle.isEmpty() ? new HeldMedia(limits.heldPackets()) : idle.pop();
    held.begin(csbId, mki, ssrcs, nowMillis + limits.holdFor().toMillis());
    waiting.add(held);
  }

  private boolean isHolding(int csbId) {
    for (HeldMedia held : waiting) {
      if (held.csbId() == csbId) {
        return true;
      }
    }
    return false;
  }

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  /// Where a packet of no installed stream may wait.
  @Nullable HeldMedia find(PacketBatch batch, int slot, int ssrc) {
    for (int i = 0; i < waiting.size(); i++) {
      if (waiting.get(i).matches(batch, slot, ssrc)) {
        return waiting.get(i);
      }
    }
    return null;
  }

  /// Takes the announcement's packets out; give them back with [#giveBack].
  @Nullable HeldMedia take(int csbId) {
    for (Iterator<HeldMedia> each = waiting.iterator(); each.hasNext(); ) {
      HeldMedia held = each.next();
      if (held.csbId() == csbId) {
        each.remove();
        return held;
      }
    }
    return null;
  }

  /// Takes out one whose time is over.
  @Nullable HeldMedia takeExpired(long nowMillis) {
    for (HeldMedia held : waiting) {
      if (held.expiresMillis() <= nowMillis) {
        waiting.remove(held);
        return held;
      }
    }
    return null;
  }

  void giveBack(HeldMedia held) {
    held.packets().clear();
    idle.push(held);
  }
}
