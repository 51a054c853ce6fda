package parley.bench.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.srtp.CipherEngine;
import parley.srtp.CipherEngines;
import parley.srtp.MasterKey;
import parley.srtp.SrtpPolicy;
import parley.srtp.SrtpProfile;
import parley.srtp.SrtpSession;

class PacketSourceTest {
  private static final CipherEngine ENGINE = CipherEngines.select("jce");
  private static final int SSRC = 0x1234_5678;
  private static final long FIRST_INDEX = 65_500;

  private static SrtpSession session(SrtpProfile profile, int seed) {
    byte[] key = new byte[profile.masterKeyOctets()];
    byte[] salt = new byte[profile.masterSaltOctets()];
    Arrays.fill(key, (byte) seed);
    try (MasterKey master = MasterKey.of(profile, key, salt, new byte[0])) {
      return SrtpSession.of(new SrtpPolicy(profile, false, 0), master, ENGINE);
    }
  }

  @Test
  void everyPacketIsKnownByItsNumber(@TempDir Path folder) throws Exception {
    try (WindowFile window = WindowFile.create(folder.resolve("window"), 100)) {
      PacketSource source = PacketSource.clear(SSRC, FIRST_INDEX, 14);
      source.fill(window, 100);
      assertThat(window.packet(70)).isEqualTo(source.plain(70)).hasSize(186);
      assertThat(source.next()).isEqualTo(100);
      assertThat(source.timestamp()).isEqualTo(16_000);
    }
  }

  @Test
  void streamsThatTakeTurnsFillTheirLanes(@TempDir Path folder) throws Exception {
    int to = 0x7f01_0002;
    try (WindowFile window = WindowFile.create(folder.resolve("window"), 6);
        SrtpSession session = session(SrtpProfile.AES_CM_128_HMAC_SHA1_80, 1)) {
      for (int position = 0; position < 3; position++) {
        var lane = new Lane(position, 3, to);
        PacketSource source = PacketSource.srtp(SSRC + position, 7, 0, session, ENGINE, lane);
        assertThat(source.timestamp()).isEqualTo(160 * position);
        source.fill(window, 2);
        assertThat(source.timestamp()).isEqualTo(160 * (6 + position));
      }
      for (int slot = 0; slot < 6; slot++) {
        ByteBuffer packet = ByteBuffer.wrap(window.packet(slot));
        assertThat(packet.getInt(4)).as("timestamp").isEqualTo(160 * slot);
        assertThat(packet.getInt(8)).as("SSRC").isEqualTo(SSRC + slot % 3);
        assertThat(packet.getShort(2)).as("sequence number").isEqualTo((short) (7 + slot / 3));
      }
    }
  }

  @Test
  void whatARelayReKeysIsComputedAcrossTheWrapOfTheSequenceNumber(@TempDir Path folder)
      throws Exception {
    try (WindowFile window = WindowFile.create(folder.resolve("window"), 100);
        SrtpSession in = session(SrtpProfile.AES_CM_128_HMAC_SHA1_80, 1);
        SrtpSession out = session(SrtpProfile.AES_CM_128_HMAC_SHA1_32, 2)) {
      PacketSource.srtp(SSRC, FIRST_INDEX, 0, in, ENGINE).fill(window, 100);
      PacketSource relayed = PacketSource.srtp(SSRC, FIRST_INDEX, 0, out, ENGINE);
      OctetCheck check = new ResealCheck(SSRC, FIRST_INDEX, out, ENGINE);
      for (int k = 0; k < 100; k++) {
        assertThat(check.of(List.of(relayed.packet()), window, 0)).isNull();
      }
      assertThat(check.of(List.of(window.packet(3)), window, 0)).startsWith("packet 3: 182 octets");
    }
  }

  @Test
  void tellsTheFirstOctetThatDiffers(@TempDir Path folder) throws Exception {
    try (WindowFile window = WindowFile.create(folder.resolve("window"), 2)) {
      PacketSource.clear(SSRC, 0, 0).fill(window, 2);
      byte[] bent = window.packet(1);
      bent[100] ^= 1;
      assertThat(OctetCheck.UNCHANGED.of(List.of(window.packet(0), bent), window, 0))
          .contains("packet 1", "from octet 100 on");
      assertThat(OctetCheck.UNCHANGED.of(List.of(), window, 0)).isEqualTo("nothing came back");
    }
  }
}
