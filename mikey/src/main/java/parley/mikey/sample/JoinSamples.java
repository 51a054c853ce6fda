package parley.mikey.sample;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import parley.mikey.eccsi.EccsiSigner;
import parley.mikey.group.GroupMasterKey;
import parley.mikey.group.JoinAnswer;
import parley.mikey.group.JoinOutcome;
import parley.mikey.group.JoinVerb;
import parley.mikey.group.Joining;
import parley.mikey.group.UnverifiedJoin;
import parley.mikey.identity.NtpTimestamp;
import parley.mikey.message.MalformedMessage;
import parley.mikey.message.Octets;

/// A stay at a gateway's unicast relay: JOIN, its answer with a cookie, JOIN with the cookie, its
/// answer, LEAVE.
final class JoinSamples {
  private static final Octets COOKIE =
      Octets.of(HexFormat.of().parseHex("404142434445464748494a4b4c4d4e4f"));

  private final SampleWorld world;
  private final List<Sample> samples = new ArrayList<>();

  JoinSamples(SampleWorld world) {
    this.world = world;
  }

  List<Sample> all() {
    var random = new SampleRandom("join-" + world.suffix());
    try (GroupMasterKey gmk = world.gmk();
        EccsiSigner signer = world.signer(SampleWorld.BOB)) {
      Joining joining = Joining.prepare(SampleWorld.BOB, world.kms().kmsUri(), gmk, random);
      byte[] first = say("join", joining, JoinVerb.JOIN, null, 10, signer, random);
      answer("join-cookie", first, gmk, JoinOutcome.COOKIE);
      byte[] second = say("join-again", joining, JoinVerb.JOIN, COOKIE, 11, signer, random);
      answer("join-done", second, gmk, JoinOutcome.DONE);
      say("refresh", joining, JoinVerb.REFRESH, COOKIE, 26, signer, random);
      say("leave", joining, JoinVerb.LEAVE, COOKIE, 30, signer, random);
    }
    return List.copyOf(samples);
  }

  private byte[] say(
      String name,
      Joining joining,
      JoinVerb verb,
      @Nullable Octets cookie,
      int seconds,
      EccsiSigner signer,
      SampleRandom random) {
    NtpTimestamp t = SampleWorld.t(seconds);
    byte[] message = joining.seal(verb, cookie, t, signer, random);
    Facts facts =
        Facts.of(name + "-" + world.suffix(), verb + " of a unicast relay")
            .with("ue", SampleWorld.BOB.uri())
            .with("group", SampleWorld.GROUP.uri())
            .with("kms", world.kms().kmsUri())
            .t(t)
            .id("csbId", joining.csbId())
            .id("gmkId", SampleWorld.GMK_ID)
            .with("gmk", SampleWorld.GMK);
    if (cookie != null) {
      facts.octets("cookie", cookie.bytes());
    }
    samples.add(facts.sample(message, random.given()));
    return message;
  }

  private void answer(String name, byte[] request, GroupMasterKey gmk, JoinOutcome outcome) {
    try {
      byte[] message =
          JoinAnswer.seal(UnverifiedJoin.read(request), gmk, outcome, COOKIE, List.of());
      samples.add(
          Facts.of(name + "-" + world.suffix(), "answer to " + samples.getLast().name())
              .with("outcome", outcome.name())
              .octets("cookie", COOKIE.bytes())
              .id("gmkId", SampleWorld.GMK_ID)
              .with("gmk", SampleWorld.GMK)
              .sample(message, List.of()));
    } catch (MalformedMessage e) {
      throw new IllegalStateException("our own message", e);
    }
  }
}
