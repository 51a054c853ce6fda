package parley.gateway.ue;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import parley.gateway.keying.SrtpKeying;
import parley.mikey.eccsi.EccsiVerifier;
import parley.mikey.group.CryptoSession;
import parley.mikey.group.GroupMasterKey;
import parley.mikey.group.GroupSessionKey;
import parley.mikey.group.MediaPolicy;
import parley.mikey.group.UnverifiedAnnouncement;
import parley.mikey.identity.KmsCertificate;
import parley.mikey.message.MalformedMessage;
import parley.srtp.CipherEngine;
import parley.srtp.CipherEngines;
import parley.srtp.CryptoContext;
import parley.srtp.PacketBatch;
import parley.srtp.RtcpPacket;
import parley.srtp.RtpPacket;
import parley.srtp.SrtcpContext;
import parley.srtp.SrtpContext;
import parley.srtp.SrtpSession;
import parley.srtp.SrtpTransform;
import parley.srtp.Verdict;

/// One burst as it stood on the wire, verified and opened by the libraries alone.
final class WireBurst {
  private final CipherEngine engine = CipherEngines.jce();
  private final SrtpTransform transform = new SrtpTransform(engine, 1);
  private final PacketBatch batch = PacketBatch.allocate(1, 4096);
  private final List<UnverifiedAnnouncement> announcements = new ArrayList<>();
  private final List<Long> announcedIndices = new ArrayList<>();
  private final List<Long> indicesAfterAnnouncements = new ArrayList<>();
  private final List<String> kinds = new ArrayList<>();
  private final List<byte[]> payloads = new ArrayList<>();
  private final List<Long> indices = new ArrayList<>();
  private final SrtpContext rtp;
  private final SrtcpContext rtcp;

  private WireBurst(UnverifiedAnnouncement first, GroupMasterKey gmk) throws MalformedMessage {
    CryptoSession stream = first.sessions().getFirst();
    MediaPolicy policy = Objects.requireNonNull(first.policy());
    try (GroupSessionKey gsk = first.unwrap(gmk)) {
      SrtpSession session =
          SrtpKeying.session(policy, 4, gsk, stream.csId(), first.csbId(), first.rand(), engine);
      rtp = SrtpContext.receiver(session, stream.ssrc(), stream.nextIndex());
      rtcp = SrtcpContext.receiver(session, stream.ssrc());
    }
  }

  /// Receives up to BYE; every packet must authenticate and every announcement be signed.
  static WireBurst receive(WireReceiver wire, GroupMasterKey gmk, KmsCertificate kms)
      throws IOException, MalformedMessage {
    byte[] first = wire.receiveUntil(_ -> true).getFirst();
    WireBurst burst = new WireBurst(UnverifiedAnnouncement.read(first), gmk);
    burst.announcement(first, gmk, kms);
    while (!burst.kinds.getLast().equals("bye")) {
      byte[] next = wire.receiveUntil(_ -> true).getFirst();
      if (isMedia(next)) {
        burst.media(next);
      } else {
        burst.announcement(next, gmk, kms);
      }
    }
    return burst;
  }

  static boolean isMedia(byte[] packet) {
    return (packet[0] & 0xC0) == 0x80;
  }

  static boolean isRtcp(byte[] packet) {
    int type = packet[1] & 0xFF;
    return isMedia(packet) && type >= 192 && type <= 223;
  }

  private void announcement(byte[] octets, GroupMasterKey gmk, KmsCertificate kms)
      throws MalformedMessage {
    UnverifiedAnnouncement message = UnverifiedAnnouncement.read(octets);
    assertThat(message.isRandBound()).isTrue();
    assertThat(message.isMacValid(gmk)).isTrue();
    assertThat(message.isSigned(kms, new EccsiVerifier(1))).isTrue();
    announcements.add(message);
    announcedIndices.add(message.sessions().getFirst().nextIndex());
    kinds.add("announcement");
  }

  private void media(byte[] packet) {
    CryptoContext context = isRtcp(packet) ? rtcp : rtp;
    batch.clear();
    batch.add(packet.length);
    batch.buffer().put(batch.offset(0), packet);
    batch.context(0, context);
    transform.unprotect(batch, batch);
    assertThat(batch.verdict(0)).isEqualTo(Verdict.ACCEPTED);
    if (context == rtp) {
      keep(batch.octets(0));
    } else {
      kinds.add(isBye() ? "bye" : "report");
    }
  }

  private void keep(byte[] clear) {
    int header = RtpPacket.headerOctets(batch.memory(), batch.offset(0), batch.length(0));
    payloads.add(Arrays.copyOfRange(clear, header, clear.length));
    indices.add(batch.packetIndex(0));
    if (kinds.getLast().equals("announcement")) {
      indicesAfterAnnouncements.add(batch.packetIndex(0));
    }
    kinds.add("rtp");
  }

  /// Whether the last part of the compound is a BYE.
  private boolean isBye() {
    int at = 0;
    boolean bye = false;
    while (at < batch.length(0)) {
      bye = RtcpPacket.packetType(batch.memory(), batch.offset(0) + at) == RtcpPacket.BYE;
      at += RtcpPacket.partOctets(batch.memory(), batch.offset(0) + at);
    }
    return bye;
  }

  List<UnverifiedAnnouncement> announcements() {
    return announcements;
  }

  /// The signed index in each announcement.
  List<Long> announcedIndices() {
    return announcedIndices;
  }

  /// The index of the packet behind each announcement.
  List<Long> indicesAfterAnnouncements() {
    return indicesAfterAnnouncements;
  }

  /// announcement, rtp, report, bye: in the order of their arrival.
  List<String> kinds() {
    return kinds;
  }

  List<byte[]> payloads() {
    return payloads;
  }

  List<Long> indices() {
    return indices;
  }
}
