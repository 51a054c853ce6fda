package parley.gateway.ue;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class RtpStreamTest {
  private final ByteBuffer packet = ByteBuffer.allocate(128);

  @Test
  void numbersPacketsOverTheWrapOfTheSequenceNumber() {
    RtpStream stream = new RtpStream(0xCAFEBABE, 111, (5L << 16) | 0xFFFF, 0xFFFFFF00);
    assertThat(written(stream)).isEqualTo("80efffffffffff00cafebabe0102");
    assertThat(stream.nextIndex()).isEqualTo(6L << 16);
    assertThat(written(stream)).isEqualTo("806f0000000002c0cafebabe0102");
    assertThat(stream.packets()).isEqualTo(2);
    assertThat(stream.payloadOctets()).isEqualTo(4);
  }

  @Test
  void reportsWhatItSentAndEndsWithBye() {
    RtpStream stream = new RtpStream(0xCAFEBABE, 0, 7, 160);
    written(stream);
    packet.clear();
    new SenderReport("sip:a@b").writeBye(stream, 0x0102030405060708L, packet);
    assertThat(hex())
        .isEqualTo(
            "80c80006cafebabe0102030405060708000004600000000100000002"
                + "81ca0004cafebabe01077369703a614062000000"
                + "81cb0001cafebabe");
  }

  /// As RFC 3550, 6.4 has it for a participant that sent nothing.
  @Test
  void takesLeaveAsAReceiverWhereItHasSentNothing() {
    packet.clear();
    new SenderReport("sip:a@b").writeBye(new RtpStream(0xCAFEBABE, 0, 0, 0), 1, packet);
    assertThat(hex())
        .isEqualTo(
            "80c90001cafebabe" + "81ca0004cafebabe01077369703a614062000000" + "81cb0001cafebabe");
  }

  @Test
  void padsTheNameToAWordWithAtLeastOneZero() {
    RtpStream stream = new RtpStream(1, 0, 0, 0);
    written(stream);
    for (int octets = 0; octets <= 300; octets++) {
      ByteBuffer report = ByteBuffer.allocate(512);
      new SenderReport("x".repeat(octets)).write(stream, 0, report);
      int words = report.getShort(30);
      assertThat(report.position()).isEqualTo(28 + 4 + 4 * words);
      assertThat(report.get(report.position() - 1)).isZero();
    }
  }

  private String written(RtpStream stream) {
    packet.clear();
    stream.write(new SpeechFrame(new byte[] {1, 2}, 960), packet);
    return hex();
  }

  private String hex() {
    return HexFormat.of().formatHex(packet.array(), 0, packet.position());
  }
}
