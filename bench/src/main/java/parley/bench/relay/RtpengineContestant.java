package parley.bench.relay;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import parley.srtp.CipherEngine;
import parley.srtp.MasterKey;
import parley.srtp.SrtpPolicy;
import parley.srtp.SrtpProfile;
import parley.srtp.SrtpSession;

/// rtpengine as Debian packages it, in user space, with one worker thread.
///
/// The first receiver answers a call, the others subscribe to its talker. Re-keying goes from
/// AES_CM_128_HMAC_SHA1_80 to AES_CM_128_HMAC_SHA1_32, because with equal suites on both sides
/// rtpengine passes packets through as they are.
final class RtpengineContestant implements Contestant {
  private static final int SSRC = 0x0e11_91e5;
  private static final String IN = "AES_CM_128_HMAC_SHA1_80";
  private static final String OUT = "AES_CM_128_HMAC_SHA1_32";
  private static final int KEY_OCTETS = 16;
  private static final int SALT_OCTETS = 14;

  private final CipherEngine engine;
  private final GatewayMode mode;
  private final SecureRandom random = new SecureRandom();

  RtpengineContestant(CipherEngine engine, GatewayMode mode) {
    this.engine = engine;
    this.mode = mode;
  }

  @Override
  public String relay() {
    return "rtpengine";
  }

  @Override
  public String mode() {
    return mode.label();
  }

  /// A stream whose receive queue overflowed may deliver nothing from then on.
  @Override
  public boolean isFragile() {
    return true;
  }

  private boolean rekeys() {
    return mode == GatewayMode.REKEY;
  }

  @Override
  public Running start(Testbed bed, int fanout) throws Exception {
    int control = bed.freePort();
    Path recordings = Files.createDirectory(bed.file("pcap"));
    List<String> options = options(control, recordings);
    List<String> command = new ArrayList<>(List.of("rtpengine"));
    command.addAll(options);
    ChildProcess process;
    try {
      process =
          bed.keep(ChildProcess.logging(command, bed.relayCores(), bed.file("rtpengine.log")));
    } catch (IOException _) {
      throw new Unavailable("there is no rtpengine; install rtpengine-daemon");
    }
    Receiver receiver = Receiver.open(bed, fanout);
    try {
      return call(bed, process, receiver, control, options, recordings);
    } catch (Unavailable e) {
      String said = process.isAlive() ? "" : "; it ended: " + process.lastWords();
      bed.release(process);
      bed.release(receiver);
      throw new Unavailable(e.getMessage() + said);
    }
  }

  private Running call(
      Testbed bed,
      ChildProcess process,
      Receiver receiver,
      int control,
      List<String> options,
      Path recordings)
      throws Exception {
    byte[] keyIn = newKey();
    String talker = rekeys() ? "1 " + IN + " inline:" + base64(keyIn) : "";
    try (NgClient ng = new NgClient(control)) {
      ng.ask("ping", Map.of());
      String offered =
          sdp(ng.ask("offer", arguments(null, Sdp.of(bed.freePort(), "sendrecv", talker))));
      String keyOut = rekeys() ? Sdp.crypto(offered, OUT).keyBase64() : "";
      String answer = Sdp.of(receiver.firstPort(), "sendrecv", answerTo(offered));
      int port = Sdp.port(sdp(ng.ask("answer", arguments("receiver", answer))));
      for (int i = 1; i < receiver.ports(); i++) {
        subscribe(ng, receiver.firstPort() + 2 * i);
      }
      return running(bed, process, receiver, port, keyIn, keyOut, options, recordings);
    }
  }

