package parley.gateway.media;

import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What one leg has counted in one direction. Written by the group's loop, read by anyone.
///
/// Outbound packets are counted when they are handed to the socket; what the socket then drops is
/// in the reasons that begin with `SEND_`. A leg to which nothing gets through says so once, and
/// once more when it does again.
///
/// Where one label stands for many receivers, what is refused for one of them is counted and said
/// in the log, and is no fault of the leg: the others have their packets.
public final class LegCounters {
  /// Seen from this gateway.
  public enum Direction {
    IN,
    OUT
  }

  private static final int PACKETS = 0;
  private static final int OCTETS = 1;

  private static final Logger LOG = LoggerFactory.getLogger(LegCounters.class);
  private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(2);

  private volatile Leg leg;
  private final Direction direction;
  private final boolean isOfMany;
  private final AtomicLongArray traffic = new AtomicLongArray(2);
  private final AtomicLongArray drops = new AtomicLongArray(DropReason.values().length);

  private final GroupCounters group;
  private volatile @Nullable MediaPort port;
  private volatile @Nullable String sendFault;
  private long refusedSince;
  private long refusedLast;
  private long refused;

  LegCounters(Leg leg, Direction direction, GroupCounters group) {
    this.leg = leg;
    this.direction = direction;
    isOfMany = leg.isOneOfMany();
    this.group = group;
  }

  public Leg leg() {
    return leg;
  }

  /// The same place with other settings.
  void leg(Leg changed) {
    leg = changed;
  }

  public Direction direction() {
    return direction;
  }

  public long packets() {
    return traffic.getOpaque(PACKETS);
  }

  /// Octets of UDP payload.
  public long octets() {
    return traffic.getOpaque(OCTETS);
  }

  public long dropped(DropReason reason) {
    return drops.getOpaque(reason.place());
  }

  /// Why this leg does not work now, one sentence; null when it does.
  public @Nullable String fault() {
    MediaPort socket = port;
    String wrong = socket == null ? null : socket.fault();
    return wrong == null && !isOfMany ? sendFault : wrong;
  }

  /// The socket on which this leg depends; null when it has none of its own any more.
  void worksBy(@Nullable MediaPort socket) {
    if (!Objects.equals(socket, port)) {
      port = socket;
      sendFault = null;
    }
  }

  void packet(int octets) {
    packets(1, octets);
  }

  /// So many packets, of so many octets together.
  void packets(int packets, long octets) {
    GroupCounters.add(traffic, PACKETS, packets);
    GroupCounters.add(traffic, OCTETS, octets);
  }

  void drop(DropReason reason) {
    GroupCounters.add(drops, reason.place(), 1);
  }

  /// A packet for this leg was dropped before the kernel had seen it, or for want of room.
  void lost(DropReason reason) {
    group.drop(reason, this);
  }

  /// The same of so many packets.
  void lost(DropReason reason, long packets) {
    group.drop(reason, packets);
    GroupCounters.add(drops, reason.place(), packets);
  }

  /// So many packets for this leg were refused by the kernel; `sentence` says why and what to do.
  void refused(DropReason reason, int packets, String sentence) {
    lost(reason, packets);
    refusedLast = System.nanoTime();
    refused += packets;
    if (sendFault == null) {
      refusedSince = refusedLast;
      LOG.atWarn().addKeyValue("leg", leg.name()).log(sentence);
    }
    sendFault = sentence;
  }

  /// A packet for this leg was taken by the kernel.
  void sent() {
    if (sendFault != null && System.nanoTime() - refusedLast > QUIET_NANOS) {
      sendFault = null;
      LOG.atInfo()
          .addKeyValue("leg", leg.name())
          .addKeyValue("lost", refused)
          .addKeyValue("seconds", TimeUnit.NANOSECONDS.toSeconds(refusedLast - refusedSince))
          .log("the leg works again");
      refused = 0;
    }
  }
}
