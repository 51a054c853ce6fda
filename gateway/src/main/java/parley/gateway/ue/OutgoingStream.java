package parley.gateway.ue;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import parley.gateway.media.Destination;
import parley.gateway.media.Leg;
import parley.gateway.media.MediaPort;
import parley.gateway.media.RtcpMode;
import parley.mikey.identity.NtpTimestamp;
import parley.srtp.CipherEngine;
import parley.srtp.CryptoContext;
import parley.srtp.PacketBatch;
import parley.srtp.SrtcpContext;
import parley.srtp.SrtpContext;
import parley.srtp.SrtpSession;
import parley.srtp.SrtpTransform;
import parley.srtp.Verdict;

/// One SSRC on its way out: a packet is written, protected and handed to the socket.
///
/// Its index only rises and ends with the object: a stopped talker begins anew under another key.
/// Confined to the loop of its port.
final class OutgoingStream implements AutoCloseable {
  private static final int SLOT_OCTETS = 2048;

  private final RtpStream rtp;
  private final SenderReport report;
  private final SrtpSession session;
  private final SrtpContext srtp;
  private final SrtcpContext srtcp;
  private final SrtpTransform transform;
  private final PacketBatch batch = PacketBatch.allocate(1, SLOT_OCTETS);
  private final MediaPort port;
  private final Destination media;
  private final Destination control;
  private boolean isAnnouncementQueued;

  /// Takes over `session` and closes it in the end; `firstIndex` is that of `rtp`.
  OutgoingStream(
      RtpStream rtp,
      long firstIndex,
      SenderReport report,
      SrtpSession session,
      CipherEngine engine,
      MediaPort port,
      Leg to) {
    this.rtp = rtp;
    this.report = report;
    this.session = session;
    this.srtp = SrtpContext.sender(session, rtp.ssrc(), firstIndex);
    this.srtcp = SrtcpContext.sender(session, rtp.ssrc());
    this.transform = new SrtpTransform(engine, 1);
    this.port = port;
    this.media = Destination.of(to.address());
    this.control = to.rtcp() == RtcpMode.MUX ? media : Destination.of(nextPort(to.address()));
  }

  RtpStream rtp() {
    return rtp;
  }

  /// Queues an announcement: it leaves in one go with the packet that follows, or by
  /// [#flushAnnouncement].
  void announce(byte[] announcement) {
    port.send(ByteBuffer.wrap(announcement), media);
    isAnnouncementQueued = true;
  }

  /// Lets an announcement go that no packet has taken along.
  void flushAnnouncement() {
    if (isAnnouncementQueued) {
      flush();
    }
  }

  private void flush() {
    isAnnouncementQueued = false;
    port.flush();
  }

  void send(SpeechFrame frame) {
    send(srtp, media, packet -> rtp.write(frame, packet));
  }

  void report(NtpTimestamp now) {
    send(srtcp, control, packet -> report.write(rtp, now.bits(), packet));
  }

  void bye(NtpTimestamp now) {
    send(srtcp, control, packet -> report.writeBye(rtp, now.bits(), packet));
  }

  /// Flushes at once, because the next packet takes the same slot.
  private void send(CryptoContext context, Destination to, Consumer<ByteBuffer> writer) {
    batch.clear();
    int slot = batch.add(0);
    ByteBuffer packet = batch.buffer().slice(batch.offset(slot), batch.slotOctets());
    writer.accept(packet);
    batch.length(slot, packet.position());
    batch.context(slot, context);
    transform.protect(batch, batch);
    if (batch.verdict(slot) != Verdict.ACCEPTED) {
      throw new IllegalStateException("this burst is at its end: " + batch.verdict(slot));
    }
    port.send(batch, slot, to);
    flush();
  }

  private static InetSocketAddress nextPort(InetSocketAddress address) {
    return new InetSocketAddress(address.getAddress(), address.getPort() + 1);
  }

  @Override
  public void close() {
    session.close();
  }
}
