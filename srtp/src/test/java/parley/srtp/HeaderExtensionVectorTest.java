package parley.srtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import parley.srtp.KeyDerivation.Label;

/// RFC 6904, appendix A, and the packets of libsrtp's regression test with the same header
/// extension. That of AEAD_AES_128_GCM has a tag of 8 octets there, the beginning of ours.
class HeaderExtensionVectorTest {
  private static final HexFormat HEX = HexFormat.of();
  private static final int SSRC = 0xcafebabe;
  private static final ExtensionIds IDS = ExtensionIds.of(1, 3, 4);
  private static final byte[] KEY = HEX.parseHex("e1f97a0d3e018be0d64fa32c06de4139");
  private static final byte[] SALT = HEX.parseHex("0ec675ad498afeebb6960b3aabe6");
  private static final byte[] PACKET =
      HEX.parseHex(
          "900f1234decafbadcafebabebede000617414273a475262748220000c8308e4655996386b395fb00"
              + "abababababababababababababababab");

  static List<Engines.Named> engines() {
    return Engines.named();
  }

  @Test
  void derivesTheKeysOfAppendixA1() {
    try (MasterKey master =
        MasterKey.of(SrtpProfile.AES_CM_128_HMAC_SHA1_80, KEY, SALT, new byte[0])) {
      assertThat(KeyDerivation.derive(master, Label.HEADER_ENCRYPTION, 16))
          .isEqualTo(HEX.parseHex("549752054d6fb708622c4a2e596a1b93"));
      assertThat(KeyDerivation.derive(master, Label.HEADER_SALT, 14))
          .isEqualTo(HEX.parseHex("ab01818174c40d39a3781f7c2d27"));
    }
  }

  @ParameterizedTest
  @MethodSource("engines")
  void encryptsTheHeaderOfAppendixA2InAPacketOfLibsrtp(Engines.Named named) {
    check(
        named.engine(),
        SrtpProfile.AES_CM_128_HMAC_SHA1_80,
        "900f1234decafbadcafebabebede000617588a9270f4e15e1c220000c8309546a994f0bc54789700"
            + "4e55dc4ce79978d88ca4d215949d24025a46b3ca35c535a891c7");
  }

  @ParameterizedTest
  @MethodSource("engines")
  void encryptsWithTheCounterModeOfTheKeyLengthUnderAead(Engines.Named named) {
    check(
        named.engine(),
        SrtpProfile.AEAD_AES_128_GCM,
        "900f1234decafbadcafebabebede00061712e0205bfa949b1c220000c830bb46732778d9929aab00"
            + "0eca0cf95ee955b26cd3d288b49f6ca9f4b1b759719eb5bc");
  }

  private static void check(CipherEngine engine, SrtpProfile profile, String expected) {
    byte[] salt = Arrays.copyOf(SALT, profile.masterSaltOctets());
    SrtpPolicy policy = new SrtpPolicy(profile, false, 0, IDS);
    try (MasterKey master = MasterKey.of(profile, KEY, salt, new byte[0]);
        SrtpSession session = SrtpSession.of(policy, master, engine)) {
      byte[] sealed = Streams.protect(SrtpContext.sender(session, SSRC, 0), PACKET);
      byte[] known = HEX.parseHex(expected);
      assertThat(Arrays.copyOf(sealed, known.length)).isEqualTo(known);

      PacketBatch batch = PacketBatch.allocate(1, 128);
      batch.context(batch.add(sealed), SrtpContext.receiver(session, SSRC));
      new SrtpTransform(engine, 1).unprotect(batch, batch);
      assertThat(batch.verdict(0)).isEqualTo(Verdict.ACCEPTED);
      assertThat(batch.octets(0)).isEqualTo(PACKET);
    }
  }
}
