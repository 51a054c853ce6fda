package parley.gateway.lab;

import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;
import parley.gateway.keying.SrtpKeying;
import parley.keys.member.Member;
import parley.mikey.group.CryptoSession;
import parley.mikey.group.GroupMasterKey;
import parley.mikey.group.GroupSessionKey;
import parley.mikey.group.GskAnnouncement;
import parley.mikey.group.MediaPolicy;
import parley.mikey.group.MediaSuite;
import parley.mikey.group.UnverifiedAnnouncement;
import parley.mikey.identity.Identity;
import parley.mikey.identity.NtpTimestamp;
import parley.mikey.secret.SecretBytes;
import parley.srtp.CipherEngine;
import parley.srtp.CipherEngines;
import parley.srtp.PacketBatch;
import parley.srtp.SrtcpContext;
import parley.srtp.SrtpContext;
import parley.srtp.SrtpSession;
import parley.srtp.SrtpTransform;
import parley.srtp.Verdict;

/// One burst of a member, octet by octet in the test's hands.
public final class LabTalker {
  public static final int CS_ID = 4;
  public static final MediaPolicy GCM = new MediaPolicy(MediaSuite.AEAD_AES_128_GCM, false);

  private static final CipherEngine ENGINE = CipherEngines.jce();

  private final LabMember self;
  private final Identity group;
  private MediaPolicy policy = GCM;
  private int ssrc;
  private long index;
  private boolean withMki = true;
  private GskAnnouncement announcement;
  private SrtpContext rtp;
  private SrtcpContext rtcp;
  private @Nullable NtpTimestamp lastT;
  private final PacketBatch batch = PacketBatch.allocate(1, 1536);
  private final SrtpTransform transform = new SrtpTransform(ENGINE, 1);

  LabTalker(LabMember self, Identity group) {
    this.self = self;
    this.group = group;
    this.ssrc = self.lab().random().nextInt() | 1;
    this.index = self.lab().random().nextInt(30_000);
    begin(self.member().sendingGmk(group).orElseThrow());
  }

  public LabTalker policy(MediaPolicy wanted) {
    this.policy = wanted;
    return again();
  }

  /// A talker that cannot write an MKI: its key has no id.
  public LabTalker withoutMki() {
    this.withMki = false;
    return again();
  }

  /// The first index of the burst: `roc << 16 | seq`.
  public LabTalker from(long firstIndex) {
    this.index = firstIndex;
    return again();
  }

  public LabTalker ssrc(int wanted) {
    this.ssrc = wanted;
    return again();
  }

  /// A new burst: a new CSB with a new GSK, same SSRC and index.
  public LabTalker again() {
    begin(announcementGmk());
    return this;
  }

  /// A new burst under another GMK.
  public LabTalker under(GroupMasterKey gmk) {
    begin(gmk);
    return this;
  }

  private GroupMasterKey announcementGmk() {
    return self.member().sendingGmk(group).orElseThrow();
  }

  private void begin(GroupMasterKey gmk) {
    Member member = self.member();
    announcement =
        GskAnnouncement.prepare(
            member.identity(),
            group,
            member.homeKms().kmsUri(),
            policy,
            List.of(CryptoSession.of(CS_ID, ssrc, index)),
            null,
            gmk,
            gsk(),
            self.lab().random());
    SrtpSession session =
        SrtpKeying.session(
            policy,
            withMki ? SrtpKeying.MKI_OCTETS : 0,
            announcement.gsk(),
            CS_ID,
            announcement.csbId(),
            announcement.rand(),
            ENGINE);
    rtp = SrtpContext.sender(session, ssrc, index);
    rtcp = SrtcpContext.sender(session, ssrc);
  }

  private GroupSessionKey gsk() {
    return withMki
        ? GroupSessionKey.generate(self.lab().random())
        : GroupSessionKey.of(
            GroupSessionKey.NO_ID, SecretBytes.random(16, self.lab().random(), "GSK without id"));
  }

  public int ssrc() {
    return ssrc;
  }

  public int csbId() {
    return announcement.csbId();
  }

  /// Of the GMK under which the burst is announced.
  public int gmkId() throws Exception {
    return UnverifiedAnnouncement.read(announce()).gmkId();
  }

  public GskAnnouncement announcement() {
    return announcement;
  }

  /// A fresh announcement with the index of the next packet.
  public byte[] announce() throws Exception {
    NtpTimestamp now = NtpTimestamp.of(self.lab().clock().instant());
    NtpTimestamp t = lastT == null ? now : now.after(lastT);
    lastT = t;
    return announcement.seal(
        t,
        List.of(CryptoSession.of(CS_ID, ssrc, index)),
        self.member().signer(t),
        self.lab().random());
  }

  /// The next SRTP packet with this payload.
  public byte[] packet(byte[] payload) {
    byte[] plain =
        ByteBuffer.allocate(12 + payload.length)
            .put((byte) 0x80)
            .put((byte) 96)
            .putShort((short) index)
            .putInt((int) (index * 960))
            .putInt(ssrc)
            .put(payload)
            .array();
    index++;
    return protect(plain, true);
  }

  public byte[] packet(int n) {
    return packet(payload(n));
  }

  /// What packet `n` carries.
  public static byte[] payload(int n) {
    return ByteBuffer.allocate(8).putInt(0x70617263).putInt(n).array();
  }

  /// Leaves out `count` sequence numbers.
  public LabTalker skip(long count) {
    index += count;
    return this;
  }

  /// An SRTCP BYE behind an empty receiver report.
  public byte[] bye() {
    byte[] plain =
        ByteBuffer.allocate(16)
            .putInt(0x80c9_0001)
            .putInt(ssrc)
            .putInt(0x81cb_0001)
            .putInt(ssrc)
            .array();
    return protect(plain, false);
  }

  private byte[] protect(byte[] plain, boolean isRtp) {
    batch.clear();
    int slot = batch.add(plain.length);
    batch.buffer().put(batch.offset(slot), plain);
    batch.context(slot, isRtp ? rtp : rtcp);
    transform.protect(batch, batch);
    if (batch.verdict(slot) != Verdict.ACCEPTED) {
      throw new AssertionError("not protected: " + batch.verdict(slot));
    }
    return batch.octets(slot);
  }
}
