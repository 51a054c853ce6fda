package parley.srtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import parley.srtp.KeyDerivation.Label;

/// Encrypted header extensions (RFC 6904) on each engine, beside the way the RFC words it: key
/// stream, mask, exclusive or.
class HeaderExtensionTest {
  private static final int ROUNDS = 150;
  private static final int BATCH = 16;
  private static final HexFormat HEX = HexFormat.of();
  private static final ExtensionIds IDS = ExtensionIds.of(1, 3, 4, 14, 77, 255);

  static List<Object[]> profiles() {
    return Engines.with(List.of(SrtpProfile.values()));
  }

  static List<Engines.Named> engines() {
    return Engines.named();
  }

  @ParameterizedTest
  @MethodSource("profiles")
  void encryptsTheChosenElementsAndNothingElse(Engines.Named named, SrtpProfile profile)
      throws GeneralSecurityException {
    Random random = new Random(profile.name().hashCode());
    SrtpPolicy policy = new SrtpPolicy(profile, false, 0, IDS);
    SrtpPolicy clear = new SrtpPolicy(profile, false, 0);
    SrtpSession session = Streams.session(policy, 1, named.engine());
    SrtpSession inClear = Streams.session(clear, 1, Streams.ENGINE);
    SrtpContext sender = SrtpContext.sender(session, Streams.SSRC, 0);
    SrtpContext receiver = SrtpContext.receiver(session, Streams.SSRC);
    SrtpTransform transform = new SrtpTransform(named.engine(), BATCH);
    PacketBatch plain = PacketBatch.allocate(BATCH, 512);
    PacketBatch sealed = PacketBatch.allocate(BATCH, 512);
    for (int round = 0; round < ROUNDS / BATCH; round++) {
      plain.clear();
      byte[][] packets = new byte[BATCH][];
      for (int i = 0; i < BATCH; i++) {
        packets[i] = packet(random, BATCH * round + i);
        plain.context(plain.add(packets[i]), sender);
      }
      transform.protect(plain, sealed);
      for (int i = 0; i < BATCH; i++) {
        assertThat(plain.octets(i)).isEqualTo(packets[i]);
        byte[] masked = masked(packets[i], policy, BATCH * round + i);
        byte[] expected =
            Streams.protect(SrtpContext.sender(inClear, Streams.SSRC, BATCH * round + i), masked);
        assertThat(sealed.octets(i)).isEqualTo(expected);
        sealed.context(i, receiver);
      }
      if (round % 2 == 0) {
        transform.unprotect(sealed, plain);
        assertPlain(plain, packets);
      } else {
        transform.unprotect(sealed, sealed);
        assertPlain(sealed, packets);
      }
    }
  }

  private static void assertPlain(PacketBatch batch, byte[][] packets) {
    for (int i = 0; i < BATCH; i++) {
      assertThat(batch.verdict(i)).isEqualTo(Verdict.ACCEPTED);
      assertThat(batch.octets(i)).isEqualTo(packets[i]);
    }
  }

  /// With an extension of one-byte elements, two-byte elements, neither, or none.
  private static byte[] packet(Random random, int index) {
    int csrcs = random.nextInt(3);
    byte[] elements = new byte[4 * random.nextInt(20)];
    random.nextBytes(elements);
    int kind = random.nextInt(4);
    int profile = new int[] {0xbede, 0x1000 | random.nextInt(16), 0x1234, 0}[kind];
    if (random.nextBoolean()) {
      wellFormed(random, elements, kind == 0);
    }
    ByteBuffer packet = ByteBuffer.allocate(12 + 4 * csrcs + 4 + elements.length + 20);
    packet.put((byte) (0x80 | csrcs | (kind < 3 ? 0x10 : 0))).put((byte) 96);
    packet.putShort((short) index).putInt(index).putInt(Streams.SSRC);
    for (int i = 0; i < csrcs; i++) {
      packet.putInt(random.nextInt());
    }
    packet.putShort((short) profile).putShort((short) (elements.length / 4)).put(elements);
    return packet.array();
  }

