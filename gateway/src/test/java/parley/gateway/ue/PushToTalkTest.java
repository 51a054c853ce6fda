package parley.gateway.ue;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.gateway.lab.BothPaths;
import parley.gateway.media.Leg;
import parley.gateway.system.Await;
import parley.mikey.group.GroupMasterKey;
import parley.mikey.group.MediaPolicy;
import parley.mikey.group.UnverifiedAnnouncement;
import parley.mikey.identity.NtpTimestamp;
import parley.mikey.secret.SecretAccess;
import parley.srtp.CipherEngine;
import parley.srtp.CipherEngines;
import parley.srtp.IvLedger;

/// From the key that is pressed to the first packet, with a burst that was made before.
@BothPaths
class PushToTalkTest {
  private static final double FAST = 20;

  private final String io;
  @TempDir Path directory;
  private UeWorld world;
  private WireReceiver wire;
  private ObservedTransport observed;

  PushToTalkTest(String io) {
    this.io = io;
  }

  @BeforeEach
  void open() throws Exception {
    world = new UeWorld(directory, io);
    wire = WireReceiver.unicast();
    observed = new ObservedTransport(world.transport);
  }

  @AfterEach
  void close() throws Exception {
    wire.close();
    world.close();
  }

  private Talker talker(CipherEngine engine) throws Exception {
    return talker(Leg.unicast(wire.address()), FAST, engine);
  }

  private Talker talker(Leg to, double speed, CipherEngine engine) throws Exception {
    var settings =
        new TalkerSettings(
            UeWorld.GROUP, to, MediaPolicy.ALL.getFirst(), speed, BurstsAhead.DEFAULT);
    Talker talker = world.talker(settings, observed, engine);
    Await.until("a burst is ready", () -> talker.ssrcsAhead().size() == 1);
    return talker;
  }

  /// A word of so many packets.
  private static Speech word(int packets) {
    return new Speech(
        "a word",
        Speech.PCMU,
        8_000,
        Stream.generate(() -> new SpeechFrame(new byte[160], 160)).limit(packets).toList());
  }

  private WireBurst say(Talker talker, Speech speech) throws Exception {
    TalkBurst burst = talker.talk(speech);
    WireBurst heard = WireBurst.receive(wire, world.gmk(), world.kms());
    burst.report().join();
    return heard;
  }

  @Test
  void announcementAndFirstPacketLeaveTogether() throws Exception {
    try (Talker talker = talker(CipherEngines.jce())) {
      WireBurst heard = say(talker, word(3));
      assertThat(observed.calls()).startsWith("announcement", "packet", "flush");
      assertThat(heard.kinds()).startsWith("announcement", "rtp");
      assertThat(heard.announcedIndices().getFirst()).isEqualTo(heard.indices().getFirst());
    }
  }

  @Test
  void aRepeatDoesNotWaitForThePacketBehindIt() throws Exception {
    SpeechFrame minute = new SpeechFrame(new byte[160], 60 * 8_000);
    try (Talker talker = talker(CipherEngines.jce())) {
      TalkBurst burst =
          talker.talk(new Speech("slow", Speech.PCMU, 8_000, List.of(minute, minute)));
      wire.receiveUntil(WireBurst::isMedia);
      wire.receiveUntil(_ -> true);
      burst.stop();
      burst.report().join();
      assertThat(observed.calls())
          .startsWith("announcement", "packet", "flush", "announcement", "flush");
    }
  }

  /// Not that of the making.
  @Test
  void theTimeIsThatOfThePress() throws Exception {
    try (Talker talker = talker(CipherEngines.jce())) {
      Instant pressed = world.clock.instant();
      NtpTimestamp t = say(talker, word(1)).announcements().getFirst().timestamp();
      assertThat(t.toInstant()).isBetween(pressed, world.clock.instant());
    }
  }

  @Test
  void aGmkThatCameMeanwhileIsTheOneThatIsUsed() throws Exception {
    try (Talker talker = talker(CipherEngines.jce())) {
      GroupMasterKey before = world.gmk();
      GroupMasterKey after = world.rekey();
      UnverifiedAnnouncement announced = say(talker, word(1)).announcements().getFirst();
      assertThat(announced.gmkId()).isEqualTo(after.gmkId()).isNotEqualTo(before.gmkId());
    }
  }

