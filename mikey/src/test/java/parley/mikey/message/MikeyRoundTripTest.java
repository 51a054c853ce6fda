package parley.mikey.message;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MikeyRoundTripTest {
  private static final int MESSAGES = 3000;

  @Test
  void whatIsWrittenIsReadAsTheSame() throws Exception {
    for (long seed = 0; seed < MESSAGES; seed++) {
      MikeyMessage message = new RandomMessages(seed).next();
      byte[] octets = MikeyWriter.write(message);
      assertThat(MikeyReader.read(octets)).as("seed %s", seed).isEqualTo(message);
    }
  }

  @Test
  void offsetsAreWhereThePayloadsStand() throws Exception {
    for (long seed = 0; seed < 200; seed++) {
      MikeyMessage message = new RandomMessages(seed).next();
      byte[] octets = MikeyWriter.write(message);
      int count = message.payloads().size();
      assertThat(message.offsetOf(count)).as("seed %s", seed).isEqualTo(octets.length);
      for (int i = 0; i < count; i++) {
        var head = new MikeyMessage(message.header(), message.payloads().subList(0, i));
        assertThat(MikeyWriter.write(head)).as("seed %s", seed).hasSize(message.offsetOf(i));
      }
    }
  }
}
