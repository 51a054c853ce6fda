package parley.srtp;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;

/// Proves at start that an engine seals a known packet to the known octets and opens it again, and
/// that it notices a changed one; then that it agrees with the JVM's own providers on random
/// packets of every profile and length class, and on the key streams of header extensions.
///
/// The packets are those of libsrtp's regression test; it has none for AEAD_AES_256_GCM, where the
/// same packet was sealed by an independent program.
final class EngineSelfTest {
  private static final HexFormat HEX = HexFormat.of();
  private static final int COMPARED = 32;
  private static final int SSRC = 0xcafebabe;
  private static final long INDEX = 0x1234;
  private static final byte[] PACKET =
      HEX.parseHex("800f1234decafbadcafebabeabababababababababababababababab");

  /// One profile with its known packet.
  private enum Case {
    CM_128(
        SrtpProfile.AES_CM_128_HMAC_SHA1_80,
        "e1f97a0d3e018be0d64fa32c06de4139",
        "0ec675ad498afeebb6960b3aabe6",
        "800f1234decafbadcafebabe4e55dc4ce79978d88ca4d215949d2402b78d6acc99ea179b8dbb"),
    CM_256(
        SrtpProfile.AES_256_CM_HMAC_SHA1_80,
        "f0f04914b513f2763a1b1fa130f10e2998f6f6e43e4309d1e622a0e332b9f1b6",
        "3b04803de51ee7c96423ab5b78d2",
        "800f1234decafbadcafebabef1d9de17ff251ff1aa007774b0b4b40da08d9d9a5b3a55d8873b"),
    GCM_128(
        SrtpProfile.AEAD_AES_128_GCM,
        "000102030405060708090a0b0c0d0e0f",
        "a0a1a2a3a4a5a6a7a8a9aaab",
        "800f1234decafbadcafebabec5002ede04cfdd2eb91159e0880aa06ed2976826f796b201df3131a127e8a392"),
    GCM_256(
        SrtpProfile.AEAD_AES_256_GCM,
        "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
        "a0a1a2a3a4a5a6a7a8a9aaab",
        "800f1234decafbadcafebabe0af7f21e8a90bdad7a425c9c31ed4bb1d90238917e7390a2793500e1681acaea");

    private final SrtpProfile profile;
    private final String key;
    private final String salt;
    private final String sealed;

    Case(SrtpProfile profile, String key, String salt, String sealed) {
      this.profile = profile;
      this.key = key;
      this.salt = salt;
      this.sealed = sealed;
    }
  }

  private EngineSelfTest() {}

  /// @return the engine, when it passed
  /// @throws IllegalStateException naming engine and profile, when not
  static CipherEngine check(CipherEngine engine) {
    for (Case known : Case.values()) {
      check(engine, known);
    }
    if (!(engine instanceof JceEngine)) {
      compare(engine, new JceEngine(null), new Random());
    }
    return engine;
  }

  /// One batch of all profiles, sealed by both engines and opened again.
  private static void compare(CipherEngine engine, CipherEngine reference, Random random) {
    SrtpProfile[] profiles = SrtpProfile.values();
    PacketBatch ours = PacketBatch.allocate(COMPARED, 1024);
    PacketBatch theirs = PacketBatch.allocate(COMPARED, 1024);
    List<SrtpSession> sessions = new ArrayList<>();
    List<SrtpContext> receivers = new ArrayList<>();
    for (int i = 0; i < COMPARED; i++) {
      SrtpPolicy policy =
          new SrtpPolicy(profiles[i % profiles.length], false, i % 5, ExtensionIds.of(1, 3));
      byte[] packet = randomPacket(random, i);
      try (MasterKey key = randomKey(random, policy)) {
        SrtpSession mine = SrtpSession.of(policy, key, engine);
        SrtpSession other = SrtpSession.of(policy, key, reference);
        sessions.addAll(List.of(mine, other));
        receivers.add(SrtpContext.receiver(mine, SSRC));
        ours.context(ours.add(packet), SrtpContext.sender(mine, SSRC, INDEX));
        theirs.context(theirs.add(packet), SrtpContext.sender(other, SSRC, INDEX));
      }
    }
    SrtpTransform transform = new SrtpTransform(engine, COMPARED);
    PacketBatch plain = PacketBatch.allocate(COMPARED, 1024);
    PacketBatch sealed = PacketBatch.allocate(COMPARED, 1024);
    transform.protect(ours, sealed);
    new SrtpTransform(reference, COMPARED).protect(theirs, theirs);
    for (int i = 0; i < COMPARED; i++) {
      require(
          Arrays.equals(sealed.octets(i), theirs.octets(i)), engine, profiles[i % profiles.length]);
      sealed.context(i, receivers.get(i));
    }
    transform.unprotect(sealed, plain);
    for (int i = 0; i < COMPARED; i++) {
      require(
          Arrays.equals(plain.octets(i), ours.octets(i)), engine, profiles[i % profiles.length]);
    }
    sessions.forEach(SrtpSession::close);
  }

