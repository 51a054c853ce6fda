package parley.gateway.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static parley.gateway.media.MediaLab.drops;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;
import parley.srtp.CipherEngines;

/// Media that comes before the verdict on its announcement waits, within bounds; ended streams stay
/// ended.
@ParameterizedClass
@ValueSource(strings = {"batch", "netty", "nio"})
class EarlyMediaTest {
  private static final int SSRC = 0xa11ce;
  private static final int MKI = 0x01020304;

  private final String transport;
  private MediaLab lab;
  private TestReceiver sender;
  private TestReceiver receiver;
  private GroupMedia group;
  private TestTalker alice;

  @SuppressWarnings("NullAway.Init")
  EarlyMediaTest(String transport) {
    this.transport = transport;
  }

  @BeforeEach
  void open() {
    lab = new MediaLab(transport, CipherEngines.jce());
    sender = TestReceiver.unicast();
    receiver = TestReceiver.unicast();
    group = lab.group(List.of(Leg.unicast(receiver.address())));
    alice = new TestTalker(lab.engine, TestTalker.GCM, SSRC, MKI);
  }

  @AfterEach
  void close() {
    lab.close();
    sender.close();
    receiver.close();
  }

  private void send(byte[]... packets) {
    for (byte[] packet : packets) {
      sender.send(packet, lab.address(group));
    }
  }

  private void hold(int csbId) {
    lab.run(() -> group.hold(csbId, MKI, new int[] {SSRC}));
  }

  @Test
  void releasesHeldPacketsInOrderWithTheInstallation() {
    hold(1);
    byte[][] early = {
      alice.rtp(3, "a"), alice.rtp(4, "b"), alice.rtp(5, "c"), alice.rtp(6, "d"), alice.bye()
    };
    send(early);
    lab.settle(sender, group);
    assertThat(group.counters().packets(LegCounters.Direction.OUT)).isZero();
    lab.install(group, alice.burst(1));
    byte[] next = alice.rtp(7, "next");
    send(next);
    receiver.expect(early);
    receiver.expect(next);
    assertThat(drops(group)).isEmpty();
  }

  @Test
  void keepsForgedPacketsOutOfWhatItReleases() {
    hold(1);
    byte[] good = alice.rtp(1, "good");
    byte[] forged = alice.rtp(2, "forged");
    forged[13] ^= 1;
    send(new TestTalker(lab.engine, TestTalker.GCM, SSRC, 99).rtp(9, "other MKI"), forged, good);
    lab.settle(sender, group);
    lab.install(group, alice.burst(1));
    receiver.expect(good);
    assertThat(drops(group))
        .containsOnly(entry(DropReason.UNKNOWN_SSRC, 1L), entry(DropReason.BAD_TAG, 1L));
  }

  @Test
  void holdsNoMoreThanItsBound() {
    hold(1);
    List<byte[]> early = new ArrayList<>();
    for (int seq = 0; seq < 40; seq++) {
      early.add(alice.rtp(seq, "early"));
    }
    send(early.toArray(byte[][]::new));
    lab.settle(sender, group);
    assertThat(drops(group)).containsOnly(entry(DropReason.HOLD_FULL, 8L));
    lab.install(group, alice.burst(1));
    receiver.expect(early.subList(0, 32).toArray(byte[][]::new));
  }

  @Test
  void holdsForNoMoreAnnouncementsThanItsBound() {
    for (int csbId = 0; csbId < 20; csbId++) {
      int ssrc = 100 + csbId;
      int id = csbId;
      lab.run(() -> group.hold(id, MKI, new int[] {ssrc}));
    }
    for (int ssrc = 100; ssrc < 120; ssrc++) {
      send(new TestTalker(lab.engine, TestTalker.GCM, ssrc, MKI).rtp(1, "early"));
    }
    lab.settle(sender, group);
    assertThat(drops(group)).containsOnly(entry(DropReason.UNKNOWN_SSRC, 4L));
  }

