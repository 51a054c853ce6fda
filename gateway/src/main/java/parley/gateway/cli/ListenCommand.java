package parley.gateway.cli;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;
import parley.gateway.media.Leg;
import parley.gateway.media.MediaTransport;
import parley.gateway.media.NettyTransport;
import parley.gateway.ue.Ear;
import parley.gateway.ue.HeardBurst;
import parley.gateway.ue.Listener;
import parley.gateway.ue.ListenerSettings;
import parley.gateway.ue.PlayerSettings;
import parley.keys.manager.MemberList;
import parley.keys.manager.WrongSetting;
import parley.keys.member.InvitationPolicy;
import parley.keys.member.Member;
import parley.keys.vault.Vault;
import parley.mikey.group.MediaPolicy;
import parley.srtp.CipherEngines;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `parley listen`: hears a group and writes each burst to a file.
@Command(
    name = "listen",
    description =
        "Hears a group, names every verified talker, and writes each burst to a file or hands it to a"
            + " player.",
    footer = {
      "",
      "Opus goes to Ogg packet by packet as it came, everything else to WAV. With a FILE the first",
      "burst is written to it and the command ends; with a directory it listens until Ctrl-C.",
      "",
      "With --exec a program is started for each verified burst and ended with it. It finds the keys",
      "of that burst, its SSRC, MKI and cipher, address and port in its environment (PARLEY_...) and",
      "decrypts by itself: on multicast it joins the group, else --forward passes the packets on.",
      "Whoever may read the environment of that program can decrypt the burst.",
      "",
      "Examples:",
      "  parley listen --vault carol.vault --key-file carol.key --identity sip:carol@example.org \\",
      "      --group sip:fire-ops@example.org --listen 239.10.0.1:5004 --interface eth0 --out heard/",
      "  parley listen --vault dave.vault --key-file dave.key --identity sip:dave@example.org \\",
      "      --group sip:joint-ops@example.org --listen 10.0.0.7:5004 --members joint-ops.yaml --out one.wav",
      "  parley listen --vault carol.vault --key-file carol.key --identity sip:carol@example.org \\",
      "      --group sip:fire-ops@example.org --listen 232.10.0.1:5004 --interface eth0 \\",
      "      --source 10.0.0.9 --out heard/",
      "  parley listen --vault erin.vault --key-file erin.key --identity sip:erin@example.org \\",
      "      --group sip:fire-ops@example.org --listen 10.0.0.8:5004 --forward 127.0.0.1:6000 \\",
      "      --exec ./play-burst.sh",
      "",
      "Where there is no multicast, --join has a gateway send the group here: it says JOIN from the",
      "port that it listens on (one that the system chooses without --listen), REFRESH every 15 s,",
      "LEAVE in the end, and joins again when the gateway was restarted or the GMK is a new one.",
      "  parley listen --vault carol.vault --key-file carol.key --identity sip:carol@example.org \\",
      "      --group sip:fire-ops@example.org --join gw1.example.org:5004 --out heard/",
      "",
      "A group without a network: its keys come to the same port. --manager tells a manager where that",
      "is; --accept joins the group that somebody sets up with 'parley group create'.",
      "  parley listen --vault bob.vault --key-file bob.key --identity sip:bob@example.org \\",
      "      --group sip:alice@example.org --accept sip:alice@example.org --listen 10.0.0.8:5004 --out heard/",
      "",
      "With --sdp the announcements of a description (a=key-mgmt:mikey, RFC 4567) are taken besides",
      "those that arrive. It must be at most 60 seconds old, and comes from somebody you trust not to",
      "play the last minute to you again.",
      "",
      "Exit codes: 0 heard, 1 nothing heard, 2 usage, 3 no such file, 4 wrong members file, 5 vault,",
      "6 port or interface, 7 keys missing."
    })
final class ListenCommand implements Callable<Integer> {
  private static final long WRITE_SECONDS = 15;

  @Mixin private UeOptions ue = new UeOptions();

  @Option(
      names = "--listen",
      paramLabel = "HOST:PORT",
      converter = AddressConverter.class,
      description =
          "A multicast group to join, or an address of this host; with --join any by default.")
  private @Nullable InetSocketAddress listen;

  @Option(
      names = "--join",
      paramLabel = "HOST:PORT",
      converter = AddressConverter.class,
      description = "Have this gateway send the group here: a unicast leg that it listens on.")
  private @Nullable InetSocketAddress join;

  @Option(
      names = "--source",
      paramLabel = "ADDRESS",
      description = "Hear this sender alone in a multicast group (source-specific multicast).")
  private @Nullable InetAddress source;

  @Option(
      names = "--out",
      paramLabel = "FILE|DIR",
      description = "Where to write: one .ogg or .wav file, or a directory for all bursts.")
  private @Nullable Path out;

