package parley.srtp;

import java.util.Arrays;
import java.util.HexFormat;

/// Proves at start that an engine seals a known packet to the known octets and opens it again, and
/// that it notices a changed one.
///
/// The packets are those of libsrtp's regression test; it has none for AEAD_AES_256_GCM, where the
/// same packet was sealed by an independent program.
final class EngineSelfTest {
  private static final HexFormat HEX = HexFormat.of();
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
    return engine;
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
