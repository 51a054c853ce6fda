package parley.gateway.media;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import parley.srtp.PacketBatch;
import parley.srtp.RtcpPacket;
import parley.srtp.RtpPacket;
import parley.srtp.SrtpTransform;
import parley.srtp.Verdict;

/// Where a group takes in packets that other groups pass on to it: rewritten, encrypted as a batch
/// under this gateway's keys, then fanned out and tapped like any other packet of the group.
///
/// Confined to the loop of all groups concerned; its memory is laid out with the first re-keying.
final class RekeyOutput {
  private final SrtpTransform transform;
  private final FanOut fanOut;
  private final MediaTap tap;
  private final GroupCounters counters;
  private final int pathOctets;
  private final PacketBatch plain = ReceivedBatch.newBatch();
  private final PacketBatch sealed = ReceivedBatch.newBatch();
  private final @Nullable OutboundStream[] streams =
      new @Nullable OutboundStream[ReceivedBatch.SLOTS];
  private final boolean[] rtcp = new boolean[ReceivedBatch.SLOTS];
  private final long[] receivedUnixNanos = new long[ReceivedBatch.SLOTS];
  private final List<Rekeying> rekeyings = new ArrayList<>();

  RekeyOutput(
      SrtpTransform transform,
      FanOut fanOut,
      MediaTap tap,
      GroupCounters counters,
      int pathOctets) {
    this.transform = transform;
    this.fanOut = fanOut;
    this.tap = tap;
    this.counters = counters;
    this.pathOctets = pathOctets;
  }

  /// How many datagrams a packet becomes.
  int outputs() {
    return fanOut.size();
  }

  void begin(Rekeying rekeying) {
    rekeyings.add(rekeying);
  }

  void end(Rekeying rekeying) {
    rekeyings.remove(rekeying);
  }

  List<Rekeying> rekeyings() {
    return List.copyOf(rekeyings);
  }

  /// Whether this gateway sends under that SSRC here.
  boolean owns(int ssrc) {
    for (int i = 0; i < rekeyings.size(); i++) {
      List<OutboundStream> own = rekeyings.get(i).streams();
      for (int j = 0; j < own.size(); j++) {
        if (own.get(j).ssrc() == ssrc) {
          return true;
        }
      }
    }
    return false;
  }

  /// Takes over one authenticated packet in clear, or drops and counts it.
  void add(OutboundStream to, PacketBatch from, int slot, boolean isRtcp, long unixNanos) {
    if (plain.size() == plain.capacity()) {
      flush();
    }
    int taken = plain.size();
    plain.add(from.length(slot));
    from.copy(slot, plain, taken);
    streams[taken] = to;
    rtcp[taken] = isRtcp;
    receivedUnixNanos[taken] = unixNanos;
    DropReason refused = isRtcp ? rewriteRtcp(to, taken) : rewriteRtp(to, taken);
    if (refused != null) {
      counters.drop(refused);
      plain.context(taken, null);
      streams[taken] = null;
    }
  }

  private @Nullable DropReason rewriteRtp(OutboundStream to, int slot) {
    long index = to.index().of(plain.packetIndex(slot));
    if (index == OutboundIndex.NONE) {
      return DropReason.REKEY_INDEX;
    }
    RtpPacket.seq(plain.memory(), plain.offset(slot), (int) index & 0xffff);
    RtpPacket.ssrc(plain.memory(), plain.offset(slot), to.ssrc());
    plain.packetIndex(slot, index);
    plain.context(slot, to.rtp());
    return null;
  }

  private @Nullable DropReason rewriteRtcp(OutboundStream to, int slot) {
    if (!CompoundRtcp.rewriteSsrcs(plain, slot, to.rekeying())) {
      return DropReason.REKEY_RTCP;
    }
    RtcpPacket.ssrc(plain.memory(), plain.offset(slot), to.ssrc());
    plain.context(slot, to.rtcp());
    return null;
  }

  /// Says BYE in every outbound stream, for a burst that this gateway ends by itself: its
  /// listeners, and gateways that stand by, need not wait for its silence (RFC 3550, 6.6).
  void sayBye(Rekeying rekeying, long unixNanos) {
    flush();
    for (OutboundStream to : rekeying.streams()) {
      if (!to.stream().burst().isMuted()) {
        int slot = CompoundRtcp.addBye(plain, to.ssrc());
        plain.context(slot, to.rtcp());
        streams[slot] = to;
        rtcp[slot] = true;
        receivedUnixNanos[slot] = unixNanos;
      }
    }
    flush();
  }

  /// Encrypts what was taken over and sends it; afterwards nothing is queued or kept.
  void flush() {
    if (plain.size() == 0) {
      return;
    }
    try {
      transform.protect(plain, sealed);
      for (int slot = 0; slot < plain.size(); slot++) {
        OutboundStream to = streams[slot];
        if (to != null) {
          send(to, slot);
        }
      }
    } finally {
      fanOut.flush();
      plain.clear();
    }
  }

  private void send(OutboundStream to, int slot) {
    Verdict verdict = sealed.verdict(slot);
    if (verdict != Verdict.ACCEPTED) {
      counters.drop(reason(verdict));
      return;
    }
    if (to.stream().burst().isMuted()) {
      counters.drop(DropReason.MUTED);
    } else {
      fanOut(slot);
    }
    tap(to.stream(), slot);
  }

  private void fanOut(int slot) {
    if (sealed.length(slot) > pathOctets) {
      counters.drop(DropReason.OVER_MTU);
    }
    fanOut.send(sealed, slot, rtcp[slot], null);
  }

  private void tap(Stream stream, int slot) {
    stream.accepted(sealed.length(slot), receivedUnixNanos[slot]);
    if (rtcp[slot]) {
      tap.rtcp(stream.burst(), stream, sealed, plain, slot, receivedUnixNanos[slot]);
    } else {
      tap.packet(stream.burst(), stream, sealed, plain, slot, receivedUnixNanos[slot]);
    }
  }

  /// A sender's index is refused, not replayed.
  private static DropReason reason(Verdict verdict) {
    return verdict == Verdict.REPLAYED || verdict == Verdict.STALE
        ? DropReason.REKEY_INDEX
        : DropReason.of(verdict);
  }
}
