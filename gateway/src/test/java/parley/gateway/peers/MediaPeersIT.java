package parley.gateway.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.gateway.record.Tools;

/// Speech out of one media engine, through `parley announce`, the gateway and `parley listen`, into
/// another: neither engine has a line of ours.
class MediaPeersIT {
  @TempDir Path folder;
  private PeerTown town;
  private Path speech;
  private final Wav said = Wav.shipped();

  MediaPeersIT() throws Exception {}

  @BeforeEach
  void open() throws Exception {
    Tools.run("gst-launch-1.0", "--version");
    speech = folder.resolve("speech.wav");
    try (InputStream in = MediaPeersIT.class.getResourceAsStream("/speech/bob-1.wav")) {
      assertThat(in).isNotNull();
      Files.copy(in, speech);
    }
    town = new PeerTown(folder);
  }

  @AfterEach
  void close() {
    if (town != null) {
      town.close();
    }
  }

  /// AES-GCM with MKI, over multicast: the players join by themselves.
  @Test
  void onlyThePlayerWithTheRightKeyAndMkiHearsGStreamer() throws Exception {
    Path heard = folder.resolve("heard.wav");
    Path wrongKey = folder.resolve("wrong-key.wav");
    Path wrongMki = folder.resolve("wrong-mki.wav");
    String players =
        "( %s ) & ( %s ) & ( %s ) & wait"
            .formatted(
                Engines.play(heard, "pcmu"),
                Engines.playUnderAWrongKey(wrongKey, "pcmu"),
                Engines.playUnderAWrongMki(wrongMki, "pcmu"));
    CommandRun listener =
        town.listen(
            "--listen",
            PeerTown.text(town.multicast),
            "--interface",
            "lo",
            "--bursts",
            1,
            "--exec",
            players);

    CommandRun talker =
        town.announce(
            "--to",
            PeerTown.text(town.door),
            "--",
            "/bin/sh",
            "-c",
            Engines.whenOpen(town.multicast, 4, Engines.send(speech, "pcmu")));

    assertThat(talker.exitCode()).as(talker.said()).isZero();
    assertThat(listener.await().exitCode()).as(listener.said()).isZero();
    assertThat(Wav.of(heard).samples()).isEqualTo(said.samples()); // mu-law loses nothing
    assertThat(Wav.of(wrongKey).samples()).isEmpty();
    assertThat(Wav.of(wrongMki).samples()).isEmpty();
  }

  /// AES-CM with MKI; the listener has the port and passes the sealed packets on.
  @Test
  void gStreamerHearsGStreamerBehindAListenerThatForwards() throws Exception {
    Path heard = folder.resolve("heard.wav");
    CommandRun listener = listenForwarding(Engines.play(heard, "opus"));

    CommandRun talker =
        town.announce(
            "--to",
            PeerTown.text(town.door),
            "--profile",
            "AES_CM_128_HMAC_SHA1_80",
            "--",
            "/bin/sh",
            "-c",
            Engines.send(speech, "opus"));

    assertThat(talker.exitCode()).as(talker.said()).isZero();
    assertThat(listener.await().exitCode()).as(listener.said()).isZero();
    assertSameSpeech(heard);
  }

  /// AES-CM without MKI, to a leg that says `mki: optional`.
  @Test
  void gStreamerHearsFfmpeg() throws Exception {
    Tools.run("ffmpeg", "-version");
    Path heard = folder.resolve("heard.wav");
    CommandRun listener = listenForwarding(Engines.play(heard, "opus"), "--no-mki");

    CommandRun talker =
        town.announce(
            "--to",
            PeerTown.text(town.door),
            "--profile",
            "AES_CM_128_HMAC_SHA1_80",
            "--no-mki",
            "--",
            "/bin/sh",
            "-c",
            Engines.sendWithFfmpeg(speech));

    assertThat(talker.exitCode()).as(talker.said()).isZero();
    assertThat(listener.await().exitCode()).as(listener.said()).isZero();
    assertSameSpeech(heard);
  }

  private CommandRun listenForwarding(String player, Object... more) throws Exception {
    Object[] words = {
      "--listen",
      PeerTown.text(town.unicast),
      "--forward",
      PeerTown.text(PeerTown.free("127.0.0.1")),
      "--bursts",
      1,
      "--exec",
      player
    };
    Object[] all = Arrays.copyOf(words, words.length + more.length);
    System.arraycopy(more, 0, all, words.length, more.length);
    return town.listen(all);
  }

  /// Through two Opus codecs: as long, and as loud.
  private void assertSameSpeech(Path heard) throws Exception {
    Wav wav = Wav.of(heard);
    assertThat(wav.seconds()).isCloseTo(said.seconds(), within(0.15));
    assertThat(wav.rms()).isCloseTo(said.rms(), within(0.15 * said.rms()));
  }
}
