package parley.gateway.ue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.gateway.media.Leg;
import parley.mikey.group.MediaPolicy;
import parley.mikey.group.UnverifiedAnnouncement;
import parley.mikey.identity.Identity;

class TalkerTest {
  private static final double FAST = 20;

  @TempDir Path directory;
  private UeWorld world;
  private WireReceiver wire;

  @BeforeEach
  void open() throws Exception {
    world = new UeWorld(directory);
    wire = WireReceiver.unicast();
  }

  @AfterEach
  void close() throws Exception {
    wire.close();
    world.close();
  }

  @Test
  void everyPayloadArrivesOctetForOctetUnderEveryProfile() throws Exception {
    Speech speech = SpeechTest.shipped("bob-1.wav");
    for (MediaPolicy policy : MediaPolicy.ALL) {
      WireBurst burst = talk(policy, speech, 17);
      Payloads.assertEqual(speech, burst.payloads());
    }
  }

  @Test
  void theAnnouncementLeadsTheFirstPacket() throws Exception {
    WireBurst burst = talk(MediaPolicy.ALL.getFirst(), SpeechTest.shipped("alice-1.ogg"), 65_530);
    assertThat(burst.kinds()).startsWith("announcement", "rtp");
    UnverifiedAnnouncement first = burst.announcements().getFirst();
    assertThat(first.sessions().getFirst().nextIndex()).isEqualTo(65_530);
    assertThat(burst.indices().getFirst()).isEqualTo(65_530);
  }

  @Test
  void repeatsKeepTheirKeyAndTellALaterTimeAndThePresentIndex() throws Exception {
    Speech speech = SpeechTest.shipped("alice-1.ogg");
    WireBurst burst = talk(MediaPolicy.ALL.getFirst(), speech, (7L << 16) | 65_400);
    List<UnverifiedAnnouncement> announcements = burst.announcements();
    UnverifiedAnnouncement first = announcements.getFirst();
    assertThat(announcements).hasSizeBetween(5, 8);
    assertThat(announcements).allMatch(a -> a.csbId() == first.csbId());
    assertThat(announcements).allMatch(a -> Arrays.equals(a.rand(), first.rand()));
    assertThat(announcements).allMatch(a -> a.gskId() == first.gskId());
    for (int i = 1; i < announcements.size(); i++) {
      assertThat(announcements.get(i).timestamp())
          .isGreaterThan(announcements.get(i - 1).timestamp());
    }
    assertThat(burst.announcedIndices())
        .containsExactlyElementsOf(burst.indicesAfterAnnouncements());
    assertThat(burst.indices().getLast()).isGreaterThan(8L << 16);
  }

  @Test
  void reportsWhileItLastsAndEndsWithBye() throws Exception {
    WireBurst burst = talk(MediaPolicy.ALL.getFirst(), SpeechTest.shipped("alice-1.ogg"), 0);
    assertThat(burst.kinds().getLast()).isEqualTo("bye");
    assertThat(burst.kinds().stream().filter("report"::equals)).hasSize(2);
  }

  @Test
  void eachBurstHasKeysOfItsOwn() throws Exception {
    Speech speech = SpeechTest.shipped("bob-1.wav");
    WireBurst one = talk(MediaPolicy.ALL.getFirst(), speech, 0);
    WireBurst other = talk(MediaPolicy.ALL.getFirst(), speech, 0);
    assertThat(one.announcements().getFirst().csbId())
        .isNotEqualTo(other.announcements().getFirst().csbId());
    assertThat(one.announcements().getFirst().gskId())
        .isNotEqualTo(other.announcements().getFirst().gskId());
    assertThat(one.announcements().getFirst().sessions().getFirst().ssrc())
        .isNotEqualTo(other.announcements().getFirst().sessions().getFirst().ssrc());
  }

  @Test
  void stoppedEarlyItStillSaysBye() throws Exception {
    try (Talker talker = talker(MediaPolicy.ALL.getFirst(), 1)) {
      TalkBurst burst = talker.talk(SpeechTest.shipped("alice-1.ogg"));
      wire.receiveUntil(packet -> WireBurst.isMedia(packet));
      burst.stop();
      List<byte[]> rest = wire.receiveUntil(WireBurst::isRtcp);
      TalkReport report = burst.report().join();
      assertThat(report.packets()).isBetween(1L, 349L);
      assertThat(rest).isNotEmpty();
    }
  }

  @Test
  void withoutAnOpenGroupMasterKeyItSaysWhatToDo() throws Exception {
    Identity elsewhere = new Identity("sip:elsewhere@example.org");
    var settings =
        new TalkerSettings(elsewhere, Leg.unicast(wire.address()), MediaPolicy.ALL.getFirst());
    try (Talker talker = world.talker(settings)) {
      Speech speech = SpeechTest.shipped("bob-1.wav");
      assertThatThrownBy(() -> talker.talk(speech))
          .isInstanceOf(CannotSpeak.class)
          .hasMessageContaining("no group master key of sip:elsewhere@example.org is open now");
    }
  }

  private Talker talker(MediaPolicy policy, double speed) throws Exception {
    return world.talker(
        new TalkerSettings(
            UeWorld.GROUP, Leg.unicast(wire.address()), policy, speed, BurstsAhead.DEFAULT));
  }

  private WireBurst talk(MediaPolicy policy, Speech speech, long firstIndex) throws Exception {
    try (Talker talker = talker(policy, FAST)) {
      TalkBurst burst = talker.talk(speech, firstIndex);
      WireBurst heard = WireBurst.receive(wire, world.gmk(), world.kms());
      TalkReport report = burst.report().join();
      assertThat(report.packets()).isEqualTo(speech.frames().size());
      assertThat(report.announcements()).isEqualTo(heard.announcements().size());
      return heard;
    }
  }
}
