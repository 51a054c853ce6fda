package parley.srtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every engine gives the same octets and the same verdicts: batches of mixed profiles and streams,
/// SRTP and SRTCP, payloads of 0 to 1500 octets, any header, any MKI, tags that were tampered with.
class EngineComparisonTest {
  /// 10^5 in the ordinary build; `-Dcomparison.packets=100000000` makes a campaign of it.
  private static final long PACKETS = Long.getLong("comparison.packets", 100_000);

  private static final int BATCH = 32;
  private static final int SLOT_OCTETS = 2048;
  private static final CipherEngine REFERENCE = CipherEngines.jce();

  static List<CipherEngine> engines() {
    List<CipherEngine> engines = new ArrayList<>();
    for (NativeEngine.Tier tier : NativeEngine.Tier.values()) {
      if (NativeLibrary.MISSING == null && tier.isAvailable()) {
        engines.add(new NativeEngine(tier));
      }
    }
    if (OpenSslLibrary.MISSING == null) {
      engines.add(new OpenSslEngine());
    }
    return engines;
  }

  @ParameterizedTest
  @MethodSource("engines")
  void octetsAndVerdictsAreThoseOfTheReference(CipherEngine engine) {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    SrtpTransform ours = new SrtpTransform(engine, BATCH);
    SrtpTransform theirs = new SrtpTransform(REFERENCE, BATCH);
    PacketBatch plain = PacketBatch.allocate(BATCH, SLOT_OCTETS);
    PacketBatch plain2 = PacketBatch.allocate(BATCH, SLOT_OCTETS);
    PacketBatch sealed = PacketBatch.allocate(BATCH, SLOT_OCTETS);
    PacketBatch sealed2 = PacketBatch.allocate(BATCH, SLOT_OCTETS);
    long compared = 0;
    for (int b = 0; compared < PACKETS; b++) {
      int packets = 1 + random.nextInt(BATCH);
      compared += packets;
      List<SrtpSession> sessions = new ArrayList<>();
      plain.clear();
      plain2.clear();
      boolean[] rtcp = new boolean[packets];
      SrtpSession[] mine = new SrtpSession[packets];
      SrtpSession[] other = new SrtpSession[packets];
      int[] ssrcs = new int[packets];
      for (int i = 0; i < packets; i++) {
        SrtpPolicy policy = policy(random);
        rtcp[i] = random.nextInt(4) == 0;
        long key = random.nextLong();
        mine[i] = session(policy, key, engine);
        other[i] = session(policy, key, REFERENCE);
        sessions.add(mine[i]);
        sessions.add(other[i]);
        byte[] packet = rtcp[i] ? rtcpPacket(random) : rtpPacket(random);
        ssrcs[i] = java.nio.ByteBuffer.wrap(packet).getInt(rtcp[i] ? 4 : 8);
        long index = rtcp[i] ? random.nextInt() >>> 1 : random.nextLong() >>> 16;
        if (!rtcp[i]) {
          java.nio.ByteBuffer.wrap(packet).putShort(2, (short) index);
        }
        plain.context(plain.add(packet), sender(mine[i], ssrcs[i], rtcp[i], index));
        plain2.context(plain2.add(packet), sender(other[i], ssrcs[i], rtcp[i], index));
      }
      ours.protect(plain, sealed);
      theirs.protect(plain2, sealed2);
      compare(sealed, sealed2, seed, b);
      for (int i = 0; i < packets; i++) {
        if (random.nextInt(3) == 0 && sealed.length(i) > 0) {
          int at = sealed.offset(i) + random.nextInt(sealed.length(i));
          byte flip = (byte) (1 << random.nextInt(8));
          sealed.buffer().put(at, (byte) (sealed.buffer().get(at) ^ flip));
          sealed2.buffer().put(at, (byte) (sealed2.buffer().get(at) ^ flip));
        }
        sealed.context(i, receiver(mine[i], ssrcs[i], rtcp[i]));
        sealed2.context(i, receiver(other[i], ssrcs[i], rtcp[i]));
      }
      if (b % 2 == 0) {
        ours.unprotect(sealed, plain);
        theirs.unprotect(sealed2, plain2);
        compare(plain, plain2, seed, b);
      } else {
        ours.unprotect(sealed, sealed);
        theirs.unprotect(sealed2, sealed2);
        compare(sealed, sealed2, seed, b);
      }
      sessions.forEach(SrtpSession::close);
    }
  }

