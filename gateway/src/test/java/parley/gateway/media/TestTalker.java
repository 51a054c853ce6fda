package parley.gateway.media;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import parley.mikey.identity.Identity;
import parley.srtp.CipherEngine;
import parley.srtp.MasterKey;
import parley.srtp.PacketBatch;
import parley.srtp.SrtcpContext;
import parley.srtp.SrtpContext;
import parley.srtp.SrtpPolicy;
import parley.srtp.SrtpProfile;
import parley.srtp.SrtpSession;
import parley.srtp.SrtpTransform;
import parley.srtp.Verdict;

/// One SSRC under one key: seals packets as its talker would, and makes the burst that a gateway
/// would install for it.
final class TestTalker {
  static final SrtpPolicy GCM = new SrtpPolicy(SrtpProfile.AEAD_AES_128_GCM, false, 4);
  static final SrtpPolicy GCM_RCC = new SrtpPolicy(SrtpProfile.AEAD_AES_128_GCM, true, 4);
  static final SrtpPolicy CM = new SrtpPolicy(SrtpProfile.AES_CM_128_HMAC_SHA1_80, false, 4);

  final int ssrc;
  final int mki;
  final SrtpPolicy policy;
  private final CipherEngine engine;
  private final SrtpTransform transform;
  private final SrtcpContext rtcp;
  private SrtpContext rtp;

  TestTalker(CipherEngine engine, SrtpPolicy policy, int ssrc, int mki, long firstIndex) {
    this.engine = engine;
    this.policy = policy;
    this.ssrc = ssrc;
    this.mki = mki;
    this.transform = new SrtpTransform(engine, 1);
    this.rtp = SrtpContext.sender(session(), ssrc, firstIndex);
    this.rtcp = SrtcpContext.sender(session(), ssrc);
  }

  TestTalker(CipherEngine engine, SrtpPolicy policy, int ssrc, int mki) {
    this(engine, policy, ssrc, mki, 0);
  }

  /// A session of its own on the same key, as each receiver has one.
  SrtpSession session() {
    SrtpProfile profile = policy.profile();
    byte[] key = new byte[profile.masterKeyOctets()];
    Arrays.fill(key, (byte) mki);
    byte[] salt = new byte[profile.masterSaltOctets()];
    Arrays.fill(salt, (byte) (mki >>> 8));
    byte[] id = policy.mkiOctets() == 0 ? new byte[0] : ByteBuffer.allocate(4).putInt(mki).array();
    try (MasterKey master = MasterKey.of(profile, key, salt, id)) {
      return SrtpSession.of(policy, master, engine);
    }
  }

  /// What keying would install; the next index is not known.
  Burst burst(int csbId) {
    return burst(csbId, -1);
  }

  Burst burst(int csbId, long nextIndex) {
    return Burst.unannounced(
        new Burst.Origin(
            new Identity("sip:fire-ops@example.org"),
            new Identity("sip:alice@example.org"),
            null,
            csbId,
            mki),
        policy,
        List.of(new StreamKeys(ssrc, 4, session(), nextIndex)),
        Instant.EPOCH);
  }

  /// Starts again at this index: what no talker may do.
  void rewind(long index) {
    rtp = SrtpContext.sender(session(), ssrc, index);
  }

  byte[] rtp(int seq, String payload) {
    return seal(plainRtp(ssrc, seq, payload), true);
  }

  static byte[] plainRtp(int ssrc, int seq, String payload) {
    byte[] octets = payload.getBytes(StandardCharsets.US_ASCII);
    return ByteBuffer.allocate(12 + octets.length)
        .put((byte) 0x80)
        .put((byte) 96)
        .putShort((short) seq)
        .putInt(160 * seq)
        .putInt(ssrc)
        .put(octets)
        .array();
  }

  byte[] rtcp(byte[] plain) {
    return seal(plain, false);
  }

  byte[] bye() {
    return rtcp(
        ByteBuffer.allocate(8)
            .put((byte) 0x81)
            .put((byte) 203)
            .putShort((short) 1)
            .putInt(ssrc)
            .array());
  }

  private byte[] seal(byte[] plain, boolean isRtp) {
    PacketBatch batch = PacketBatch.allocate(1, 2048);
    batch.add(plain);
    batch.context(0, isRtp ? rtp : rtcp);
    transform.protect(batch, batch);
    if (batch.verdict(0) != Verdict.ACCEPTED) {
      throw new IllegalStateException("not sealed: " + batch.verdict(0));
    }
    return batch.octets(0);
  }

  /// What a receiver who knows the key and the next index reads.
  byte[] open(byte[] sealed, long nextIndex, boolean isRtp) {
    PacketBatch batch = PacketBatch.allocate(1, 2048);
    batch.add(sealed);
    SrtpSession session = session();
    batch.context(
        0,
        isRtp
            ? SrtpContext.receiver(session, ssrc, nextIndex)
            : SrtcpContext.receiver(session, ssrc));
    transform.unprotect(batch, batch);
    if (batch.verdict(0) != Verdict.ACCEPTED) {
      throw new IllegalStateException("not opened: " + batch.verdict(0));
    }
    return batch.octets(0);
  }
}