  @Test
  void dropsWhatIsHeldTooLong() {
    hold(1);
    send(alice.rtp(1, "early"), alice.rtp(2, "early"));
    lab.settle(sender, group);
    lab.clock.pass(Duration.ofMillis(199));
    lab.run(group::expire);
    assertThat(drops(group)).isEmpty();
    lab.clock.pass(Duration.ofMillis(1));
    lab.install(group, alice.burst(1));
    byte[] fresh = alice.rtp(3, "fresh");
    send(fresh);
    receiver.expect(fresh);
    assertThat(drops(group)).containsOnly(entry(DropReason.HOLD_EXPIRED, 2L));
  }

  @Test
  void dropsWhatARefusedAnnouncementHeld() {
    hold(1);
    send(alice.rtp(1, "early"));
    lab.settle(sender, group);
    lab.run(() -> group.unhold(1));
    assertThat(drops(group)).containsOnly(entry(DropReason.HOLD_REFUSED, 1L));
  }

  @Test
  void refusesReplaysBehindAReturningAnnouncement() {
    byte[][] captured = {alice.rtp(10, "a"), alice.rtp(11, "b"), alice.bye()};
    Burst first = alice.burst(1, 10);
    lab.install(group, first);
    send(captured);
    receiver.expect(captured);
    lab.run(() -> group.retire(first, BurstEnd.SILENT));

    assertThat(lab.on(() -> group.wouldReplay(MKI, SSRC, 11))).isTrue();
    assertThat(lab.on(() -> group.wouldReplay(MKI, SSRC, 12))).isFalse();
    assertThat(lab.on(() -> group.lowestIndex(MKI, SSRC))).isEqualTo(12);
    lab.install(group, alice.burst(1, 12));
    send(captured);
    byte[] fresh = alice.rtp(12, "fresh");
    send(fresh);
    receiver.expect(fresh);
    assertThat(drops(group)).containsOnly(entry(DropReason.TOMBSTONE, 3L));
  }

  @Test
  void isNotMisledByOldPacketsBehindAReturningAnnouncement() {
    long resumed = 0x1_9000;
    byte[] captured = alice.rtp(0x9002 - 0x8000, "old");
    Burst first = alice.burst(1, 0);
    lab.install(group, first);
    send(captured);
    receiver.expect(captured);
    lab.run(() -> group.retire(first, BurstEnd.SILENT));
    TestTalker later = new TestTalker(lab.engine, TestTalker.GCM, SSRC, MKI, resumed);
    lab.install(group, later.burst(1, resumed));
    send(captured);
    for (int seq = 0x9000; seq < 0x9010; seq++) {
      byte[] fresh = later.rtp(seq, "fresh");
      send(fresh);
      receiver.expect(fresh);
    }
  }

  @Test
  void forgetsATombstoneAfterTwoWindows() {
    Burst burst = alice.burst(1);
    lab.install(group, burst);
    byte[] packet = alice.rtp(5, "once");
    send(packet);
    receiver.expect(packet);
    lab.run(() -> group.retire(burst, BurstEnd.BYE));
    lab.clock.pass(Duration.ofSeconds(119));
    assertThat(lab.on(() -> group.wouldReplay(MKI, SSRC, 5))).isTrue();
    lab.clock.pass(Duration.ofSeconds(1));
    assertThat(lab.on(() -> group.wouldReplay(MKI, SSRC, 5))).isFalse();
  }

  @Test
  void zeroesTheKeysOfARetiredBurst() {
    Burst burst = alice.burst(1);
    lab.install(group, burst);
    lab.run(() -> group.retire(burst, BurstEnd.BYE));
    send(alice.rtp(1, "late"));
    lab.settle(sender, group);
    assertThat(drops(group)).containsOnly(entry(DropReason.UNKNOWN_SSRC, 1L));
    assertThat(lab.on(group::bursts)).isEmpty();
  }
}
