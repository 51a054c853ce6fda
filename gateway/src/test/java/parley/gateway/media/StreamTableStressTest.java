package parley.gateway.media;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;
import parley.srtp.CipherEngines;

/// Bursts come and go while packets flow: each packet is forwarded or counted, none is both.
@ParameterizedClass
@ValueSource(strings = {"batch", "netty", "nio"})
class StreamTableStressTest {
  private static final int TALKERS = 8;
  private static final int ROUNDS = 40;

  private final String transport;

  StreamTableStressTest(String transport) {
    this.transport = transport;
  }

  @Test
  void accountsForEveryPacketWhileBurstsComeAndGo() {
    try (MediaLab lab = new MediaLab(transport, CipherEngines.jce());
        TestReceiver sender = TestReceiver.unicast();
        TestReceiver receiver = TestReceiver.unicast()) {
      GroupMedia group = lab.group(List.of(Leg.unicast(receiver.address())));
      TestTalker[] talkers = new TestTalker[TALKERS];
      for (int i = 0; i < TALKERS; i++) {
        talkers[i] = new TestTalker(lab.engine, TestTalker.GCM, 1000 + i, 1 + i);
      }
      long sent = flood(lab, sender, group, talkers);
      GroupCounters counters = group.counters();
      long dropped = 0;
      for (DropReason reason : DropReason.values()) {
        dropped += counters.dropped(reason);
      }
      assertThat(counters.packets(LegCounters.Direction.IN)).isEqualTo(sent);
      assertThat(counters.packets(LegCounters.Direction.OUT) + dropped + ROUNDS).isEqualTo(sent);
      assertThat(counters.packets(LegCounters.Direction.OUT)).isPositive();
      assertThat(counters.dropped(DropReason.BAD_TAG)).isZero();
    }
  }

  /// Sends from this thread while commands run on the loop; returns what was sent, markers
  /// included.
  private static long flood(
      MediaLab lab, TestReceiver sender, GroupMedia group, TestTalker[] talkers) {
    Random random = new Random(20261123);
    var to = lab.address(group);
    long sent = 0;
    for (int round = 0; round < ROUNDS; round++) {
      for (int i = 0; i < 25; i++) {
        TestTalker talker = talkers[random.nextInt(TALKERS)];
        sender.send(talker.rtp(round * 25 + i, "flood"), to);
        sent++;
        if (i % 5 == 0) {
          toggle(group, talkers[random.nextInt(TALKERS)]);
        }
      }
      lab.settle(sender, group);
      sent++;
    }
    return sent;
  }

  private static void toggle(GroupMedia group, TestTalker talker) {
    group
        .loop()
        .execute(() -> {
          for (Burst burst : group.bursts()) {
            if (burst.mki() == talker.mki) {
              group.retire(burst, BurstEnd.NEW_BURST);
              return;
            }
          }
          long next = group.lowestIndex(talker.mki, talker.ssrc);
          group.install(talker.burst(talker.mki, next));
        });
  }
}
