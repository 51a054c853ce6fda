package parley.gateway.cli;

import static java.util.Objects.requireNonNull;

import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import parley.gateway.media.Dscp;
import parley.gateway.media.Leg;
import parley.gateway.media.MediaTransport;
import parley.gateway.media.NettyTransport;
import parley.gateway.ue.BurstsAhead;
import parley.gateway.ue.CannotSpeak;
import parley.gateway.ue.Speech;
import parley.gateway.ue.SpeechFileException;
import parley.gateway.ue.TalkBurst;
import parley.gateway.ue.TalkReport;
import parley.gateway.ue.Talker;
import parley.gateway.ue.TalkerSettings;
import parley.keys.member.Member;
import parley.keys.vault.Vault;
import parley.mikey.group.MediaPolicy;
import parley.mikey.group.MediaSuite;
import parley.srtp.CipherEngines;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `parley talk`: one burst of speech from a file into a group.
@Command(
    name = "talk",
    description =
        "Speaks a file into a group: announces a fresh session key, sends SRTP, ends with BYE.",
    footer = {
      "",
      "Ogg files with Opus are sent packet by packet as they are, WAV files (8 kHz, mono) as PCMU.",
      "",
      "Examples:",
      "  parley talk --vault alice.vault --key-file alice.key --identity sip:alice@example.org \\",
      "      --group sip:fire-ops@example.org --to 239.10.0.1:5004 --interface eth0 --file speech.ogg",
      "  parley talk --vault bob.vault --passphrase-file bob.pass --identity sip:bob@example.org \\",
      "      --group sip:fire-ops@example.org --to 10.0.0.7:5004 --file speech.wav",
      "  parley talk --vault bob.vault --key-file bob.key --identity sip:bob@example.org \\",
      "      --group sip:fire-ops@example.org --to '[ff35::8000:1]:5004' --interface eth0 --ttl 8 \\",
      "      --dscp EF --file speech.ogg",
      "",
      "Exit codes: 0 spoken, 1 failed, 2 usage, 3 no such file, 5 vault, 6 interface, 7 keys missing."
    })
final class TalkCommand implements Callable<Integer> {
  private static final long STOP_SECONDS = 2;

  @Mixin private UeOptions ue = new UeOptions();

  @Option(
      names = "--to",
      required = true,
      paramLabel = "HOST:PORT",
      converter = AddressConverter.class,
      description = "Where to send: a multicast group, or a gateway's unicast address.")
  private @Nullable InetSocketAddress to;

  @Option(
      names = "--dscp",
      paramLabel = "NAME|N",
      defaultValue = "DF",
      description =
          "How routers shall treat the packets: EF, VA, CS5, AF41 or 0 to 63 (default: ${DEFAULT-VALUE}).")
  private String dscp = "DF";

  @Option(
      names = "--file",
      required = true,
      paramLabel = "FILE",
      description = "What to say: Opus in Ogg, or 8 kHz mono WAV.")
  private Path file = Path.of("");

  @Mixin private SuiteOption profile = new SuiteOption();

  @Option(names = "--rccm3", description = "Every packet carries its rollover counter (RFC 4771).")
  private boolean rccm3;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    InstantSource clock = InstantSource.system();
    Speech speech = speech();
    var settings = new TalkerSettings(ue.group, leg(), policy()).with(BurstsAhead.NONE);
    try (Vault vault = ue.openVault();
        Member member = ue.openMember(vault, clock);
        MediaTransport transport = NettyTransport.select("auto", 1);
        Talker talker =
            Talker.open(
                member,
                settings,
                transport,
                CipherEngines.select("auto"),
                clock,
                new SecureRandom())) {
      TalkBurst burst = talker.talk(speech);
      say("%s speaks to %s: %s, %.1f s".formatted(ue.identity, ue.group, file, seconds(speech)));
      TalkReport report = await(burst);
      say(
          "%d packets in burst %08x, key announced %d times"
              .formatted(report.packets(), report.csbId(), report.announcements()));
      return ExitCode.OK.code();
    } catch (CannotSpeak e) {
      throw new CommandFailed(ExitCode.KEYS, String.valueOf(e.getMessage()), e);
    }
  }

  private Leg leg() throws CommandFailed {
    try {
      return ue.leg(requireNonNull(to)).withDscp(Dscp.parse(dscp));
    } catch (IllegalArgumentException e) {
      throw new CommandFailed(ExitCode.USAGE, "--dscp " + e.getMessage(), e);
    }
  }

  private Speech speech() throws CommandFailed {
    try {
      return Speech.read(file);
    } catch (SpeechFileException e) {
      throw new CommandFailed(ExitCode.MISSING_PREREQUISITE, String.valueOf(e.getMessage()), e);
    }
  }

  private MediaPolicy policy() throws CommandFailed {
    MediaSuite suite = profile.suite;
    if (rccm3 && !suite.isAead()) {
      throw new CommandFailed(
          ExitCode.USAGE, "--rccm3 would switch the authentication of " + suite + " off");
    }
    return new MediaPolicy(suite, rccm3);
  }

  /// Waits for the end of the speech; Ctrl-C ends it earlier, with BYE.
  private static TalkReport await(TalkBurst burst) throws CommandFailed, CannotSpeak {
    try (var _ = InterruptHook.install(burst::stop, STOP_SECONDS, TalkCommand::leave)) {
      return burst.report().join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof CannotSpeak missing) {
        throw missing;
      }
      throw new CommandFailed(ExitCode.FAILED, "the burst broke off: " + e.getCause(), e);
    }
  }

  /// The listeners notice by the missing repeats.
  private static void leave() {}

  private static double seconds(Speech speech) {
    return speech.duration().toMillis() / 1e3;
  }

  private void say(String line) {
    PrintWriter out = requireNonNull(spec).commandLine().getOut();
    out.println(line);
    out.flush();
  }
}
