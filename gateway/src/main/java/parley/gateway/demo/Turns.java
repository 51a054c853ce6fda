package parley.gateway.demo;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import parley.gateway.media.Leg;
import parley.gateway.media.PortUnavailable;
import parley.gateway.ue.Speech;
import parley.gateway.ue.SpeechFileException;
import parley.gateway.ue.TalkBurst;
import parley.gateway.ue.TalkReport;
import parley.gateway.ue.Talker;
import parley.gateway.ue.TalkerSettings;
import parley.mikey.identity.Identity;

/// The sixth act: Alice, Bob, and Alice again speak into the multicast group, in real time.
final class Turns {
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  /// What goes on while somebody speaks.
  private interface Meanwhile {
    void happens(TalkBurst burst) throws Exception;
  }

  private final Stage stage;
  private final Roles roles;
  private final Addresses addresses;
  private final List<Spectator> audience;
  private final GatewayMeter meter;
  private final List<Turn> turns = new ArrayList<>();
  private List<AttackResult> attacks = List.of();

  Turns(
      Stage stage, Roles roles, Addresses addresses, List<Spectator> audience, GatewayMeter meter) {
    this.stage = stage;
    this.roles = roles;
    this.addresses = addresses;
    this.audience = audience;
    this.meter = meter;
  }

  void play() throws Exception {
    stage.terminal().act("6. Talk, and attacks");
    try (Wiretap wiretap = Wiretap.on(addresses.talk(), stage.loopback());
        Talker alice = talker(Cast.ALICE);
        Talker bob = talker(Cast.BOB)) {
      turn(Cast.ALICE, alice, "alice-1.ogg", _ -> {});
      turn(Cast.BOB, bob, "bob-1.wav", _ -> {});
      Attacks interference = new Attacks(stage, roles, wiretap, meter);
      turn(Cast.ALICE, alice, "alice-2.ogg", burst -> attacks = interference.on(burst.csbId()));
    }
  }

  List<Turn> turns() {
    return turns;
  }

  List<AttackResult> attacks() {
    return attacks;
  }

  private void turn(Identity who, Talker talker, String resource, Meanwhile meanwhile)
      throws Exception {
    Speech speech = shipped(resource);
    stage
        .terminal()
        .step(
            "%s speaks: %s, %.1f s"
                .formatted(Cast.shortName(who), resource, speech.duration().toMillis() / 1e3));
    long relayed = meter.relayed();
    long refused = meter.refused();
    TalkBurst burst = talker.talk(speech);
    meanwhile.happens(burst);
    TalkReport report = burst.report().get();
    for (Spectator spectator : audience) {
      spectator.burst(report.csbId(), PATIENCE);
    }
    turns.add(new Turn(who, speech, report, meter.relayed() - relayed, meter.refused() - refused));
  }

  private Talker talker(Identity who) throws PortUnavailable {
    Leg to = Leg.multicast(addresses.talk(), stage.loopback().getName(), 1);
    return Talker.open(
        roles.member(who),
        new TalkerSettings(Cast.FIRE_OPS, to, Cast.FIRE_OPS_POLICY),
        stage.transport(),
        stage.engine(),
        stage.clock(),
        stage.random());
  }

  private static Speech shipped(String name) throws IOException, SpeechFileException {
    try (InputStream in = Turns.class.getResourceAsStream("/speech/" + name)) {
      if (in == null) {
        throw new IllegalStateException("this build lacks speech/" + name);
      }
      return Speech.read(name, in);
    }
  }
}
