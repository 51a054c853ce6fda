package parley.gateway.enrol;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.gateway.bsf.BsfRig;
import parley.gateway.cli.Run;
import parley.gateway.config.SimConfig.PushListen;
import parley.gateway.system.Await;
import parley.keys.FakeClock;
import parley.keys.FreePort;
import parley.keys.audit.AuditReader;
import parley.keys.enrol.Enrolled;
import parley.keys.gba.push.GpiOutcome.Reason;
import parley.keys.gba.push.PushEar;
import parley.keys.kms.front.Denial;
import parley.keys.member.Member;
import parley.keys.vault.Vault;
import parley.mikey.identity.Identity;

/// A KMS that calls a UE by GBA push, and the UE that comes, over UDP and in a folder. Row 31 of
/// the threats.
class PushEnrolmentTest {
  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

  @TempDir Path folder;
  private final FakeClock clock = new FakeClock(Instant.now());
  private final BlockingQueue<Enrolled> news = new LinkedBlockingQueue<>();
  private SimRig rig;
  private Vault vault;

  /// What the KMS sends to, between it and the UE.
  private DatagramSocket network;

  @BeforeEach
  void start() throws Exception {
    network = new DatagramSocket(0, LOOPBACK);
    network.setSoTimeout(60_000);
    rig = new SimRig(folder, clock);
    vault = rig.vault("alice.vault");
  }

  @AfterEach
  void stop() {
    vault.close();
    rig.close();
    network.close();
  }

  private void byUdp() throws Exception {
    rig.restartKms(
        "push: {udp: {\"sip:alice@example.org\": \"127.0.0.1:%d\"}}"
            .formatted(network.getLocalPort()));
  }

  private static PushListen anyPort() throws IOException {
    return new PushListen.Udp(new InetSocketAddress(LOOPBACK, FreePort.udp()));
  }

  private SelfEnrolment phone(String naf, PushListen where) throws Exception {
    SelfEnrolment phone =
        SelfEnrolment.of(
            rig.config(rig.sim(BsfRig.ALICE, naf, where)),
            vault,
            SimRig.ALICE,
            SimRig.PHONE,
            clock);
    phone.follow(news::add);
    return phone;
  }

  private static PushEar ear(SelfEnrolment phone) {
    PushEar ear = phone.ear();
    if (ear == null) {
      throw new AssertionError("it hears nothing");
    }
    return ear;
  }

  private HttpResponse<String> push(String identity) throws Exception {
    return SimRig.admin(
        rig.kms().adminLocal(),
        "POST",
        "/users/" + identity.replace(":", "%3A").replace("@", "%40") + "/push");
  }

  /// A push of now, as it leaves the KMS.
  private byte[] called() throws Exception {
    HttpResponse<String> answer = push("sip:alice@example.org");
    assertThat(answer.body()).contains("@push.bsf.example.org");
    assertThat(answer.statusCode()).isEqualTo(200);
    var packet = new DatagramPacket(new byte[200], 200);
    network.receive(packet);
    return Arrays.copyOf(packet.getData(), packet.getLength());
  }

  private void carry(byte[] gpi, PushListen to) throws Exception {
    if (to instanceof PushListen.Udp(InetSocketAddress address)) {
      network.send(new DatagramPacket(gpi, gpi.length, address));
    }
  }

  private Enrolled nextNews() throws InterruptedException {
    Enrolled next = news.poll(60, SECONDS);
    assertThat(next).isNotNull();
    return next;
  }

  @Test
  void thePushBringsTheUeToItsKmsWithTheKeyOfThePush() throws Exception {
    byUdp();
    PushListen where = anyPort();
    try (SelfEnrolment phone = phone(BsfRig.KMS.name(), where)) {
      carry(called(), where);

      assertThat(nextNews().periods()).isNotEmpty();
      assertThat(ear(phone).good()).isEqualTo(1);
    }
    assertThat(Member.holdsKeys(vault, SimRig.ALICE, clock.instant())).isTrue();
    assertThat(rig.done("bootstrap")).as("no Ub").isZero();
    assertThat(rig.done("push")).isEqualTo(1);
    assertThat(rig.kmsLines())
        .anySatisfy(line -> {
          assertThat(line.act()).isEqualTo("push");
          assertThat(line.outcome()).startsWith("done");
        })
        .anySatisfy(line -> {
          assertThat(line.actor()).startsWith("gba alice@ims.example.org");
          assertThat(line.outcome()).isEqualTo("given");
        });
  }

  @Test
  void aPushThatIsPlayedBackDoesNothing() throws Exception {
    byUdp();
    PushListen where = anyPort();
    try (SelfEnrolment phone = phone(BsfRig.KMS.name(), where)) {
      byte[] gpi = called();
      carry(gpi, where);
      var _ = nextNews();
      long given = rig.kms().counters().keySets();

      carry(gpi, where);

      Await.until("judged", () -> ear(phone).refused(Reason.REPLAYED) == 1);
      assertThat(rig.kms().counters().keySets()).isEqualTo(given);
      carry(called(), where);
      var _ = nextNews();
    }
    assertThat(news).isEmpty();
  }

  @Test
  void aPushThatIsPlayedBackAfterARestartDoesNothing() throws Exception {
    byUdp();
    PushListen where = anyPort();
    byte[] gpi;
    try (SelfEnrolment phone = phone(BsfRig.KMS.name(), where)) {
      gpi = called();
      carry(gpi, where);
      var _ = nextNews();
      assertThat(ear(phone).good()).isEqualTo(1);
    }
    vault.close();
    vault = rig.vault("alice.vault");
    try (SelfEnrolment phone = phone(BsfRig.KMS.name(), where)) {
      carry(gpi, where);

      Await.until("judged", () -> ear(phone).refused(Reason.REPLAYED) == 1);
    }
    assertThat(news).isEmpty();
  }

