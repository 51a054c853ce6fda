package parley.srtp;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// Keys, policies and packets that the tests share.
final class Streams {
  static final int SSRC = 0x5eed_1234;
  static final CipherEngine ENGINE = CipherEngines.jce();
  static final byte[] MKI = {(byte) 0xf0, 1, 2, 3};

  private Streams() {}

  /// Every profile, with and without MKI, with RCCm3 where it is allowed.
  static List<SrtpPolicy> policies() {
    List<SrtpPolicy> policies = new ArrayList<>();
    for (SrtpProfile profile : SrtpProfile.values()) {
      for (int mkiOctets : new int[] {0, MKI.length}) {
        policies.add(new SrtpPolicy(profile, false, mkiOctets));
        if (profile.isAead()) {
          policies.add(new SrtpPolicy(profile, true, mkiOctets));
        }
      }
    }
    return policies;
  }

  static SrtpPolicy gcm() {
    return new SrtpPolicy(SrtpProfile.AEAD_AES_128_GCM, false, MKI.length);
  }

  static byte[] key(SrtpProfile profile, long seed) {
    byte[] key = new byte[profile.masterKeyOctets()];
    new Random(seed).nextBytes(key);
    return key;
  }

  static byte[] salt(SrtpProfile profile, long seed) {
    byte[] salt = new byte[profile.masterSaltOctets()];
    new Random(~seed).nextBytes(salt);
    return salt;
  }

  static SrtpSession session(SrtpPolicy policy) {
    return session(policy, 1, ENGINE);
  }

  static SrtpSession session(SrtpPolicy policy, long seed, CipherEngine engine) {
    SrtpProfile profile = policy.profile();
    byte[] mki = policy.mkiOctets() == 0 ? new byte[0] : MKI;
    try (MasterKey key = MasterKey.of(profile, key(profile, seed), salt(profile, seed), mki)) {
      return SrtpSession.of(policy, key, engine);
    }
  }

  /// A packet of 20 octets of payload that tell its index.
  static byte[] rtp(int ssrc, long index) {
    return ByteBuffer.allocate(32)
        .putShort((short) 0x8060)
        .putShort((short) index)
        .putInt((int) index * 160)
        .putInt(ssrc)
        .putLong(index)
        .putLong(~index)
        .putInt(7)
        .array();
  }

  /// A packet with two CSRCs, an extension of one word, and padding.
  static byte[] ornateRtp(int ssrc, long index) {
    return ByteBuffer.allocate(48)
        .putShort((short) 0xb260)
        .putShort((short) index)
        .putInt((int) index * 160)
        .putInt(ssrc)
        .putInt(1)
        .putInt(2)
        .putShort((short) 0xbede)
        .putShort((short) 1)
        .putInt(0x10aa0000)
        .putLong(index)
        .putLong(0x0000_0004)
        .putInt(4)
        .array();
  }

  /// An SDES and a BYE with the sender's SSRC.
  static byte[] rtcp(int ssrc) {
    return ByteBuffer.allocate(28)
        .putInt(0x81ca0004)
        .putInt(ssrc)
        .putLong(0x0108_6869_2e64_6d6fL)
        .putInt(0)
        .putInt(0x81cb0001)
        .putInt(ssrc)
        .array();
  }

  static byte[] protect(CryptoContext sender, byte[] packet) {
    PacketBatch batch = PacketBatch.allocate(1, packet.length + 64);
    batch.context(batch.add(packet), sender);
    transform(sender, 1).protect(batch, batch);
    if (batch.verdict(0) != Verdict.ACCEPTED) {
      throw new AssertionError(sender + " refused: " + batch.verdict(0));
    }
    return batch.octets(0);
  }

  static Verdict unprotect(CryptoContext receiver, byte[] packet) {
    PacketBatch batch = PacketBatch.allocate(1, Math.max(1, packet.length));
    batch.context(batch.add(packet), receiver);
    transform(receiver, 1).unprotect(batch, batch);
    return batch.verdict(0);
  }

  static SrtpTransform transform(CryptoContext context, int capacity) {
    return new SrtpTransform(context.session().engine(), capacity);
  }

  /// Everything a receiver remembers, to compare before and after.
  static String state(CryptoContext context) {
    return switch (context) {
      case SrtpContext srtp -> srtp + " " + srtp.received() + srtp.session().srtp().packetsLeft();
      case SrtcpContext srtcp ->
          srtcp + " " + srtcp.received() + srtcp.session().srtcp().packetsLeft();
    };
  }
}
