package parley.gateway.media;

import java.time.InstantSource;
import parley.srtp.PacketBatch;
import parley.srtp.SrtpContext;
import parley.srtp.SrtpTransform;
import parley.srtp.Verdict;

/// Finds out whether a packet that looks like a replay was sealed under an index already used: two
/// transmitters with one key, or one that resumed an old key. With GCM that gives away the
/// authentication key.
///
/// Anyone can forge the suspicion, so the packet must authenticate, and only a few a second are
/// tried. Confined to the group's loop; a trial allocates.
final class IvReuseWatch {
  private static final long TRIAL_EVERY_MILLIS = 100;

  private final SrtpTransform transform;
  private final InstantSource clock;
  private final PacketBatch sealed = PacketBatch.allocate(1, ReceivedBatch.SLOT_OCTETS);
  private final PacketBatch plain = PacketBatch.allocate(1, ReceivedBatch.SLOT_OCTETS);
  private long nextTrialMillis = Long.MIN_VALUE;

  IvReuseWatch(SrtpTransform transform, InstantSource clock) {
    this.transform = transform;
    this.clock = clock;
  }

  boolean isReuse(Stream stream, PacketBatch batch, int slot) {
    if (!stream.recent().wasOther(batch, slot, stream.session().policy())) {
      return false;
    }
    long now = clock.millis();
    if (now < nextTrialMillis) {
      return false;
    }
    nextTrialMillis = now + TRIAL_EVERY_MILLIS;
    return authenticates(stream, batch, slot);
  }

  /// Under a fresh context, which has no replay list to refuse it and changes no state of the
  /// stream.
  private boolean authenticates(Stream stream, PacketBatch batch, int slot) {
    sealed.clear();
    sealed.add(batch.length(slot));
    batch.copy(slot, sealed, 0);
    sealed.context(
        0, SrtpContext.receiver(stream.session(), stream.ssrc(), batch.packetIndex(slot)));
    transform.unprotect(sealed, plain);
    return plain.verdict(0) == Verdict.ACCEPTED;
  }
}
