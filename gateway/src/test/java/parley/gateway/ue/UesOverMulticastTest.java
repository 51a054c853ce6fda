package parley.gateway.ue;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.gateway.media.BurstEnd;
import parley.gateway.media.Leg;
import parley.mikey.group.MediaPolicy;
import parley.srtp.CipherEngines;

/// Two terminals, nothing between them but a multicast group on loopback.
class UesOverMulticastTest {
  /// Faster, and more than 32 packets would come before the first signature is verified.
  private static final double FAST = 3;

  @TempDir Path directory;
  private final BlockingQueue<HeardBurst> heard = new LinkedBlockingQueue<>();
  private UeWorld world;
  private Leg leg;

  @BeforeEach
  void open() throws Exception {
    world = new UeWorld(directory);
    String loopback = NetworkInterface.getByInetAddress(InetAddress.getLoopbackAddress()).getName();
    try (WireReceiver port = WireReceiver.unicast()) {
      var group = new InetSocketAddress("239.192.44.7", port.address().getPort());
      leg = Leg.multicast(group, loopback, 1);
    }
  }

  @AfterEach
  void close() throws Exception {
    world.close();
  }

  @Test
  void oneHearsEveryOctetTheOtherSays() throws Exception {
    Speech opus = SpeechTest.shipped("alice-1.ogg");
    Speech muLaw = SpeechTest.shipped("bob-1.wav");
    try (Listener _ = listener();
        Talker talker = talker()) {
      assertHeard(opus, talker.talk(opus));
      assertHeard(muLaw, talker.talk(muLaw));
    }
  }

  @Test
  void whatWasHeardBecomesAFileWithTheSamePackets() throws Exception {
    Speech speech = SpeechTest.shipped("alice-2.ogg");
    try (Listener _ = listener();
        Talker talker = talker()) {
      talker.talk(speech);
      HeardBurst burst = next();
      assertThat(burst.speech().suffix()).isEqualTo(".ogg");
      List<Path> files = burst.speech().write(directory.resolve("heard.ogg"));
      Payloads.assertEqual(
          speech,
          Speech.read(files.getFirst()).frames().stream().map(SpeechFrame::payload).toList());
      burst.speech().write(directory.resolve("heard.wav"));
      assertThat(Files.size(directory.resolve("heard.wav"))).isGreaterThan(500_000);
    }
  }

  @Test
  void theRolloverCounterIsKnownFromTheAnnouncement() throws Exception {
    Speech speech = SpeechTest.shipped("bob-1.wav");
    try (Listener _ = listener();
        Talker talker = talker()) {
      assertHeard(speech, talker.talk(speech, (9L << 16) | 65_500));
    }
  }

  @Test
  void closingEndsARunningBurst() throws Exception {
    try (Talker talker = talker()) {
      Listener listener = listener();
      TalkBurst burst = talker.talk(SpeechTest.shipped("alice-1.ogg"));
      burst.report().join();
      listener.close();
      assertThat(next().end()).isIn(BurstEnd.BYE, BurstEnd.CLOSED);
    }
  }

  private void assertHeard(Speech speech, TalkBurst burst) throws Exception {
    HeardBurst got = next();
    assertThat(got.csbId()).isEqualTo(burst.csbId());
    assertThat(got.speaker()).isEqualTo(UeWorld.ALICE.uri());
    assertThat(got.end()).isEqualTo(BurstEnd.BYE);
    assertThat(got.speech().missing()).isZero();
    Payloads.assertEqual(speech, got.speech().payloads());
  }

  private HeardBurst next() throws InterruptedException {
    HeardBurst burst = heard.poll(20, TimeUnit.SECONDS);
    assertThat(burst).isNotNull();
    return burst;
  }

  private Talker talker() throws Exception {
    return world.talker(
        new TalkerSettings(
            UeWorld.GROUP, leg, MediaPolicy.ALL.getFirst(), FAST, BurstsAhead.DEFAULT));
  }

  private Listener listener() throws Exception {
    return Listener.open(
        world.member(UeWorld.BOB),
        new ListenerSettings(UeWorld.GROUP, List.of(leg), MediaPolicy.ALL, null),
        world.transport,
        CipherEngines.jce(),
        world.clock,
        world.random,
        heard::add);
  }
}
