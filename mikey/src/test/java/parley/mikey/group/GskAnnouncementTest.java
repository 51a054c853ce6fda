package parley.mikey.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static parley.mikey.group.Fixture.GROUP;
import static parley.mikey.group.Fixture.OTHER;
import static parley.mikey.group.Fixture.T;
import static parley.mikey.group.Fixture.TALKER;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import parley.mikey.eccsi.EccsiSigner;
import parley.mikey.eccsi.EccsiVerifier;
import parley.mikey.identity.NtpTimestamp;

class GskAnnouncementTest {
  private static final MediaPolicy GCM = new MediaPolicy(MediaSuite.AEAD_AES_128_GCM, false);
  private static final CryptoSession AUDIO = CryptoSession.of(4, 0x11111111, 7);
  private static final CryptoSession MORE = CryptoSession.of(5, 0x22222222, 0x1_0000);
  private static final NtpTimestamp LATER = Fixture.after(Duration.ofMillis(500));

  private final GroupMasterKey gmk = Fixture.gmk();
  private final EccsiSigner signer;

  GskAnnouncementTest() throws Exception {
    signer = Fixture.signer(TALKER);
  }

  @AfterEach
  void close() {
    signer.close();
    gmk.close();
  }

  private GskAnnouncement prepare(CryptoSession... sessions) {
    return prepare(null, sessions);
  }

  private GskAnnouncement prepare(@Nullable BridgeOrigin origin, CryptoSession... sessions) {
    return GskAnnouncement.prepare(
        TALKER,
        GROUP,
        Fixture.KMS_URI,
        GCM,
        List.of(sessions),
        origin,
        gmk,
        GroupSessionKey.generate(Fixture.RANDOM),
        Fixture.RANDOM);
  }

  @Test
  void repeatsWithALaterTimeAndTheIndexOfNow() throws Exception {
    try (var announcement = prepare(AUDIO, MORE)) {
      var first = read(announcement, T, AUDIO, MORE);
      var second = read(announcement, LATER, AUDIO.at(0xffff_ffff_ffffL), MORE.at(0x1_0001));
      assertThat(first.sessions()).containsExactly(AUDIO, MORE);
      assertThat(second.sessions())
          .extracting(CryptoSession::nextIndex)
          .containsExactly(0xffff_ffff_ffffL, 0x1_0001L);
      assertThat(second.csbId()).isEqualTo(first.csbId()).isEqualTo(announcement.csbId());
      assertThat(second.rand()).isEqualTo(first.rand()).isEqualTo(announcement.rand());
      assertThat(second.replayKey()).isNotEqualTo(first.replayKey());
      assertThat(second.unwrap(gmk).key()).isEqualTo(announcement.gsk().key());
      assertThat(second.isRandBound()).isTrue();
    }
  }

  private UnverifiedAnnouncement read(
      GskAnnouncement announcement, NtpTimestamp t, CryptoSession... now) throws Exception {
    byte[] sealed = announcement.seal(t, List.of(now), signer, Fixture.RANDOM);
    var read = UnverifiedAnnouncement.read(sealed);
    assertThat(read.isMacValid(gmk)).isTrue();
    assertThat(read.isSigned(Fixture.KMS, new EccsiVerifier(1))).isTrue();
    return read;
  }

  @Test
  void refusesATimeThatIsNotLater() throws Exception {
    try (var announcement = prepare(AUDIO)) {
      announcement.seal(T, List.of(AUDIO), signer, Fixture.RANDOM);
      assertThatThrownBy(() -> announcement.seal(T, List.of(AUDIO), signer, Fixture.RANDOM))
          .isInstanceOf(IllegalStateException.class);
      announcement.seal(T.after(T), List.of(AUDIO), signer, Fixture.RANDOM);
    }
  }

  @Test
  void refusesOtherStreamsThanThoseItWasPreparedFor() {
    try (var announcement = prepare(AUDIO, MORE)) {
      for (List<CryptoSession> now :
          List.of(List.of(AUDIO), List.of(MORE, AUDIO), List.<CryptoSession>of())) {
        assertThatThrownBy(() -> announcement.seal(T, now, signer, Fixture.RANDOM))
            .isInstanceOf(IllegalArgumentException.class);
      }
    }
  }

  @Test
  void refusesStreamsThatNoReceiverTakes() {
    assertIllegal();
    assertIllegal(AUDIO, AUDIO);
    assertIllegal(AUDIO, CryptoSession.of(5, AUDIO.ssrc(), 0));
    assertIllegal(AUDIO, CryptoSession.of(4, MORE.ssrc(), 0));
    assertIllegal(CryptoSession.of(4, 0, 0));
    assertIllegal(CryptoSession.of(3, 1, 0));
  }

  private void assertIllegal(CryptoSession... sessions) {
    assertThatThrownBy(() -> prepare(sessions)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void refusesAPathThatDoesNotEndWithTheAnnouncer() {
    var origin = new BridgeOrigin(OTHER, GROUP, 1, List.of(TALKER, OTHER));
    assertThatThrownBy(() -> prepare(origin, AUDIO)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void carriesAnUnknownIndexAndAKeyWithoutMki() throws Exception {
    var unknown = new CryptoSession(4, 0x33333333, false, 0, 0);
    var gsk = GroupSessionKey.of(GroupSessionKey.NO_ID, Fixture.gsk().key());
    try (var announcement =
        GskAnnouncement.prepare(
            TALKER,
            GROUP,
            Fixture.KMS_URI,
            GCM,
            List.of(unknown),
            null,
            gmk,
            gsk,
            Fixture.RANDOM)) {
      var read = read(announcement, T, unknown);
      assertThat(read.sessions()).containsExactly(unknown);
      assertThat(read.gskId()).isEqualTo(GroupSessionKey.NO_ID);
      assertThat(read.unwrap(gmk).hasId()).isFalse();
      assertThatThrownBy(unknown::nextIndex).isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void everyBurstHasItsOwnCsbRandAndKey() {
    try (var one = prepare(AUDIO);
        var two = prepare(AUDIO)) {
      assertThat(one.csbId()).isNotEqualTo(two.csbId());
      assertThat(one.rand()).isNotEqualTo(two.rand());
      assertThat(one.gsk().key()).isNotEqualTo(two.gsk().key());
      assertThat(one.gsk().gskId() >>> 28).isEqualTo(0xf);
    }
  }
}