  private Running running(
      Testbed bed,
      ChildProcess process,
      Receiver receiver,
      int port,
      byte[] keyIn,
      String keyOut,
      List<String> options,
      Path recordings) {
    String configuration =
        "rtpengine %s%s"
            .formatted(
                String.join(" ", options),
                rekeys() ? "; SDES %s in, %s out".formatted(IN, OUT) : "");
    if (!rekeys()) {
      var relay =
          new Running(
              bed,
              receiver,
              PacketSource.clear(SSRC, 1, RelayKeys.TRAILER_OCTETS),
              port,
              configuration,
              process);
      return mode == GatewayMode.RECORD ? relay.recordingTo(recordings) : relay;
    }
    SrtpSession in = session(SrtpProfile.AES_CM_128_HMAC_SHA1_80, keyIn);
    SrtpSession out =
        session(SrtpProfile.AES_CM_128_HMAC_SHA1_32, Base64.getDecoder().decode(keyOut));
    PacketSource packets = PacketSource.srtp(SSRC, 1, 0, in, engine);
    return new Running(bed, receiver, packets, port, configuration, process)
        .with(in)
        .with(out)
        .checkedBy(new ResealCheck(SSRC, 1, out, engine));
  }

  private SrtpSession session(SrtpProfile profile, byte[] keyAndSalt) {
    byte[] key = Arrays.copyOf(keyAndSalt, KEY_OCTETS);
    byte[] salt = Arrays.copyOfRange(keyAndSalt, KEY_OCTETS, KEY_OCTETS + SALT_OCTETS);
    try (MasterKey master = MasterKey.of(profile, key, salt, new byte[0])) {
      return SrtpSession.of(new SrtpPolicy(profile, false, 0), master, engine);
    }
  }

  private List<String> options(int control, Path recordings) {
    List<String> options =
        new ArrayList<>(
            List.of(
                "--config-file=none",
                "-f",
                "-E",
                "--table=-1",
                "-i",
                "127.0.0.1",
                "-n",
                "127.0.0.1:" + control,
                "-m",
                "10000",
                "-M",
                "19998",
                "--num-threads=1",
                "-L",
                "3",
                "--timeout=3600",
                "--silent-timeout=3600"));
    if (mode == GatewayMode.RECORD) {
      options.addAll(
          List.of(
              "--recording-dir=" + recordings,
              "--recording-method=pcap",
              "--recording-format=eth"));
    }
    return options;
  }

  private Map<String, Object> arguments(@Nullable String toTag, String sdp) {
    Map<String, Object> arguments = new HashMap<>();
    arguments.put("call-id", "bench");
    arguments.put("from-tag", "talker");
    if (toTag != null) {
      arguments.put("to-tag", toTag);
    }
    arguments.put("sdp", sdp);
    arguments.put("transport-protocol", rekeys() ? "RTP/SAVP" : "RTP/AVP");
    arguments.put("ICE", "remove");
    arguments.put("replace", List.of("origin", "session-connection"));
    arguments.put("flags", List.of("no-rtcp-attribute"));
    arguments.put("rtcp-mux", List.of("demux"));
    if (mode == GatewayMode.RECORD) {
      arguments.put("record call", "yes");
    }
    return arguments;
  }

  private void subscribe(NgClient ng, int port) throws IOException, Unavailable {
    Map<String, Object> request = new HashMap<>();
    request.put("call-id", "bench");
    request.put("from-tag", "talker");
    if (rekeys()) {
      request.put("transport-protocol", "RTP/SAVP");
    }
    Map<?, ?> offered = ng.ask("subscribe request", request);
    Map<String, Object> answer = new HashMap<>();
    answer.put("call-id", "bench");
    answer.put("to-tag", String.valueOf(offered.get("to-tag")));
    answer.put("sdp", Sdp.of(port, "recvonly", answerTo(sdp(offered))));
    ng.ask("subscribe answer", answer);
  }

  /// A receiver chooses the suite by its tag; the key that it names is for what it would send.
  private String answerTo(String offered) throws Unavailable {
    return rekeys()
        ? "%s %s inline:%s".formatted(Sdp.crypto(offered, OUT).tag(), OUT, base64(newKey()))
        : "";
  }

  private static String sdp(Map<?, ?> answer) throws Unavailable {
    if (answer.get("sdp") instanceof String sdp) {
      return sdp;
    }
    throw new Unavailable("rtpengine answers without SDP: " + answer);
  }

  private byte[] newKey() {
    byte[] key = new byte[KEY_OCTETS + SALT_OCTETS];
    random.nextBytes(key);
    return key;
  }

  private static String base64(byte[] octets) {
    return Base64.getEncoder().encodeToString(octets);
  }
}
