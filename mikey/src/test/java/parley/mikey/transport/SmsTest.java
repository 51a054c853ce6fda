package parley.mikey.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import parley.mikey.message.MalformedMessage;
import parley.mikey.message.Octets;
import parley.mikey.transport.SmsOutcome.Complete;
import parley.mikey.transport.SmsOutcome.Incomplete;
import parley.mikey.transport.SmsOutcome.Reason;
import parley.mikey.transport.SmsOutcome.Refused;

/// A message cut into short messages, and put together from them.
class SmsTest {
  private static final String MANAGER = "+4791234567";

  private Instant now = Instant.parse("2026-11-29T12:00:00Z");
  private final SmsReassembly reassembly = reassembly(SmsLimits.defaults());

  private SmsReassembly reassembly(SmsLimits limits) {
    return new SmsReassembly(() -> now, limits);
  }

  private static byte[] message(int length, long seed) {
    byte[] message = new byte[length];
    new Random(seed).nextBytes(message);
    return message;
  }

  private static SmsOutcome complete(byte[] message) {
    return new Complete(Octets.of(message));
  }

  @Test
  void segmentsAreUserDataWithTheHeaderOfConcatenation() {
    byte[] message = message(300, 1);

    List<byte[]> segments = SmsSegments.split(message, 0xa7);

    assertThat(segments).extracting(s -> s.length).containsExactly(140, 140, 38);
    assertThat(segments)
        .extracting(s -> HexFormat.of().formatHex(s, 0, 6))
        .containsExactly("050003a70301", "050003a70302", "050003a70303");
    assertThat(Arrays.copyOfRange(segments.get(1), 6, 140))
        .isEqualTo(Arrays.copyOfRange(message, 134, 268));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 133, 134, 135, 268, 800, 938, 939, 1072})
  void everyOrderGivesTheMessageBack(int length) throws Exception {
    byte[] message = message(length, length);
    List<byte[]> segments = new java.util.ArrayList<>(SmsSegments.split(message, length & 0xff));
    for (int seed = 0; seed < 50; seed++) {
      Collections.shuffle(segments, new Random(seed));
      for (int i = 0; i < segments.size() - 1; i++) {
        assertThat(reassembly.take(MANAGER, segments.get(i)))
            .isEqualTo(new Incomplete(segments.size() - 1 - i));
        assertThat(reassembly.take(MANAGER, segments.get(i)))
            .as("again")
            .isEqualTo(new Incomplete(segments.size() - 1 - i));
      }
      assertThat(reassembly.take(MANAGER, segments.getLast())).isEqualTo(complete(message));
      assertThat(reassembly.octets()).isZero();
      assertThat(reassembly.messages()).isZero();
    }
  }

  @Test
  void whatDoesNotFitEightSegmentsIsNotSplit() {
    assertThatIllegalArgumentException().isThrownBy(() -> SmsSegments.split(new byte[1073], 1));
    assertThatIllegalArgumentException().isThrownBy(() -> SmsSegments.split(new byte[0], 1));
    assertThatIllegalArgumentException().isThrownBy(() -> SmsSegments.split(new byte[9], 256));
    assertThatIllegalArgumentException().isThrownBy(() -> SmsSegments.split(new byte[9], -1));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "05000301",
        "050003010101", // no octet of a message
        "0500030101006f", // segment 0
        "0500030101026f", // segment 2 of 1
        "0500030100016f", // of none
        "0500030109016f", // of nine
        "060804000101016f", // 16-bit reference
        "0400030101016f",
        "0501030101016f",
        "0500040101016f",
        "0b0504158200000003010101016f", // ports before it
      })
  void whatIsNoSegmentIsRefused(String hex) {
    assertThatThrownBy(() -> reassembly.take(MANAGER, HexFormat.of().parseHex(hex)))
        .isInstanceOf(MalformedMessage.class)
        .hasMessageStartingWith("3GPP TS 23.040");
    assertThat(reassembly.messages()).isZero();
  }

  @Test
  void userDataOfMoreThan140OctetsIsRefused() {
    byte[] long141 = Arrays.copyOf(SmsSegments.split(message(134, 1), 1).getFirst(), 141);
    assertThatThrownBy(() -> reassembly.take(MANAGER, long141))
        .hasMessageContaining("141 octets of user data, at most 140");
  }

  @Test
  void aContradictingSegmentDropsTheMessage() throws Exception {
    List<byte[]> segments = SmsSegments.split(message(300, 1), 7);
    List<byte[]> others = SmsSegments.split(message(300, 2), 7);
    reassembly.take(MANAGER, segments.get(0));
    reassembly.take(MANAGER, segments.get(1));

    assertThat(reassembly.take(MANAGER, others.get(1)))
        .isEqualTo(new Refused(Reason.CONTRADICTION));

    assertThat(reassembly.messages()).isZero();
    assertThat(reassembly.octets()).isZero();
    assertThat(reassembly.take(MANAGER, segments.get(2))).isEqualTo(new Incomplete(2));
  }

  @Test
  void senderReferenceAndTotalTellMessagesApart() throws Exception {
    byte[] first = message(200, 1);
    byte[] second = message(200, 2);
    byte[] third = message(300, 3);
    reassembly.take(MANAGER, SmsSegments.split(first, 7).getFirst());
    reassembly.take(MANAGER, SmsSegments.split(second, 8).getFirst());
    reassembly.take(MANAGER, SmsSegments.split(third, 7).getFirst());
    reassembly.take("+4799999999", SmsSegments.split(message(200, 4), 7).getFirst());

    assertThat(reassembly.take(MANAGER, SmsSegments.split(first, 7).getLast()))
        .isEqualTo(complete(first));
    assertThat(reassembly.take(MANAGER, SmsSegments.split(second, 8).getLast()))
        .isEqualTo(complete(second));
    assertThat(reassembly.messages()).isEqualTo(2);
  }

  @Test
  void aMessageHasTenMinutesFromItsFirstSegment() throws Exception {
    byte[] message = message(300, 1);
    List<byte[]> segments = SmsSegments.split(message, 7);
    reassembly.take(MANAGER, segments.get(0));
    now = now.plus(Duration.ofMinutes(10)).minusNanos(1);
    assertThat(reassembly.take(MANAGER, segments.get(1))).isEqualTo(new Incomplete(1));

    now = now.plusNanos(1);
    assertThat(reassembly.take(MANAGER, segments.get(2))).isEqualTo(new Incomplete(2));
    assertThat(reassembly.octets()).isEqualTo(32);
  }

  @Test
  void theOldestOfASenderMakesRoomForItsNext() throws Exception {
    byte[] message = message(200, 1);
    for (int reference = 0; reference < 5; reference++) {
      reassembly.take(MANAGER, SmsSegments.split(message, reference).getFirst());
    }
    assertThat(reassembly.messages()).isEqualTo(4);
    assertThat(reassembly.take(MANAGER, SmsSegments.split(message, 1).getLast()))
        .isEqualTo(complete(message));
    assertThat(reassembly.take(MANAGER, SmsSegments.split(message, 0).getLast()))
        .isEqualTo(new Incomplete(1));
  }

  @Test
  void nobodyPushesOutWhatAnotherBegan() throws Exception {
    SmsReassembly small = reassembly(new SmsLimits(2, 3, 10_000, Duration.ofMinutes(10)));
    byte[] message = message(200, 1);
    List<byte[]> segments = SmsSegments.split(message, 7);
    for (String sender : List.of("a", "b", "c")) {
      small.take(sender, segments.getFirst());
    }
    assertThat(small.take("d", segments.getFirst())).isEqualTo(new Refused(Reason.FULL));
    assertThat(small.take("a", segments.getLast())).isEqualTo(complete(message));
    assertThat(small.take("d", segments.getFirst())).isEqualTo(new Incomplete(1));
  }

  @Test
  void octetsAreBoundedToo() throws Exception {
    SmsReassembly small = reassembly(new SmsLimits(4, 8, 300, Duration.ofMinutes(10)));
    List<byte[]> segments = SmsSegments.split(message(1072, 1), 7);
    small.take("a", segments.get(0));
    small.take("b", segments.get(0));
    assertThat(small.take("a", segments.get(1))).isEqualTo(new Refused(Reason.FULL));
    assertThat(small.octets()).isEqualTo(268);
    assertThat(small.take("a", SmsSegments.split(message(268, 2), 8).getFirst()))
        .as("its own older message makes room")
        .isEqualTo(new Incomplete(1));
    assertThat(small.octets()).isEqualTo(268);
  }
}
