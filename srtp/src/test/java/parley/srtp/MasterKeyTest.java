package parley.srtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class MasterKeyTest {
  private static final SrtpProfile PROFILE = SrtpProfile.AEAD_AES_128_GCM;

  private final byte[] key = Streams.key(PROFILE, 5);
  private final byte[] salt = Streams.salt(PROFILE, 5);

  private MasterKey masterKey() {
    return MasterKey.of(PROFILE, key, salt, Streams.MKI);
  }

  @Test
  void isZeroedWhenClosed() {
    MasterKey master = masterKey();
    byte[] heldKey = master.key();
    byte[] heldSalt = master.salt();
    assertThat(heldKey).isEqualTo(key);
    master.close();
    assertThat(heldKey).containsOnly(0);
    assertThat(heldSalt).containsOnly(0);
    assertThatThrownBy(master::key).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> SrtpSession.of(Streams.gcm(), master, Streams.ENGINE))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void closingLeavesTheCallersArrays() {
    byte[] before = key.clone();
    masterKey().close();
    assertThat(key).isEqualTo(before);
  }

  @Test
  void nothingPrintsASecret() {
    MasterKey master = masterKey();
    SrtpSession session = SrtpSession.of(Streams.gcm(), master, Streams.ENGINE);
    SrtpContext context = SrtpContext.sender(session, Streams.SSRC, 0);
    List<String> printed =
        List.of(
            master.toString(),
            session.toString(),
            context.toString(),
            session.srtp().engineKey().toString());
    String hexKey = HexFormat.of().formatHex(key);
    String hexSalt = HexFormat.of().formatHex(salt);
    for (String text : printed) {
      for (int i = 0; i + 8 <= hexSalt.length(); i++) {
        assertThat(text).doesNotContain(hexSalt.substring(i, i + 8));
      }
      for (int i = 0; i + 8 <= hexKey.length(); i++) {
        assertThat(text).doesNotContain(hexKey.substring(i, i + 8));
      }
    }
    assertThat(master).hasToString("MasterKey[AEAD_AES_128_GCM, MKI f0010203]");
  }

  @Test
  void aWrongLengthIsToldWithoutTheOctets() {
    assertThatThrownBy(() -> MasterKey.of(PROFILE, new byte[15], salt, new byte[0]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the master key of AEAD_AES_128_GCM has 16 octets, not 15");
    assertThatThrownBy(() -> MasterKey.of(PROFILE, key, new byte[14], new byte[0]))
        .hasMessage("the master salt of AEAD_AES_128_GCM has 12 octets, not 14");
    assertThatThrownBy(() -> MasterKey.of(PROFILE, key, salt, new byte[129]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aKeyOfAnotherPolicyIsRefused() {
    SrtpPolicy withoutMki = new SrtpPolicy(PROFILE, false, 0);
    assertThatThrownBy(() -> SrtpSession.of(withoutMki, masterKey(), Streams.ENGINE))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