  private static void wellFormed(Random random, byte[] elements, boolean isOneByte) {
    int at = 0;
    while (at + 18 < elements.length) {
      int octets = random.nextInt(16);
      if (isOneByte) {
        elements[at] = (byte) ((1 + random.nextInt(14)) << 4 | octets);
        at += 2 + octets;
      } else {
        elements[at] = (byte) (1 + random.nextInt(255));
        elements[at + 1] = (byte) octets;
        at += 2 + octets;
      }
    }
    Arrays.fill(elements, at, elements.length, (byte) 0);
  }

  /// (Encrypt(plaintext) and mask) or (plaintext and not mask), RFC 6904, 3.
  private static byte[] masked(byte[] packet, SrtpPolicy policy, long index)
      throws GeneralSecurityException {
    byte[] result = packet.clone();
    int extension = 12 + 4 * (packet[0] & 0x0f);
    int profile = Short.toUnsignedInt(ByteBuffer.wrap(packet).getShort(extension));
    boolean isOneByte = profile == 0xbede;
    if ((packet[0] & 0x10) == 0 || !(isOneByte || profile >>> 4 == 0x100)) {
      return result;
    }
    int octets = 4 * Short.toUnsignedInt(ByteBuffer.wrap(packet).getShort(extension + 2));
    byte[] mask = new byte[octets];
    byte[] data = Arrays.copyOfRange(packet, extension + 4, extension + 4 + octets);
    for (int at = 0; at < octets; ) {
      if (data[at] == 0) {
        at++;
        continue;
      }
      int id = isOneByte ? (data[at] & 0xf0) >> 4 : data[at] & 0xff;
      int header = isOneByte ? 1 : 2;
      if ((isOneByte && (id == 0 || id == 15)) || at + header > octets) {
        break;
      }
      int length = isOneByte ? (data[at] & 0x0f) + 1 : data[at + 1] & 0xff;
      if (at + header + length > octets) {
        break;
      }
      if (IDS.contains(id)) {
        Arrays.fill(mask, at + header, at + header + length, (byte) 0xff);
      }
      at += header + length;
    }
    byte[] stream = keyStream(policy, index, octets);
    for (int i = 0; i < octets; i++) {
      result[extension + 4 + i] ^= (byte) (stream[i] & mask[i]);
    }
    return result;
  }

  private static byte[] keyStream(SrtpPolicy policy, long index, int octets)
      throws GeneralSecurityException {
    SrtpProfile profile = policy.profile();
    try (MasterKey master =
        MasterKey.of(profile, Streams.key(profile, 1), Streams.salt(profile, 1), new byte[0])) {
      byte[] key = KeyDerivation.derive(master, Label.HEADER_ENCRYPTION, profile.masterKeyOctets());
      byte[] salt = KeyDerivation.derive(master, Label.HEADER_SALT, profile.masterSaltOctets());
      BigInteger iv =
          new BigInteger(1, Arrays.copyOf(salt, 14))
              .shiftLeft(16)
              .xor(BigInteger.valueOf(Streams.SSRC).shiftLeft(64))
              .xor(BigInteger.valueOf(index).shiftLeft(16));
      byte[] magnitude = iv.toByteArray();
      byte[] block = new byte[16];
      int used = Math.min(16, magnitude.length);
      System.arraycopy(magnitude, magnitude.length - used, block, 16 - used, used);
      Cipher cipher = Cipher.getInstance("AES/CTR/NoPadding");
      cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"), new IvParameterSpec(block));
      return cipher.doFinal(new byte[octets]);
    }
  }

