package parley.srtp;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.random.RandomGenerator;

/// One random master key under a random policy, at work with two engines: two streams of SRTP and
/// one of SRTCP.
final class ComparedKey implements AutoCloseable {
  /// One SSRC, sent and received by both engines; makes the packets that are sent.
  static final class Stream {
    final boolean isRtcp;
    final CryptoContext ourSender;
    final CryptoContext ourReceiver;
    final CryptoContext theirSender;
    final CryptoContext theirReceiver;
    private final int ssrc;
    private int seq;

    private Stream(SrtpSession ours, SrtpSession theirs, int ssrc, long first) {
      this.isRtcp = false;
      this.ourSender = SrtpContext.sender(ours, ssrc, first);
      this.theirSender = SrtpContext.sender(theirs, ssrc, first);
      this.ourReceiver = SrtpContext.receiver(ours, ssrc, first);
      this.theirReceiver = SrtpContext.receiver(theirs, ssrc, first);
      this.ssrc = ssrc;
      this.seq = PacketIndex.seq(first - 1);
    }

    private Stream(SrtpSession ours, SrtpSession theirs, int ssrc, int first) {
      this.isRtcp = true;
      this.ourSender = SrtcpContext.sender(ours, ssrc, first);
      this.theirSender = SrtcpContext.sender(theirs, ssrc, first);
      this.ourReceiver = SrtcpContext.receiver(ours, ssrc);
      this.theirReceiver = SrtcpContext.receiver(theirs, ssrc);
      this.ssrc = ssrc;
    }

    byte[] nextPacket(RandomGenerator random) {
      return isRtcp ? rtcpPacket(random) : rtpPacket(random);
    }

    private byte[] rtpPacket(RandomGenerator random) {
      int csrcs = random.nextInt(4) == 0 ? random.nextInt(16) : 0;
      int words = random.nextInt(4) == 0 ? random.nextInt(random.nextInt(8) == 0 ? 90 : 6) : -1;
      int header = RtpPacket.FIXED_HEADER_OCTETS + 4 * csrcs;
      int headerAndExtension = header + (words < 0 ? 0 : 4 + 4 * words);
      byte[] packet = new byte[headerAndExtension + payloadOctets(random)];
      random.nextBytes(packet);
      packet[0] = (byte) (0x80 | csrcs | (words < 0 ? 0 : 0x10));
      ByteBuffer fields = ByteBuffer.wrap(packet);
      fields.putShort(2, (short) nextSeq(random)).putInt(8, ssrc);
      if (words >= 0) {
        int form = random.nextBoolean() ? 0xbede : random.nextBoolean() ? 0x1000 : random.nextInt();
        fields.putShort(header, (short) form).putShort(header + 2, (short) words);
      }
      return packet;
    }

    private byte[] rtcpPacket(RandomGenerator random) {
      byte[] packet = new byte[RtcpPacket.HEADER_OCTETS + payloadOctets(random)];
      random.nextBytes(packet);
      ByteBuffer.wrap(packet).putShort(0, (short) 0x81c8).putInt(4, ssrc);
      return packet;
    }

    /// 0 to 1500, three quarters of them below 200.
    private static int payloadOctets(RandomGenerator random) {
      return random.nextInt(random.nextInt(4) == 0 ? 1501 : 200);
    }

    /// Mostly the next; gaps small and large; seldom one that does not rise, which is refused.
    private int nextSeq(RandomGenerator random) {
      int step =
          switch (random.nextInt(64)) {
            case 0 -> 1 + random.nextInt(30_000);
            case 1, 2, 3, 4 -> 1 + random.nextInt(1_200);
            case 5 -> -random.nextInt(5);
            default -> 1;
          };
      int next = seq + step;
      if (step > 0) {
        seq = next;
      }
      return next;
    }
  }

  final List<Stream> streams;
  private final SrtpSession ours;
  private final SrtpSession theirs;

  ComparedKey(RandomGenerator random, CipherEngine ourEngine, CipherEngine theirEngine) {
    SrtpPolicy policy = policy(random);
    SrtpProfile profile = policy.profile();
    byte[] key = octets(random, profile.masterKeyOctets());
    byte[] salt = octets(random, profile.masterSaltOctets());
    byte[] mki = octets(random, policy.mkiOctets());
    try (MasterKey master = MasterKey.of(profile, key, salt, mki)) {
      ours = SrtpSession.of(policy, master, ourEngine);
      theirs = SrtpSession.of(policy, master, theirEngine);
    }
    int ssrc = random.nextInt();
    int firstRtcp = random.nextInt(16) == 0 ? Integer.MAX_VALUE - random.nextInt(200) : 0;
    streams =
        List.of(
            new Stream(ours, theirs, ssrc, firstIndex(random)),
            new Stream(ours, theirs, ssrc + 1, firstIndex(random)),
            new Stream(ours, theirs, ssrc, firstRtcp == 0 ? random.nextInt() >>> 1 : firstRtcp));
  }

  private static SrtpPolicy policy(RandomGenerator random) {
    SrtpProfile[] all = SrtpProfile.values();
    SrtpProfile profile = all[random.nextInt(all.length)];
    boolean rccm3 = profile.isAead() && random.nextInt(4) == 0;
    int mki = random.nextInt(3) == 0 ? random.nextInt(129) : random.nextInt(5);
    ExtensionIds encrypted =
        random.nextInt(4) == 0 ? ExtensionIds.of(1 + random.nextInt(14)) : ExtensionIds.NONE;
    return new SrtpPolicy(profile, rccm3, mki, encrypted);
  }

  /// From the start, just before the rollover counter rises, just before the last index, anywhere.
  private static long firstIndex(RandomGenerator random) {
    long anywhere = random.nextLong() >>> 16;
    return switch (random.nextInt(8)) {
      case 0 -> random.nextInt(200);
      case 1, 2 -> (anywhere | 0xffff) - random.nextInt(200);
      case 3 -> PacketIndex.MAX_SRTP - random.nextInt(random.nextBoolean() ? 200 : 100_000);
      default -> anywhere;
    };
  }

  private static byte[] octets(RandomGenerator random, int count) {
    byte[] octets = new byte[count];
    random.nextBytes(octets);
    return octets;
  }

  @Override
  public void close() {
    ours.close();
    theirs.close();
  }
}