  /// With an extension of three elements, of which two are to be encrypted; every eighth is long.
  private static byte[] randomPacket(Random random, int number) {
    byte[] payload = new byte[random.nextInt(number % 8 == 0 ? 900 : 200)];
    random.nextBytes(payload);
    return ByteBuffer.allocate(28 + payload.length)
        .putShort((short) 0x9060)
        .putShort((short) INDEX)
        .putInt(random.nextInt())
        .putInt(SSRC)
        .putInt(0xbede0003)
        .put((byte) 0x12)
        .put(new byte[] {1, 2, 3})
        .put((byte) 0x22)
        .put(new byte[] {4, 5, 6})
        .put((byte) 0x32)
        .put(new byte[] {7, 8, 9})
        .put(payload)
        .array();
  }

  private static MasterKey randomKey(Random random, SrtpPolicy policy) {
    byte[] key = new byte[policy.profile().masterKeyOctets()];
    byte[] salt = new byte[policy.profile().masterSaltOctets()];
    byte[] mki = new byte[policy.mkiOctets()];
    random.nextBytes(key);
    random.nextBytes(salt);
    random.nextBytes(mki);
    return MasterKey.of(policy.profile(), key, salt, mki);
  }

  private static void require(boolean agrees, CipherEngine engine, SrtpProfile profile) {
    if (!agrees) {
      throw new IllegalStateException(
          "cipher engine %s disagrees with the JVM's providers on %s"
              .formatted(engine.name(), profile));
    }
  }

  private static void check(CipherEngine engine, Case known) {
    SrtpTransform transform = new SrtpTransform(engine, 2);
    byte[] sealed = HEX.parseHex(known.sealed);
    SrtpPolicy policy = new SrtpPolicy(known.profile, false, 0);
    try (MasterKey master = masterKey(known);
        SrtpSession session = SrtpSession.of(policy, master, engine)) {
      PacketBatch batch = PacketBatch.allocate(2, 128);
      batch.context(batch.add(PACKET), SrtpContext.sender(session, SSRC, INDEX));
      transform.protect(batch, batch);
      require(batch, 0, sealed, engine, known);

      SrtpContext receiver = SrtpContext.receiver(session, SSRC);
      byte[] changed = sealed.clone();
      changed[PACKET.length - 1] ^= 1;
      batch.clear();
      batch.context(batch.add(changed), receiver);
      batch.context(batch.add(sealed), receiver);
      transform.unprotect(batch, batch);
      if (batch.verdict(0) != Verdict.BAD_TAG || batch.verdict(1) != Verdict.ACCEPTED) {
        throw failure(engine, known);
      }
      require(batch, 1, PACKET, engine, known);
    }
  }

  private static MasterKey masterKey(Case known) {
    return MasterKey.of(
        known.profile, HEX.parseHex(known.key), HEX.parseHex(known.salt), new byte[0]);
  }

  private static void require(
      PacketBatch batch, int slot, byte[] octets, CipherEngine engine, Case known) {
    if (!Arrays.equals(batch.octets(slot), octets)) {
      throw failure(engine, known);
    }
  }

  private static IllegalStateException failure(CipherEngine engine, Case known) {
    return new IllegalStateException(
        "cipher engine %s failed its self-test for %s".formatted(engine.name(), known.profile));
  }
}
