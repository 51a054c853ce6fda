package parley.srtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Random packets under random keys come out as from a straightforward implementation, and back as
/// they were, with every engine and every provider of ciphers.
class ReferenceComparisonTest {
  private static final int PACKETS = 60;

  static List<Object[]> policies() {
    return Engines.with(Streams.policies());
  }

  @ParameterizedTest
  @MethodSource("policies")
  void srtpEqualsTheReference(Engines.Named named, SrtpPolicy policy)
      throws GeneralSecurityException {
    compareRtp(policy, named.engine(), policy.hashCode());
  }

  static List<Object[]> providers() {
    List<Object[]> pairs = new ArrayList<>();
    for (CipherEngine engine : Providers.engines()) {
      for (SrtpPolicy policy : Streams.policies()) {
        pairs.add(new Object[] {new Engines.Named(engine), policy});
      }
    }
    return pairs;
  }

  @ParameterizedTest
  @MethodSource("providers")
  void srtpOfAnyProviderEqualsTheReference(Engines.Named named, SrtpPolicy policy)
      throws GeneralSecurityException {
    compareRtp(policy, named.engine(), ~policy.hashCode());
  }

  @ParameterizedTest
  @MethodSource("policies")
  void srtcpEqualsTheReference(Engines.Named named, SrtpPolicy policy)
      throws GeneralSecurityException {
    long seed = 31L * policy.hashCode();
    Random random = new Random(seed);
    for (int i = 0; i < PACKETS; i++) {
      SrtpSession session = Streams.session(policy, seed + i, named.engine());
      int ssrc = random.nextInt();
      int index = random.nextInt() >>> 1;
      byte[] packet = new byte[8 + 4 * random.nextInt(100)];
      random.nextBytes(packet);
      ByteBuffer.wrap(packet).put(0, (byte) 0x81).put(1, (byte) 200).putInt(4, ssrc);

      byte[] sealed = Streams.protect(SrtcpContext.sender(session, ssrc, index), packet);
      assertThat(sealed)
          .as("seed %d, packet %d", seed, i)
          .isEqualTo(reference(policy, seed + i).protectRtcp(packet, index));
      assertOpens(SrtcpContext.receiver(session, ssrc), sealed, packet);
    }
  }

  private static void compareRtp(SrtpPolicy policy, CipherEngine engine, long seed)
      throws GeneralSecurityException {
    Random random = new Random(seed);
    for (int i = 0; i < PACKETS; i++) {
      SrtpSession session = Streams.session(policy, seed + i, engine);
      int headerWords = random.nextInt(4) == 0 ? 3 + random.nextInt(15) : 3;
      byte[] packet = new byte[4 * headerWords + random.nextInt(i < 40 ? 80 : 1400)];
      random.nextBytes(packet);
      packet[0] = (byte) (0x80 | (headerWords - 3));
      int header = 12 + 4 * (packet[0] & 0x0f);
      long index = random.nextLong() >>> 16;
      ByteBuffer.wrap(packet).putShort(2, (short) index);
      int ssrc = ByteBuffer.wrap(packet).getInt(8);

      byte[] sealed = Streams.protect(SrtpContext.sender(session, ssrc, index), packet);
      assertThat(sealed)
          .as("seed %d, packet %d", seed, i)
          .isEqualTo(reference(policy, seed + i).protectRtp(packet, header, (int) (index >>> 16)));
      assertOpens(SrtpContext.receiver(session, ssrc, index), sealed, packet);
    }
  }

  private static ReferenceSrtp reference(SrtpPolicy policy, long seed) {
    return new ReferenceSrtp(
        policy,
        Streams.key(policy.profile(), seed),
        Streams.salt(policy.profile(), seed),
        policy.mkiOctets() == 0 ? new byte[0] : Streams.MKI);
  }

  private static void assertOpens(CryptoContext receiver, byte[] sealed, byte[] packet) {
    PacketBatch batch = PacketBatch.allocate(1, sealed.length);
    batch.context(batch.add(sealed), receiver);
    Streams.transform(receiver, 1).unprotect(batch, batch);
    assertThat(batch.verdict(0)).isEqualTo(Verdict.ACCEPTED);
    assertThat(batch.octets(0)).isEqualTo(packet);
  }
}