  /// The ledger fails at the first key and initialisation vector that come twice; every name of a
  /// burst is kept here.
  @Test
  void nothingIsEverUsedTwiceWhateverHappensBetweenMakingAndTalking() throws Exception {
    var ledger = new IvLedger(CipherEngines.jce());
    Set<String> names = new HashSet<>();
    int bursts = 0;
    long packets = 0;
    for (int start = 0; start < 4; start++) {
      try (Talker talker = talker(ledger)) {
        for (int i = 0; i < 50; i++) {
          if (i % 20 == 10) {
            world.rekey();
          }
          WireBurst heard = say(talker, word(2));
          add(heard.announcements().getFirst(), names);
          bursts++;
          packets += heard.kinds().stream().filter(kind -> !kind.equals("announcement")).count();
        }
      }
      world.restarted(UeWorld.ALICE);
    }
    assertThat(names).hasSize(5 * bursts);
    assertThat(ledger.size()).isEqualTo(packets).isGreaterThan(2 * bursts);
  }

  private void add(UnverifiedAnnouncement announced, Set<String> names) throws Exception {
    names.add("CSB ID " + announced.csbId());
    names.add("RAND " + Arrays.toString(announced.rand()));
    names.add("SSRC " + announced.sessions().getFirst().ssrc());
    names.add("GSK-ID " + announced.gskId());
    try (var gsk = announced.unwrap(world.gmk())) {
      names.add("GSK " + gsk.key().lend(SecretAccess.token(), Arrays::toString));
    }
  }

  @Test
  void nothingOfItIsWrittenAndARestartMakesOthers() throws Exception {
    world.member(UeWorld.ALICE);
    Map<String, Long> before = files();
    int unspoken;
    try (Talker talker = talker(CipherEngines.jce())) {
      unspoken = talker.ssrcsAhead().getFirst();
    }
    world.restarted(UeWorld.ALICE);
    try (Talker talker = talker(CipherEngines.jce())) {
      assertThat(talker.ssrcsAhead()).doesNotContain(unspoken);
      assertThat(say(talker, word(1)).announcements().getFirst().sessions().getFirst().ssrc())
          .isNotEqualTo(unspoken);
    }
    assertThat(files()).isEqualTo(before);
  }

  /// Each file and a checksum of it.
  private Map<String, Long> files() throws IOException {
    Map<String, Long> all = new TreeMap<>();
    try (Stream<Path> paths = Files.walk(directory)) {
      for (Path file : paths.filter(Files::isRegularFile).toList()) {
        var sum = new CRC32C();
        sum.update(Files.readAllBytes(file));
        all.put(file.toString(), sum.getValue());
      }
    }
    return all;
  }

  @Test
  void aListenerHearsTheFirstPacketOfEachBurst() throws Exception {
    String loopback = NetworkInterface.getByInetAddress(InetAddress.getLoopbackAddress()).getName();
    var group = new InetSocketAddress("239.192.44.8", wire.address().getPort());
    Leg leg = Leg.multicast(group, loopback, 1);
    BlockingQueue<HeardBurst> heard = new LinkedBlockingQueue<>();
    Speech speech = SpeechTest.shipped("bob-1.wav");
    try (Listener _ =
            Listener.open(
                world.member(UeWorld.BOB),
                new ListenerSettings(UeWorld.GROUP, List.of(leg), MediaPolicy.ALL, null),
                world.transport,
                CipherEngines.jce(),
                world.clock,
                world.random,
                heard::add);
        Talker talker = talker(leg, 3, CipherEngines.jce())) {
      for (int i = 0; i < 2; i++) {
        talker.talk(speech).report().join();
        HeardBurst got = heard.poll(20, TimeUnit.SECONDS);
        assertThat(got).isNotNull();
        assertThat(got.speech().missing()).isZero();
        Payloads.assertEqual(speech, got.speech().payloads());
      }
    }
  }
}
