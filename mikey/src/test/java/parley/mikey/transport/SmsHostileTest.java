package parley.mikey.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import parley.mikey.message.MalformedMessage;
import parley.mikey.message.Octets;
import parley.mikey.transport.SmsOutcome.Complete;
import parley.mikey.transport.SmsOutcome.Reason;
import parley.mikey.transport.SmsOutcome.Refused;

/// Random segments of many senders: what is held stays bounded, and who means it gets through.
class SmsHostileTest {
  private static final SmsLimits LIMITS = SmsLimits.defaults();
  private static final String MANAGER = "+4791234567";
  private static final int SEGMENTS = 20_000;

  private Instant now = Instant.parse("2026-11-29T12:00:00Z");
  private final SmsReassembly reassembly = new SmsReassembly(() -> now, LIMITS);

  /// As many strangers as can have four messages each in the making, and room for one sender more.
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void aSenderAmongStrangersGetsThrough(long seed) throws Exception {
    var random = new Random(seed);
    int strangers = LIMITS.messages() / LIMITS.perSender() - 1;
    byte[] message = new byte[900];
    random.nextBytes(message);
    List<byte[]> segments = new ArrayList<>(SmsSegments.split(message, random.nextInt(256)));
    Collections.shuffle(segments, random);
    int arrived = 0;
    int next = 0;
    for (int i = 0; i < SEGMENTS; i++) {
      take("stranger-" + random.nextInt(strangers), shortSegment(random));
      if (i % 400 == 0) {
        SmsOutcome outcome = reassembly.take(MANAGER, segments.get(next++ % segments.size()));
        assertThat(outcome).as("seed %s", seed).isNotInstanceOf(Refused.class);
        if (outcome instanceof Complete(Octets joined)) {
          assertThat(joined.bytes()).isEqualTo(message);
          arrived++;
        }
      }
    }
    assertThat(arrived).as("seed %s", seed).isGreaterThanOrEqualTo(6);
  }

  /// More strangers than there is room for: what is held is bounded, nobody loses what is begun,
  /// and ten minutes after the flood has ended there is room again.
  @Test
  void aFloodOfSendersFillsTheRoomAndNoMore() throws Exception {
    var random = new Random(4);
    byte[] message = new byte[900];
    random.nextBytes(message);
    List<byte[]> segments = SmsSegments.split(message, 7);
    reassembly.take(MANAGER, segments.getFirst());
    int full = 0;
    for (int i = 0; i < SEGMENTS; i++) {
      SmsOutcome outcome = take("stranger-" + i, segment(random, 134));
      full += outcome instanceof Refused(Reason reason) && reason == Reason.FULL ? 1 : 0;
    }
    assertThat(full).isGreaterThan(SEGMENTS / 2);
    assertThat(reassembly.messages()).isEqualTo(LIMITS.messages());
    SmsOutcome outcome = null;
    for (byte[] segment : segments) {
      outcome = reassembly.take(MANAGER, segment);
    }
    assertThat(outcome).as("what was begun").isEqualTo(new Complete(Octets.of(message)));

    now = now.plus(LIMITS.expiry());
    take("stranger", segment(random, 1));
    assertThat(reassembly.messages()).isLessThanOrEqualTo(1);
  }

  @Test
  void noiseIsRefusedOrHeldWithinBounds() {
    var random = new Random(5);
    for (int i = 0; i < SEGMENTS; i++) {
      byte[] noise = new byte[random.nextInt(160)];
      random.nextBytes(noise);
      for (int at = 0; at < 3 && random.nextInt(8) > 0 && noise.length > 6; at++) {
        noise[at] = new byte[] {5, 0, 3}[at];
      }
      take("s" + random.nextInt(2000), noise);
      now = now.plusMillis(random.nextInt(500));
    }
  }

  /// Half a megabyte is enough for strangers whose segments are short.
  private static byte[] shortSegment(Random random) {
    return segment(random, 40);
  }

  private static byte[] segment(Random random, int mostOctets) {
    byte[] userData = new byte[6 + 1 + random.nextInt(mostOctets)];
    random.nextBytes(userData);
    int total = 1 + random.nextInt(8);
    System.arraycopy(
        new byte[] {
          5, 0, 3, (byte) random.nextInt(), (byte) total, (byte) (1 + random.nextInt(total))
        },
        0,
        userData,
        0,
        6);
    return userData;
  }

  /// Null where it was no segment; asserts the bounds after each.
  private @org.jspecify.annotations.Nullable SmsOutcome take(String sender, byte[] userData) {
    try {
      SmsOutcome outcome = reassembly.take(sender, userData);
      boolean isBounded =
          reassembly.octets() >= 0
              && reassembly.octets() <= LIMITS.octets()
              && reassembly.messages() <= LIMITS.messages();
      assertThat(isBounded).isTrue();
      return outcome;
    } catch (MalformedMessage e) {
      assertThat(e.offset()).isBetween(0, 160);
      return null;
    }
  }
}
