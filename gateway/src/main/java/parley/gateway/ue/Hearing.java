package parley.gateway.ue;

import java.util.HashMap;
import java.util.Map;
import parley.gateway.media.Burst;
import parley.gateway.media.BurstEnd;
import parley.gateway.media.MediaTap;
import parley.gateway.media.Stream;
import parley.mikey.identity.Identity;
import parley.srtp.PacketBatch;

/// The listener's place in the media pipeline: keeps a copy of each authenticated packet.
///
/// A gateway's taps allocate nothing; a terminal hears a few talkers, and copies.
final class Hearing implements MediaTap {
  private final Identity listener;
  private final Ear ear;
  private final BridgedTwins twins = new BridgedTwins();
  private final Map<Burst, HeardBurst> open = new HashMap<>();

  Hearing(Identity listener, Ear ear) {
    this.listener = listener;
    this.ear = ear;
  }

  @Override
  public void burstStarted(Burst burst) {
    HeardBurst heard = new HeardBurst(burst, listener);
    open.put(burst, heard);
    if (twins.begins(heard.origin(), heard.signer())) {
      ear.begins(heard);
    }
  }

  @Override
  public void announcement(Burst burst, byte[] octets, long receivedUnixNanos) {}

  @Override
  public void packet(
      Burst burst,
      Stream stream,
      PacketBatch sealed,
      PacketBatch plain,
      int slot,
      long receivedUnixNanos) {
    HeardBurst heard = open.get(burst);
    if (heard != null) {
      heard.add(plain.octets(slot), plain.packetIndex(slot), receivedUnixNanos);
    }
  }

  @Override
  public void rtcp(
      Burst burst,
      Stream stream,
      PacketBatch sealed,
      PacketBatch plain,
      int slot,
      long receivedUnixNanos) {}

  @Override
  public void burstEnded(Burst burst, BurstEnd why) {
    HeardBurst heard = open.remove(burst);
    if (heard == null) {
      return;
    }
    heard.end(why);
    if (twins.isHeard(heard.origin(), heard.signer())) {
      ear.ended(heard);
    }
  }
}
