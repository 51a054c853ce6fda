package parley.gateway.system;

import static org.assertj.core.api.Assertions.assertThat;
import static parley.gateway.system.Town.text;

import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import parley.gateway.ClockSync;
import parley.gateway.GatewayServices;
import parley.gateway.lab.Lab;
import parley.gateway.lab.LabEar;
import parley.gateway.lab.LabMember;
import parley.gateway.lab.LabTalker;
import parley.mikey.group.BridgeOrigin;
import parley.mikey.group.UnverifiedAnnouncement;

/// Wire profile, section 4: nothing is announced with an unsynchronised clock, listening goes on.
class ClockSyncTest {
  private static final String FIRE = "sip:fire@example.org";
  private static final String POLICE = "sip:police@example.org";

  @TempDir Path folder;
  @RegisterExtension final Opened open = new Opened();
  private final AtomicReference<ClockSync.State> clock =
      new AtomicReference<>(ClockSync.State.UNSYNCHRONISED);

  @Test
  void whereItIsRequiredNothingIsAnnouncedUntilTheClockIsSynchronised() throws Exception {
    Lab lab = open.add(new Lab(folder, Clock.systemUTC()));
    LabMember self = lab.member("sip:gpe1@example.org");
    LabMember alice = lab.member("sip:alice@example.org");
    lab.group(FIRE, self, alice);
    lab.group(POLICE, self);
    InetSocketAddress fire = LiveGateway.free();
    LabEar fireEar = open.add(new LabEar());
    LabEar policeEar = open.add(new LabEar());
    LabEar mouth = open.add(new LabEar());
    Path list =
        Files.writeString(
            folder.resolve("police.yaml"),
            "members:\n  - {identity: '%s', may: [relay]}\n".formatted(self.identity()));
    String groups =
        """
        - {id: '%s', listen: [{unicast: '%s'}], relay: [{to: '%s'}, {group: '%s'}]}
        - {id: '%s', relay: [{to: '%s'}], members: '%s'}
        """
            .formatted(
                FIRE,
                text(fire),
                text(fireEar.address()),
                POLICE,
                POLICE,
                text(policeEar.address()),
                list);
    var services =
        new GatewayServices(Clock.systemUTC(), new SecureRandom(), null, null, clock::get);
    LiveGateway gateway = open.add(new LiveGateway(lab, self, services, "auto", groups));
    assertThat(gateway.gateway().clockSync()).isEqualTo(ClockSync.State.UNSYNCHRONISED);
    LabTalker warned = alice.talker(FIRE);
    mouth.send(warned.announce(), fire);
    assertThat(UnverifiedAnnouncement.read(policeEar.hear()).origin())
        .as("by default it is only said")
        .isNotNull();
    assertThat(UnverifiedAnnouncement.read(fireEar.hear()).csbId()).isEqualTo(warned.csbId());

    gateway.requireClock(true);
    assertThat(gateway.reload(groups).unchanged()).hasSize(2);
    mouth.send(warned.bye(), fire);
    gateway.awaitSilence(FIRE);
    policeEar.drain();
    fireEar.drain();
    LabTalker heldBack = alice.talker(FIRE);
    mouth.send(heldBack.announce(), fire);
    gateway.awaitBurst(FIRE, heldBack.csbId());
    mouth.send(heldBack.packet(1), fire);
    assertThat(fireEar.hear(2)).as("listening and relaying go on").hasSize(2);
    assertThat(gateway.bursts(POLICE)).isEmpty();
    assertThat(policeEar.drain()).isEmpty();

    clock.set(ClockSync.State.SYNCHRONISED);
    LabTalker announced = alice.talker(FIRE);
    mouth.send(announced.announce(), fire);
    var origin = UnverifiedAnnouncement.read(policeEar.hear()).origin();
    assertThat(origin).extracting(BridgeOrigin::csbId).isEqualTo(announced.csbId());
  }

  /// Whatever this machine's clock does, the question itself works.
  @Test
  void theKernelAnswers() {
    assertThat(ClockSync.kernel().state()).isNotNull();
  }
}