  @Option(
      names = "--exec",
      paramLabel = "COMMAND",
      description = "A shell command that plays one burst, in place of --out or besides.")
  private @Nullable String exec;

  @Option(
      names = "--forward",
      paramLabel = "HOST:PORT",
      converter = AddressConverter.class,
      description =
          "Pass the sealed packets of each burst on to its player: the first player has PORT, the"
              + " second PORT + 2, and so on.")
  private @Nullable InetSocketAddress forward;

  @Option(
      names = "--max-players",
      paramLabel = "N",
      defaultValue = "4",
      description = "How many bursts are played at a time (default: ${DEFAULT-VALUE}).")
  private int maxPlayers;

  @Mixin private PayloadTypeOption payloadType = new PayloadTypeOption();

  @Option(
      names = "--no-mki",
      description = "Hear talkers that cannot write an MKI as well, such as ffmpeg.")
  private boolean noMki;

  @Option(names = "--bursts", paramLabel = "N", description = "End after so many bursts.")
  private long bursts;

  @Option(
      names = "--members",
      paramLabel = "FILE",
      description =
          "The group's members file; needed to believe gateways that bring in other groups.")
  private @Nullable Path members;

  @Option(
      names = "--mikey",
      paramLabel = "HOST:PORT",
      converter = AddressConverter.class,
      description = "Hear keys on this port as well, for example 0.0.0.0:2269.")
  private @Nullable InetSocketAddress mikey;

  @Option(
      names = "--manager",
      paramLabel = "HOST:PORT",
      converter = AddressConverter.class,
      description = "Tell the group's manager that its keys reach this terminal here.")
  private @Nullable InetSocketAddress manager;

  @Option(
      names = "--accept",
      paramLabel = "IDENTITY",
      description =
          "Join the ad-hoc group of this creator, or sip:*@example.org, when it invites; repeatable.")
  private List<String> accepted = List.of();

  @Option(
      names = "--sdp",
      paramLabel = "FILE",
      description = "Take the announcements of this description of a session first.")
  private @Nullable Path sdp;

  @Spec private @Nullable CommandSpec spec;

  private final BlockingQueue<Job> jobs = new LinkedBlockingQueue<>();
  private long heard;
  private boolean stopped;

  private interface Job {
    void run() throws IOException;
  }

  @Override
  public Integer call() throws Exception {
    InstantSource clock = InstantSource.system();
    Leg leg = leg();
    var settings =
        new ListenerSettings(
            ue.group,
            List.of(leg),
            MediaPolicy.ALL,
            memberList(),
            players(leg),
            join,
            mikey,
            manager);
    InvitationPolicy invited = invited();
    try (Vault vault = ue.openVault();
        Member member = invited(ue.openMember(vault, clock), invited);
        MediaTransport transport = NettyTransport.select("auto", 1);
        Listener listener =
            Listener.open(
                member,
                settings,
                transport,
                CipherEngines.select("auto"),
                clock,
                new SecureRandom(),
                new QueueingEar())) {
      listener.take(described(clock));
      say(ue.identity + " listens to " + ue.group + " on " + leg.name());
      workUntilStopped(listener);
    }
    return (heard > 0 ? ExitCode.OK : ExitCode.FAILED).code();
  }

  private static Member invited(Member member, InvitationPolicy policy) {
    member.invitedBy(policy);
    return member;
  }

  private InvitationPolicy invited() throws CommandFailed {
    try {
      return InvitationPolicy.accepting(accepted);
    } catch (IllegalArgumentException e) {
      throw new CommandFailed(ExitCode.USAGE, "--accept: " + e.getMessage(), e);
    }
  }

  private List<byte[]> described(InstantSource clock) throws IOException, CommandFailed {
    return sdp == null
        ? List.of()
        : DescribedBursts.read(sdp, ue.group, clock.instant(), this::complain);
  }

  private void complain(String sentence) {
    PrintWriter err = requireNonNull(spec).commandLine().getErr();
    err.println("parley: " + sentence);
    err.flush();
  }

  private Leg leg() throws CommandFailed {
    Leg leg = sourced(ue.leg(address()));
    return noMki ? leg.withMkiOptional() : leg;
  }

  private InetSocketAddress address() throws CommandFailed {
    if (listen == null && join == null) {
      throw new CommandFailed(
          ExitCode.USAGE, "nothing to listen to; add --listen HOST:PORT, or --join a gateway");
    }
    if (join != null && (join.getPort() == 0 || join.getAddress().isMulticastAddress())) {
      throw new CommandFailed(
          ExitCode.USAGE, "--join is the address of a gateway's unicast leg, HOST:PORT");
    }
    InetSocketAddress at = listen == null ? anyOf(requireNonNull(join)) : listen;
    if (join != null
        && (at.getAddress().isMulticastAddress()
            || !at.getAddress().getClass().equals(join.getAddress().getClass()))) {
      throw new CommandFailed(
          ExitCode.USAGE,
          "with --join the group comes by unicast; --listen is an address of this host and of the"
              + " same IP version");
    }
    return at;
  }

