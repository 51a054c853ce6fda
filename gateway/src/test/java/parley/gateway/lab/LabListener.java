package parley.gateway.lab;

import java.util.Arrays;
import parley.gateway.keying.SrtpKeying;
import parley.mikey.group.CryptoSession;
import parley.mikey.group.GroupMasterKey;
import parley.mikey.group.GroupSessionKey;
import parley.mikey.group.UnverifiedAnnouncement;
import parley.srtp.CipherEngine;
import parley.srtp.CipherEngines;
import parley.srtp.PacketBatch;
import parley.srtp.SrtcpContext;
import parley.srtp.SrtpContext;
import parley.srtp.SrtpSession;
import parley.srtp.SrtpTransform;
import parley.srtp.Verdict;

/// Opens the packets of one announced burst, with what its announcement and its GMK give.
public final class LabListener {
  private static final CipherEngine ENGINE = CipherEngines.jce();
  private static final int HEADER_OCTETS = 12;

  private final SrtpContext rtp;
  private final SrtcpContext rtcp;
  private final PacketBatch batch = PacketBatch.allocate(1, 1536);
  private final SrtpTransform transform = new SrtpTransform(ENGINE, 1);

  private LabListener(SrtpSession session, CryptoSession cs) {
    rtp = SrtpContext.receiver(session, cs.ssrc(), cs.nextIndex());
    rtcp = SrtcpContext.receiver(session, cs.ssrc());
  }

  /// `member` holds the GMK under which this was announced.
  public static LabListener of(LabMember member, byte[] announcement) throws Exception {
    UnverifiedAnnouncement heard = UnverifiedAnnouncement.read(announcement);
    GroupMasterKey gmk = member.member().gmkBook().find(heard.group(), heard.gmkId()).orElseThrow();
    if (!heard.isMacValid(gmk) || heard.policy() == null) {
      throw new AssertionError("not an announcement for " + member);
    }
    CryptoSession cs = heard.sessions().getFirst();
    try (GroupSessionKey gsk = heard.unwrap(gmk)) {
      return new LabListener(
          SrtpKeying.session(
              heard.policy(),
              SrtpKeying.MKI_OCTETS,
              gsk,
              cs.csId(),
              heard.csbId(),
              heard.rand(),
              ENGINE),
          cs);
    }
  }

  /// The payload of an SRTP packet of this burst.
  public byte[] payload(byte[] packet) {
    byte[] plain = open(packet, true);
    return Arrays.copyOfRange(plain, HEADER_OCTETS, plain.length);
  }

  /// Whether an SRTCP packet of this burst ends with a BYE.
  public boolean isBye(byte[] packet) {
    byte[] plain = open(packet, false);
    return (plain[plain.length - 7] & 0xFF) == 203;
  }

  /// The index of the last packet opened.
  public long index() {
    return rtp.highestIndex();
  }

  private byte[] open(byte[] packet, boolean isRtp) {
    batch.clear();
    int slot = batch.add(packet);
    batch.context(slot, isRtp ? rtp : rtcp);
    transform.unprotect(batch, batch);
    if (batch.verdict(slot) != Verdict.ACCEPTED) {
      throw new AssertionError("does not open: " + batch.verdict(slot));
    }
    return batch.octets(slot);
  }
}