  @ParameterizedTest
  @MethodSource("engines")
  void aForgedPacketsExtensionIsNotDecrypted(Engines.Named named) {
    SrtpPolicy policy = new SrtpPolicy(SrtpProfile.AEAD_AES_256_GCM, false, 0, IDS);
    SrtpSession session = Streams.session(policy, 1, named.engine());
    byte[] packet =
        HEX.parseHex("900f00005eed12345eed1234bede000117414273a475262748220000c8308e46");
    byte[] forged = Streams.protect(SrtpContext.sender(session, 0x5eed1234, 0), packet);
    forged[forged.length - 1] ^= 1;
    PacketBatch batch = PacketBatch.allocate(1, 128);
    batch.context(batch.add(forged), SrtpContext.receiver(session, 0x5eed1234));
    new SrtpTransform(named.engine(), 1).unprotect(batch, batch);
    assertThat(batch.verdict(0)).isEqualTo(Verdict.BAD_TAG);
    assertThat(batch.octets(0)).isEqualTo(forged);
  }

  /// ID 15, a length of an identifier of 0, and an element that is longer than the extension end
  /// the elements; what stands before is encrypted, what follows is not.
  @ParameterizedTest
  @CsvSource({
    "bede, 30aa 00 31bbbb 00 f0cc 30dd, 00ff 00 00ffff 00 0000 0000",
    "bede, 30aa 01bbbb 30dd 0000000000, 00ff 000000 0000 0000000000",
    "bede, 30aa 3fbbbbbbbbbbbbbbbbbb, 00ff 00000000000000000000",
    "1007, 0402aabb 00 0300 0301cc 0409, 0000ffff 00 0000 0000ff 0000",
    "1000, 03040506 07 ff 0000000000 04, 0000ffff ff ff 0000000000 00",
    "1000, 0500aabb 0000000000000000, 0000 0000 0000000000000000",
  })
  void theMaskCoversDataOfChosenElementsOnly(String profile, String elements, String mask) {
    byte[] data = HEX.parseHex(elements.replace(" ", ""));
    byte[] packet =
        ByteBuffer.allocate(16 + data.length)
            .putLong(0x9060_0000_0000_0000L)
            .putInt(Streams.SSRC)
            .put(HEX.parseHex(profile))
            .putShort((short) (data.length / 4))
            .put(data)
            .array();
    PacketBatch batch = PacketBatch.allocate(2, 64);
    batch.add(packet);
    batch.add(new byte[packet.length]);
    for (int i = 0; i < data.length; i++) {
      batch.buffer().put(batch.offset(1) + 16 + i, (byte) ~data[i]);
    }
    HeaderExtension.exchange(
        batch.memory(), batch.offset(0), batch.memory(), batch.offset(1), ExtensionIds.of(3, 4));
    byte[] changed = Arrays.copyOfRange(batch.octets(0), 16, packet.length);
    for (int i = 0; i < data.length; i++) {
      changed[i] ^= data[i];
    }
    assertThat(HEX.formatHex(changed)).isEqualTo(mask.replace(" ", ""));
  }

  @Test
  void anEngineWithoutKeyStreamsIsRefusedWhenTheSessionIsMade() {
    SrtpPolicy policy = new SrtpPolicy(SrtpProfile.AEAD_AES_128_GCM, false, 0, IDS);
    assertThatThrownBy(() -> Streams.session(policy, 1, RefusingEngine.ONE))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessage("cipher engine refusing cannot encrypt header extensions");
  }

  @Test
  void identifiersAreASetOfOneTo255() {
    assertThat(ExtensionIds.of(3, 1, 3)).isEqualTo(ExtensionIds.of(1, 3)).hasToString("{1, 3}");
    assertThat(ExtensionIds.of(255).contains(255)).isTrue();
    assertThat(ExtensionIds.of(64).contains(128)).isFalse();
    assertThat(ExtensionIds.NONE.isEmpty()).isTrue();
    assertThatThrownBy(() -> ExtensionIds.of(0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> ExtensionIds.of(256)).isInstanceOf(IllegalArgumentException.class);
  }
}
