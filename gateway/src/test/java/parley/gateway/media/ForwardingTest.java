package parley.gateway.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static parley.gateway.media.MediaLab.drops;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;
import parley.srtp.CipherEngines;
import parley.srtp.SrtpPolicy;

/// Authenticated packets reach every leg octet for octet; everything else is counted by its name.
@ParameterizedClass
@ValueSource(strings = {"batch", "netty", "nio"})
class ForwardingTest {
  private static final int SSRC = 0xa11ce;
  private static final int MKI = 0x01020304;

  private final String transport;
  private MediaLab lab;
  private TestReceiver sender;
  private TestReceiver receiver;
  private GroupMedia group;
  private TestTalker alice;

  @SuppressWarnings("NullAway.Init")
  ForwardingTest(String transport) {
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

  @Test
  void forwardsTheSameOctetsToUnicastAndMulticast() {
    try (TestReceiver island = TestReceiver.multicast("239.77.1.1")) {
      lab.run(() -> {
        try {
          group.addRelay(Leg.multicast(island.address(), "lo", 1));
        } catch (PortUnavailable e) {
          throw new AssertionError(e);
        }
      });
      lab.install(group, alice.burst(1));
      List<byte[]> sent = new ArrayList<>();
      for (int seq = 0; seq < 200; seq++) {
        sent.add(alice.rtp(seq, "frame " + seq));
        send(sent.getLast());
        receiver.expect(sent.getLast());
      }
      island.expect(sent.toArray(byte[][]::new));
      assertThat(drops(group)).isEmpty();
      assertThat(group.counters().packets(LegCounters.Direction.IN)).isEqualTo(200);
      assertThat(group.counters().packets(LegCounters.Direction.OUT)).isEqualTo(400);
    }
  }

  @Test
  void hearsAMulticastGroupAndDoesNotSendBackIntoIt() {
    try (TestReceiver island = TestReceiver.multicast("239.77.1.2")) {
      Leg there = Leg.multicast(island.address(), "lo", 1);
      GroupMedia both =
          lab.group(
              List.of(there), List.of(there, Leg.unicast(receiver.address())), MediaTap.none());
      lab.install(both, alice.burst(1));
      byte[] packet = alice.rtp(1, "once");
      sender.send(packet, island.address());
      receiver.expect(packet);
      island.expect(packet);
      byte[] marker = alice.rtp(2, "marker");
      sender.send(marker, island.address());
      island.expect(marker);
    }
  }

  @Test
  void countsEachRefusalByNameAndForwardsNothingOfIt() {
    lab.install(group, alice.burst(1));
    byte[] good = alice.rtp(1, "good");
    byte[] badTag = alice.rtp(2, "bad tag");
    badTag[14] ^= 1;
    send(
        good,
        good,
        badTag,
        new TestTalker(lab.engine, TestTalker.GCM, 0xbad, MKI).rtp(1, "unknown SSRC"),
        new TestTalker(lab.engine, TestTalker.GCM, SSRC, 99).rtp(3, "wrong MKI"),
        new byte[0],
        new byte[] {0x42, 1, 2, 3},
        new byte[] {(byte) 0x80, 96, 0},
        Arrays.copyOf(alice.rtp(4, ""), 20),
        new byte[3000]);
    byte[] last = alice.rtp(3000, "last");
    send(last);
    receiver.expect(good, last);
    assertThat(drops(group))
        .containsOnly(
            entry(DropReason.REPLAYED, 1L),
            entry(DropReason.BAD_TAG, 1L),
            entry(DropReason.UNKNOWN_SSRC, 1L),
            entry(DropReason.WRONG_MKI, 2L),
            entry(DropReason.RUBBISH, 2L),
            entry(DropReason.TOO_SHORT, 1L),
            entry(DropReason.OVERSIZED, 1L));
    assertThat(MediaLab.next(lab.events)).isEqualTo("first of sip:alice@example.org");
    assertThat(MediaLab.next(lab.events)).isEqualTo("unknown bad");
  }

  @Test
  void countsPacketsBehindTheReplayWindowAsStale() {
    lab.install(group, alice.burst(1));
    byte[] old = alice.rtp(1, "old");
    byte[] recent = alice.rtp(5000, "recent");
    send(recent, old);
    byte[] last = alice.rtp(5001, "last");
    send(last);
    receiver.expect(recent, last);
    assertThat(drops(group)).containsOnly(entry(DropReason.STALE, 1L));
  }

  @Test
  void forwardsBothTalkersAtOnce() {
    TestTalker bob = new TestTalker(lab.engine, TestTalker.CM, 0xb0b, 7);
    lab.install(group, alice.burst(1));
    lab.install(group, bob.burst(2));
    for (int seq = 0; seq < 50; seq++) {
      byte[] fromAlice = alice.rtp(seq, "alice");
      byte[] fromBob = bob.rtp(seq, "bob");
      send(fromAlice, fromBob);
      receiver.expect(fromAlice, fromBob);
    }
    assertThat(drops(group)).isEmpty();
  }

  @Test
  void forwardsADoubledPathOnce() {
    GroupMedia doubled =
        lab.group(
            List.of(MediaLab.loopback(), MediaLab.loopback()),
            List.of(Leg.unicast(receiver.address())),
            MediaTap.none());
    lab.install(doubled, alice.burst(1));
    for (int seq = 0; seq < 20; seq++) {
      byte[] packet = alice.rtp(seq, "twice");
      sender.send(packet, lab.address(doubled, seq % 2));
      sender.send(packet, lab.address(doubled, 1 - seq % 2));
      receiver.expect(packet);
    }
    byte[] last = alice.rtp(20, "last");
    sender.send(last, lab.address(doubled, 0));
    sender.send(last, lab.address(doubled, 1));
    receiver.expect(last);
    lab.settle(sender, doubled);
    assertThat(doubled.counters().dropped(DropReason.REPLAYED)).isGreaterThanOrEqualTo(20);
    assertThat(doubled.counters().packets(LegCounters.Direction.OUT)).isEqualTo(21);
  }

  @Test
  void followsTheRolloverCounterAcrossItsWrap() {
    alice = new TestTalker(lab.engine, TestTalker.GCM, SSRC, MKI, 0x1fff0);
    lab.install(group, alice.burst(1, 0x1fff0));
    for (int seq = 0xfff0; seq < 0x10010; seq++) {
      byte[] packet = alice.rtp(seq & 0xffff, "wrap");
      send(packet);
      receiver.expect(packet);
    }
    assertThat(drops(group)).isEmpty();
  }

  @Test
  void takesTheRolloverCounterOutOfThePacketWithRccm3() {
    alice = new TestTalker(lab.engine, TestTalker.GCM_RCC, SSRC, MKI, 0x7_0005_fff0L);
    lab.install(group, alice.burst(1));
    byte[] packet = alice.rtp(0xfff0, "far");
    send(packet);
    receiver.expect(packet);
  }

  @Test
  void forwardsRtcpAndTellsOfABye() {
    lab.install(group, alice.burst(1));
    byte[] bye = alice.bye();
    send(bye);
    receiver.expect(bye);
    assertThat(MediaLab.next(lab.events)).startsWith("first of");
    assertThat(MediaLab.next(lab.events)).isEqualTo("bye sip:alice@example.org");
  }

  @Test
  void sendsRtcpToTheNextPortWhereTheLegSaysSo() {
    try (TestReceiver pair = TestReceiver.unicastPair()) {
      GroupMedia split =
          lab.group(List.of(Leg.unicast(pair.address()).withRtcp(RtcpMode.NEXT_PORT)));
      lab.install(split, alice.burst(1));
      byte[] bye = alice.bye();
      byte[] packet = alice.rtp(1, "media");
      sender.send(bye, lab.address(split));
      sender.send(packet, lab.address(split));
      pair.next().expect(bye);
      pair.expect(packet);
    }
  }

  @Test
  void hearsATalkerWithoutMkiOnlyWhereTheLegAllowsIt() {
    SrtpPolicy bare = new SrtpPolicy(TestTalker.GCM.profile(), false, 0);
    TestTalker plain = new TestTalker(lab.engine, bare, 0xc0de, MKI);
    GroupMedia lenient =
        lab.group(
            List.of(MediaLab.loopback().withMkiOptional()),
            List.of(Leg.unicast(receiver.address())),
            MediaTap.none());
    lab.install(group, plain.burst(1));
    lab.install(lenient, plain.burst(1));
    byte[] packet = plain.rtp(1, "no MKI");
    send(packet);
    sender.send(packet, lab.address(lenient));
    receiver.expect(packet);
    lab.settle(sender, group);
    assertThat(drops(group)).containsOnly(entry(DropReason.WRONG_MKI, 1L));
  }

  @Test
  void alarmsWhenTwoPacketsOfOneIndexAuthenticate() {
    lab.install(group, alice.burst(1));
    byte[] first = alice.rtp(9, "one thing");
    alice.rewind(9);
    byte[] second = alice.rtp(9, "another");
    byte[] forged = first.clone();
    forged[forged.length - 10] ^= 1;
    send(first, first, second);
    receiver.expect(first);
    assertThat(MediaLab.next(lab.events)).startsWith("first of");
    assertThat(MediaLab.next(lab.events)).isEqualTo("iv reuse a11ce");
    lab.clock.pass(Duration.ofSeconds(1));
    send(forged);
    lab.settle(sender, group);
    assertThat(lab.event()).isNull();
  }
}