  /// A KMS that has started anew has not kept the key of the push; the BSF has.
  @Test
  void aKmsThatIsAwayWhenTheUeComesIsAskedAgain() throws Exception {
    byUdp();
    PushListen where = anyPort();
    try (SelfEnrolment phone = phone(BsfRig.KMS.name(), where)) {
      byte[] gpi = called();
      rig.stopKms();
      carry(gpi, where);
      Await.until("taken", () -> ear(phone).good() == 1);
      rig.restartKms("");

      assertThat(nextNews().periods()).isNotEmpty();
    }
    assertThat(rig.done("bootstrap")).isZero();
  }

  @Test
  void aPushThatIsForgedOrAlteredDoesNothing() throws Exception {
    byUdp();
    PushListen where = anyPort();
    try (SelfEnrolment phone = phone(BsfRig.KMS.name(), where)) {
      byte[] forged = called();
      forged[20] ^= 1; // in AUTN
      carry(forged, where);
      byte[] altered = called();
      altered[60] ^= 1; // in what is sealed
      carry(altered, where);
      carry(new byte[140], where);

      Await.until("judged", () -> ear(phone).refused(Reason.MALFORMED) == 1);
      assertThat(ear(phone).refused(Reason.NOT_OF_THE_HOME_NETWORK)).isEqualTo(1);
      assertThat(ear(phone).refused(Reason.ALTERED)).isEqualTo(1);
      carry(called(), where);
      var _ = nextNews();
      assertThat(ear(phone).good()).isEqualTo(1);
    }
    assertThat(news).isEmpty();
  }

  @Test
  void aPushOfAServerThatIsNotOursLeadsNowhere() throws Exception {
    byUdp();
    PushListen where = anyPort();
    try (SelfEnrolment phone = phone(BsfRig.OTHER.name(), where)) {
      carry(called(), where);

      Await.until("judged", () -> ear(phone).refused(Reason.OTHER_SERVER) == 1);
    }
    assertThat(news).isEmpty();
    assertThat(rig.kms().counters().keySets()).isZero();
  }

  @Test
  void aFloodIsNotListenedToAndLeavesTheKmsAlone() throws Exception {
    byUdp();
    PushListen where = anyPort();
    int flood = 100;
    try (SelfEnrolment phone = phone(BsfRig.KMS.name(), where)) {
      byte[] gpi = new byte[100];
      gpi[0] = 1;
      for (int i = 0; i < flood; i++) {
        BsfRig.RANDOM.nextBytes(gpi);
        gpi[0] = 1;
        carry(gpi, where);
      }
      PushEar ear = ear(phone);
      Await.until(
          "all of them judged",
          () ->
              ear.refused(Reason.TOO_MANY) + ear.refused(Reason.NOT_OF_THE_HOME_NETWORK) == flood);
      assertThat(ear.refused(Reason.NOT_OF_THE_HOME_NETWORK))
          .as("those that reached the SIM")
          .isLessThanOrEqualTo(10);
      assertThat(rig.kms().counters().denied(Denial.UNKNOWN)).isZero();

      clock.pass(Duration.ofMinutes(2));
      carry(called(), where);
      var _ = nextNews();
    }
  }

  @Test
  void aFolderDoesAsWellAndTheCommandLineCalls() throws Exception {
    Path pushes = Files.createDirectory(rig.file("pushes"));
    rig.restartKms("push: {folder: pushes}");
    Run call =
        Run.of("kms", "push", "--config", rig.kmsYaml(), "--identity", "sip:alice@example.org");
    assertThat(call.err()).isEmpty();
    assertThat(call.out()).contains("called sip:alice@example.org, which will come as ");
    Path file;
    try (var files = Files.list(pushes)) {
      file = files.findFirst().orElseThrow();
    }
    byte[] gpi = Files.readAllBytes(file);

    try (SelfEnrolment phone = phone(BsfRig.KMS.name(), new PushListen.Folder(pushes))) {
      var _ = nextNews();
      Path copy = Files.write(rig.file("copy"), gpi);
      var _ = Files.move(copy, file);
      Await.until("judged", () -> ear(phone).refused(Reason.REPLAYED) == 1);
    }
    assertThat(rig.done("bootstrap")).isZero();
    assertThat(AuditReader.read(List.of(rig.file("audit/audit-cli.log"))).lines())
        .anySatisfy(line -> {
          assertThat(line.act()).isEqualTo("push");
          assertThat(line.outcome()).isEqualTo("done");
        });
  }

  @Test
  void whoCannotBeCalledIsSaid() throws Exception {
    byUdp();
    rig.kms().registry().users().add(new Identity("sip:bob@example.org"), null);

    assertThat(push("sip:nobody@example.org").body()).contains("is no user here");
    assertThat(push("sip:bob@example.org").body())
        .contains("the BSF has no subscriber with the identity sip:bob@example.org");
    var _ = rig.kms().registry().users().revoke(SimRig.ALICE, "left");
    HttpResponse<String> revoked = push("sip:alice@example.org");
    assertThat(revoked.statusCode()).isEqualTo(409);
    assertThat(revoked.body()).contains("reinstate it before it is called");
    rig.restartKms("");
    assertThat(push("sip:alice@example.org").statusCode()).isEqualTo(404);
    Run call =
        Run.of("kms", "push", "--config", rig.kmsYaml(), "--identity", "sip:alice@example.org");
    assertThat(call.err()).contains("says no way to call UEs").hasLineCount(1);
  }
}