  private static void compare(PacketBatch ours, PacketBatch theirs, long seed, int batch) {
    for (int i = 0; i < theirs.size(); i++) {
      String where = "seed %d, batch %d, slot %d".formatted(seed, batch, i);
      assertThat(ours.verdict(i)).as(where).isEqualTo(theirs.verdict(i));
      if (!Arrays.equals(ours.octets(i), theirs.octets(i))) {
        assertThat(ours.octets(i)).as(where).isEqualTo(theirs.octets(i));
      }
    }
  }

  private static SrtpPolicy policy(Random random) {
    SrtpProfile[] all = SrtpProfile.values();
    SrtpProfile profile = all[random.nextInt(all.length)];
    boolean rccm3 = profile.isAead() && random.nextInt(4) == 0;
    int mki = random.nextInt(3) == 0 ? random.nextInt(129) : random.nextInt(5);
    ExtensionIds encrypted =
        random.nextInt(4) == 0 ? ExtensionIds.of(1 + random.nextInt(14)) : ExtensionIds.NONE;
    return new SrtpPolicy(profile, rccm3, mki, encrypted);
  }

  private static SrtpSession session(SrtpPolicy policy, long seed, CipherEngine engine) {
    Random random = new Random(seed);
    byte[] key = new byte[policy.profile().masterKeyOctets()];
    byte[] salt = new byte[policy.profile().masterSaltOctets()];
    byte[] mki = new byte[policy.mkiOctets()];
    random.nextBytes(key);
    random.nextBytes(salt);
    random.nextBytes(mki);
    try (MasterKey master = MasterKey.of(policy.profile(), key, salt, mki)) {
      return SrtpSession.of(policy, master, engine);
    }
  }

  private static byte[] rtpPacket(Random random) {
    int csrcs = random.nextInt(4) == 0 ? random.nextInt(16) : 0;
    int extension = random.nextInt(4) == 0 ? random.nextInt(random.nextInt(8) == 0 ? 90 : 6) : -1;
    int header = 12 + 4 * csrcs + (extension < 0 ? 0 : 4 + 4 * extension);
    int payload = random.nextInt(random.nextBoolean() ? 80 : 1501);
    byte[] packet = new byte[header + payload];
    random.nextBytes(packet);
    packet[0] = (byte) (0x80 | csrcs | (extension < 0 ? 0 : 0x10));
    if (extension >= 0) {
      int form = random.nextBoolean() ? 0xbede : random.nextBoolean() ? 0x1000 : random.nextInt();
      java.nio.ByteBuffer.wrap(packet)
          .putShort(12 + 4 * csrcs, (short) form)
          .putShort(12 + 4 * csrcs + 2, (short) extension);
    }
    return packet;
  }

  private static byte[] rtcpPacket(Random random) {
    byte[] packet = new byte[8 + random.nextInt(random.nextBoolean() ? 80 : 1400)];
    random.nextBytes(packet);
    packet[0] = (byte) 0x81;
    packet[1] = (byte) 200;
    return packet;
  }

  private static CryptoContext sender(SrtpSession session, int ssrc, boolean rtcp, long index) {
    return rtcp
        ? SrtcpContext.sender(session, ssrc, index)
        : SrtpContext.sender(session, ssrc, index);
  }

  private static CryptoContext receiver(SrtpSession session, int ssrc, boolean rtcp) {
    return rtcp ? SrtcpContext.receiver(session, ssrc) : SrtpContext.receiver(session, ssrc);
  }
}
