package parley.gateway.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import parley.mikey.identity.Identity;

/// A tag is what the wire profile says it is.
class GroupTagTest {
  @Test
  void isTheVersionAndTheBeginOfTheDigest() {
    assertThat(GroupTag.of(new Identity("sip:fire-ops@example.org")))
        .hasToString("540682364481730a");
  }

  @Test
  void looksLikeNoPacket() {
    int first = GroupTag.VERSION;
    assertThat(first >>> 6).as("not RTP or RTCP").isNotEqualTo(2);
    assertThat(first).as("not MIKEY").isNotEqualTo(1);
  }

  @Test
  void refusesANumberOfAnotherVersion() {
    assertThatThrownBy(() -> new GroupTag(0x5500_0000_0000_0001L))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("5500000000000001 is no tag");
    assertThat(GroupTag.isOurs(0)).isFalse();
  }
}
