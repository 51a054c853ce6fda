package parley.gateway.cli;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import parley.gateway.media.MediaTransport;
import parley.gateway.media.NettyTransport;
import parley.gateway.ue.CannotSpeak;
import parley.gateway.ue.EngineBurst;
import parley.gateway.ue.EngineBurstSettings;
import parley.gateway.ue.EngineProcess;
import parley.gateway.ue.EngineReport;
import parley.keys.member.Member;
import parley.keys.vault.Vault;
import parley.mikey.group.MediaPolicy;
import parley.srtp.CipherEngines;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `parley announce`: announces a burst whose packets another program sends.
@Command(
    name = "announce",
    description = "Announces a fresh session key and starts one media engine that sends under it.",
    footer = {
      "",
      "COMMAND is started once, after the first announcement, with these in its environment:",
      "PARLEY_SRTP_KEY, _SRTP_SALT (hex), _SRTP_KEY_SALT (hex of both), _SRTP_KEY_SALT_BASE64,",
      "_MKI (hex), _SSRC, _SSRC_SIGNED, _SSRC_HEX, _SEQ (the first sequence number), _PROFILE,",
      "_GST_CIPHER, _GST_AUTH, _FFMPEG_SUITE, _ADDRESS, _PORT, _INTERFACE, _TTL, _PAYLOAD_TYPE,",
      "_TALKER, _GROUP, _CSB_ID. It must use this SSRC, begin with this sequence number (or say",
      "--unknown-seq), and start its engine once: a second start under the same key would encrypt",
      "two packets alike. The burst ends with COMMAND, by BYE; its exit code is passed on.",
      "",
      "With --sdp the announcement is also in a description of the session (RFC 4567), written anew",
      "each time it is repeated and removed at the end, for a signalling network to carry. Whoever",
      "gets it has 60 seconds.",
      "",
      "Examples:",
      "  parley announce --vault alice.vault --key-file alice.key --identity sip:alice@example.org \\",
      "      --group sip:fire-ops@example.org --to 10.0.0.7:5004 -- ./send-with-gstreamer.sh",
      "  parley announce --vault alice.vault --key-file alice.key --identity sip:alice@example.org \\",
      "      --group sip:fire-ops@example.org --to 10.0.0.7:5004 --no-mki \\",
      "      --profile AES_CM_128_HMAC_SHA1_80 -- ./send-with-ffmpeg.sh",
      "",
      "Exit codes: that of COMMAND, or 1 broken off, 2 usage, 3 no such program or file, 5 vault,",
      "6 interface, 7 keys missing."
    })
final class AnnounceCommand implements Callable<Integer> {
  private static final int MOST_SECONDS = 24 * 3600;
  private static final long CLOSE_SECONDS = 15;

  @Mixin private UeOptions ue = new UeOptions();

  @Option(
      names = "--to",
      required = true,
      paramLabel = "HOST:PORT",
      converter = AddressConverter.class,
      description = "Where COMMAND sends: a multicast group, or a gateway's unicast address.")
  private @Nullable InetSocketAddress to;

  @Option(
      names = "--announce-to",
      paramLabel = "HOST:PORT",
      converter = AddressConverter.class,
      description =
          "Where the announcements go, for example a gateway's MIKEY port (default: --to).")
  private @Nullable InetSocketAddress announceTo;

  @Mixin private SuiteOption profile = new SuiteOption();

  @Option(
      names = "--no-mki",
      description =
          "COMMAND writes no MKI into its packets; the gateway's leg must say mki: optional.")
  private boolean noMki;

  @Option(
      names = "--ssrc",
      paramLabel = "N",
      description = "The SSRC, for a program that cannot be told one (default: random).")
  private @Nullable Long ssrc;

  @Option(
      names = "--seq",
      paramLabel = "N",
      description = "The first sequence number (default: random, below 4096).")
  private @Nullable Integer seq;

  @Option(
      names = "--unknown-seq",
      description = "COMMAND chooses its first sequence number; PARLEY_SEQ is not set.")
  private boolean unknownSeq;

  @Mixin private PayloadTypeOption payloadType = new PayloadTypeOption();

  @Option(
      names = "--env-file",
      paramLabel = "FILE",
      description =
          "Write all of it to this new file with mode 0600, removed at the end; COMMAND's environment"
              + " then holds PARLEY_ENV_FILE and no keys.")
  private @Nullable Path envFile;

  @Option(
      names = "--sdp",
      paramLabel = "FILE",
      description =
          "Write the newest announcement into this new file as SDP, a=key-mgmt:mikey; needs"
              + " --payload-type.")
  private @Nullable Path sdp;

  @Option(
      names = "--max-duration",
      paramLabel = "SECONDS",
      defaultValue = "600",
      description =
          "End COMMAND and the burst after this time, at most 86400 (default: ${DEFAULT-VALUE}:"
              + " at up to 100 packets a second the sequence number has not wrapped by then).")
  private int maxSeconds;

  @Parameters(
      arity = "1..*",
      paramLabel = "COMMAND",
      description = "The media engine and its arguments, after --.")
  private List<String> command = List.of();

  @Spec private @Nullable CommandSpec spec;

  private volatile boolean interrupted;

  @Override
  public Integer call() throws Exception {
    InstantSource clock = InstantSource.system();
    EngineBurstSettings settings = settings();
    try (Vault vault = ue.openVault();
        Member member = ue.openMember(vault, clock);
        MediaTransport transport = NettyTransport.select("auto", 1);
        EngineBurst burst =
            EngineBurst.open(
                member,
                settings,
                transport,
                CipherEngines.select("auto"),
                clock,
                new SecureRandom())) {
      return run(burst);
    } catch (CannotSpeak e) {
      throw new CommandFailed(ExitCode.KEYS, String.valueOf(e.getMessage()), e);
    }
  }

