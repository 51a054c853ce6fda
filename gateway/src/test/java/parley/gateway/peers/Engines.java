package parley.gateway.peers;

import java.net.InetSocketAddress;
import java.nio.file.Path;

/// Shell lines around the scripts of `docs/peers`, which users are told to run.
final class Engines {
  private static final Path SCRIPTS = Path.of("../docs/peers").toAbsolutePath().normalize();

  private Engines() {}

  static String send(Path speech, String codec) {
    return "exec %s/send-gstreamer.sh %s %s".formatted(SCRIPTS, speech, codec);
  }

  static String sendWithFfmpeg(Path speech) {
    return "exec %s/send-ffmpeg.sh %s".formatted(SCRIPTS, speech);
  }

  static String play(Path wav, String codec) {
    return "exec %s/play-gstreamer.sh %s %s".formatted(SCRIPTS, wav, codec);
  }

  /// The same with another first digit of the master key.
  static String playUnderAWrongKey(Path wav, String codec) {
    return "case $PARLEY_SRTP_KEY_SALT in 0*) d=1;; *) d=0;; esac;"
        + " export PARLEY_SRTP_KEY_SALT=$d${PARLEY_SRTP_KEY_SALT#?}; "
        + play(wav, codec);
  }

  static String playUnderAWrongMki(Path wav, String codec) {
    return "export PARLEY_MKI=f0f0f0f0; " + play(wav, codec);
  }

  /// Waits until so many sockets of this host have the port, then does the rest.
  static String whenOpen(InetSocketAddress address, int sockets, String then) {
    return "until [ \"$(grep -c ' [0-9A-F]*:%04X 00000000:0000 ' /proc/net/udp)\" -ge %d ]; do sleep 0.05; done; %s"
        .formatted(address.getPort(), sockets, then);
  }
}