  /// A port that the system chooses, at every address of this host.
  private static InetSocketAddress anyOf(InetSocketAddress gateway) throws CommandFailed {
    try {
      int octets = gateway.getAddress().getAddress().length;
      return new InetSocketAddress(InetAddress.getByAddress(new byte[octets]), 0);
    } catch (UnknownHostException e) {
      throw new CommandFailed(ExitCode.USAGE, "--join: " + e.getMessage(), e);
    }
  }

  private @Nullable PlayerSettings players(Leg leg) throws CommandFailed {
    if (exec == null) {
      if (out == null) {
        throw new CommandFailed(ExitCode.USAGE, "nobody would hear it; add --out or --exec");
      }
      return null;
    }
    if (forward == null && !leg.isMulticast()) {
      throw new CommandFailed(
          ExitCode.USAGE,
          "this command has the port of %s for itself; add --forward, for example 127.0.0.1:6000"
              .formatted(leg.name()));
    }
    if (maxPlayers < 1) {
      throw new CommandFailed(ExitCode.USAGE, "--max-players is 1 or more, not " + maxPlayers);
    }
    return new PlayerSettings(exec, leg, forward, maxPlayers, payloadType.value());
  }

  /// Everything slow happens here, on the command's own thread; the loop only queues it.
  private void workUntilStopped(Listener listener) throws IOException {
    try (var _ =
        InterruptHook.install(
            () -> stop(listener), WRITE_SECONDS, () -> say("the last burst may not be written"))) {
      while (!stopped) {
        jobs.take().run();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void stop(Listener listener) {
    listener.close();
    jobs.add(() -> stopped = true);
  }

  private final class QueueingEar implements Ear {
    @Override
    public void begins(HeardBurst burst) {
      jobs.add(() -> say(burst.speaker() + " speaks"));
    }

    @Override
    public void ended(HeardBurst burst) {
      jobs.add(() -> keep(burst));
    }

    @Override
    public void relay(String sentence) {
      jobs.add(() -> say(sentence));
    }

    @Override
    public void keys(String sentence) {
      jobs.add(() -> say(sentence));
    }

    @Override
    public void played(String speaker, int exitCode) {
      jobs.add(() -> say("the player of " + speaker + " ended with " + exitCode));
    }

    @Override
    public void notPlayed(String speaker, String why) {
      jobs.add(() -> say(speaker + " is not played: " + why));
    }
  }

  private void keep(HeardBurst burst) throws IOException {
    var speech = burst.speech();
    List<Path> files = written(burst);
    say(
        "%s ended (%s): %d packets, %d missing%s"
            .formatted(
                burst.speaker(),
                String.valueOf(burst.end()).toLowerCase(Locale.ROOT),
                speech.packets(),
                speech.missing(),
                files.isEmpty() ? "" : " -> " + files.getFirst()));
    heard += speech.packets() > 0 ? 1 : 0;
    stopped |= (out != null && isOneFile(out) && heard == 1) || (bursts > 0 && heard >= bursts);
  }

  private List<Path> written(HeardBurst burst) throws IOException {
    boolean wanted = out != null && burst.speech().packets() > 0;
    return wanted ? burst.speech().write(target(burst, requireNonNull(out))) : List.of();
  }

  private static boolean isOneFile(Path out) {
    String name = out.toString().toLowerCase(Locale.ROOT);
    return !Files.isDirectory(out) && (name.endsWith(".ogg") || name.endsWith(".wav"));
  }

  private static Path target(HeardBurst burst, Path out) throws IOException {
    if (isOneFile(out)) {
      return out;
    }
    String when = burst.startedAt().truncatedTo(ChronoUnit.MILLIS).toString().replace(":", "");
    String who = burst.speaker().replaceAll("[^A-Za-z0-9@.]+", "-");
    String name = "%s-%s-%08x%s".formatted(when, who, burst.csbId(), burst.speech().suffix());
    return Files.createDirectories(out).resolve(name);
  }

  private Leg sourced(Leg leg) throws CommandFailed {
    if (source == null) {
      return leg;
    }
    if (!leg.isMulticast() || !source.getClass().equals(leg.address().getAddress().getClass())) {
      throw new CommandFailed(
          ExitCode.USAGE,
          "--source selects a sender in a multicast group of its own IP version; %s is none"
              .formatted(leg.name()));
    }
    return leg.withSource(source);
  }

  private @Nullable MemberList memberList() throws WrongSetting, IOException {
    return members == null ? null : MemberList.load(members);
  }

  private void say(String line) {
    PrintWriter terminal = requireNonNull(spec).commandLine().getOut();
    terminal.println(line);
    terminal.flush();
  }
}