  private EngineBurstSettings settings() throws CommandFailed {
    InetSocketAddress media = requireNonNull(to);
    if (maxSeconds < 1 || maxSeconds > MOST_SECONDS) {
      throw new CommandFailed(
          ExitCode.USAGE, "--max-duration is 1 to " + MOST_SECONDS + " seconds, not " + maxSeconds);
    }
    if (sdp != null && payloadType.value() == null) {
      throw new CommandFailed(
          ExitCode.USAGE, "--sdp says what the packets hold; add --payload-type, for example 96");
    }
    if (seq != null && unknownSeq) {
      throw new CommandFailed(ExitCode.USAGE, "--seq and --unknown-seq exclude each other");
    }
    try {
      return new EngineBurstSettings(
          ue.group,
          ue.leg(media),
          announceTo == null ? media : announceTo,
          new MediaPolicy(profile.suite, false),
          !noMki,
          ssrc(),
          seq,
          !unknownSeq,
          payloadType.value());
    } catch (IllegalArgumentException e) {
      throw new CommandFailed(ExitCode.USAGE, String.valueOf(e.getMessage()), e);
    }
  }

  private @Nullable Integer ssrc() throws CommandFailed {
    if (ssrc == null) {
      return null;
    }
    if (ssrc < 1 || ssrc > 0xffff_ffffL) {
      throw new CommandFailed(ExitCode.USAGE, "--ssrc is 1 to 4294967295, not " + ssrc);
    }
    return (int) (long) ssrc;
  }

  private int run(EngineBurst burst) throws Exception {
    Map<String, String> variables = burst.environment().take();
    try (EnvironmentFile file =
            envFile == null ? null : EnvironmentFile.create(envFile, variables);
        SessionFile description = description()) {
      announced(burst, description);
      EngineProcess engine = start(file == null ? variables : withoutKeys(burst));
      try (var _ = InterruptHook.install(() -> interrupt(engine), CLOSE_SECONDS, this::sayLate);
          var _ = file;
          var _ = description) { // gone before the JVM may end
        return play(burst, engine);
      }
    }
  }

  private @Nullable SessionFile description() throws CommandFailed {
    Integer type = payloadType.value();
    return sdp == null || type == null
        ? null
        : SessionFile.create(sdp, ue.leg(requireNonNull(to)), ue.group, type, this::say);
  }

  private static void announced(EngineBurst burst, @Nullable SessionFile description)
      throws CannotSpeak, CommandFailed {
    if (description != null) {
      burst.alsoBy(description);
    }
    try {
      burst.announce().join();
    } catch (CompletionException e) {
      throw brokenOff(e);
    }
    if (description != null) {
      description.awaitFirst();
    }
  }

  private static CommandFailed brokenOff(CompletionException e) throws CannotSpeak {
    if (e.getCause() instanceof CannotSpeak missing) {
      throw missing;
    }
    return new CommandFailed(ExitCode.FAILED, "the burst broke off: " + e.getCause(), e);
  }

  private Map<String, String> withoutKeys(EngineBurst burst) {
    Map<String, String> open = new LinkedHashMap<>(burst.environment().withoutKeys());
    open.put("PARLEY_ENV_FILE", requireNonNull(envFile).toAbsolutePath().toString());
    return open;
  }

  private EngineProcess start(Map<String, String> variables) throws CommandFailed {
    try {
      return EngineProcess.start(command, variables);
    } catch (IOException e) {
      throw new CommandFailed(
          ExitCode.MISSING_PREREQUISITE,
          "cannot start %s: %s".formatted(command.getFirst(), e.getMessage()),
          e);
    }
  }

  /// Whatever ends first ends the other: the engine, its time, the announcements.
  private int play(EngineBurst burst, EngineProcess engine) throws Exception {
    var _ = burst.report().whenComplete((_, failure) -> endIfBroken(engine, failure));
    say(
        "%s speaks to %s through %s: burst %08x"
            .formatted(ue.identity, ue.group, command.getFirst(), burst.csbId()));
    int exitCode = engine.await(Duration.ofSeconds(maxSeconds));
    boolean late = exitCode < 0;
    if (late) {
      engine.stop();
    }
    try {
      EngineReport report = burst.end().join();
      say("%s ended; key announced %d times".formatted(command.getFirst(), report.announcements()));
    } catch (CompletionException e) {
      throw brokenOff(e);
    }
    if (late && !interrupted) {
      throw new CommandFailed(
          ExitCode.FAILED,
          "the burst was ended after %d s; start another, or raise --max-duration"
              .formatted(maxSeconds));
    }
    return exitCode;
  }

  /// Not on the loop that tells of it.
  private static void endIfBroken(EngineProcess engine, @Nullable Throwable failure) {
    if (failure != null) {
      Thread.ofVirtual().start(() -> stop(engine));
    }
  }

  private static void stop(EngineProcess engine) {
    try {
      engine.stop();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void interrupt(EngineProcess engine) {
    interrupted = true;
    stop(engine);
  }

  private void sayLate() {
    say("listeners will notice the end by the missing announcements");
  }

  /// Standard output belongs to COMMAND.
  private void say(String line) {
    PrintWriter err = requireNonNull(spec).commandLine().getErr();
    err.println(line);
    err.flush();
  }
}
