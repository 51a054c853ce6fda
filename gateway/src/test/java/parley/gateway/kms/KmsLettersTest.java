package parley.gateway.kms;

import static org.assertj.core.api.Assertions.assertThat;
import static parley.gateway.kms.KmsRig.ALICE;
import static parley.gateway.kms.KmsRig.PHONE;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.gateway.Gateway;
import parley.gateway.GatewayServices;
import parley.gateway.bsf.BsfRig;
import parley.gateway.cli.Run;
import parley.gateway.config.ConfigFile;
import parley.gateway.config.KmsConfig;
import parley.gateway.enrol.KmsClient;
import parley.gateway.manager.ManagerServer;
import parley.gateway.system.Await;
import parley.keys.FreePort;
import parley.keys.audit.AuditReader;
import parley.keys.enrol.Enrolled;
import parley.keys.enrol.ReceiptOutcome;
import parley.keys.kms.front.Denial;
import parley.keys.kms.message.GroupEntry;
import parley.keys.kms.registry.EnrolmentTicket;
import parley.keys.kms.registry.KmsRegistry;
import parley.keys.manager.Delivery;
import parley.keys.member.GmkAcceptance;
import parley.keys.member.Member;
import parley.keys.vault.Vault;
import parley.keys.vault.VaultKey;
import parley.mikey.identity.Identity;

/// A manager leaves a GMK at the KMS for a UE that has never been online, and the UE comes: real
/// servers, real time, one folder.
class KmsLettersTest {
  private static final Identity FIRE = new Identity("sip:fire@example.org");
  private static final Identity MANAGER = new Identity("sip:manager@example.org");
  private static final InstantSource CLOCK = InstantSource.system();

  @TempDir Path folder;
  private int port;
  private int managerPort;
  private final List<AutoCloseable> open = new ArrayList<>();
  private KmsRig rig;
  private KmsRig.Running kms;
  private Vault managerVault;
  private @Nullable ManagerServer manager;

  @BeforeEach
  void start() throws Exception {
    port = FreePort.tcp();
    managerPort = FreePort.tcp();
    rig = new KmsRig(folder);
    kms = rig.start(rig.configure("kms", port, ""));
    KmsRegistry registry = kms.server().registry();
    registry.users().add(ALICE, null);
    registry.users().add(MANAGER, null);
    var group = new GroupEntry(FIRE, FIRE, "https://localhost:" + managerPort, KmsRig.URI);
    registry.groups().put(group, List.of(MANAGER), List.of(ALICE));
    ticket(ALICE, PHONE, "alice.ticket");
    ticket(MANAGER, "manager-1", "manager.ticket");
    managerVault = rig.emptyVault("manager");
    open.add(managerVault);
  }

  @AfterEach
  void stop() throws Exception {
    stopManager();
    kms.close();
    for (AutoCloseable one : open.reversed()) {
      one.close();
    }
  }

  private void ticket(Identity who, String device, String name) throws Exception {
    try (EnrolmentTicket ticket =
        kms.server().registry().tickets().make(who, device, Duration.ofHours(1))) {
      ticket.write(rig.file(name));
    }
  }

  private void startManager(String way) throws Exception {
    Files.writeString(
        rig.file("members.yaml"),
        "members:\n  - {identity: '%s', may: [talk, listen]}\n".formatted(ALICE));
    Path yaml =
        Files.writeString(
            rig.file("manager.yaml"),
            """
            vault: {file: manager.vault, key-file: key}
            kms: {url: "https://localhost:%d", uri: %s, ca: ca.pem, ticket: manager.ticket,
                  identity: "%s", device: manager-1}
            listen: 127.0.0.1:%d
            https: {listen: "127.0.0.1:%d", certificate: other.pem, key: other-key.pem}
            audit: {file: manager.audit}
            groups:
              - id: %s
                members: members.yaml
                gmk: on-demand
                pace: {first: 100ms, longest: 200ms}
                ways: {'%s': %s}
            """
                .formatted(
                    port, KmsRig.URI, MANAGER, FreePort.udp(), managerPort, FIRE, ALICE, way));
    manager =
        ManagerServer.start(
            ConfigFile.readManager(yaml), managerVault, "1.2.3", CLOCK, BsfRig.RANDOM);
  }

  private String box() {
    return "{url: 'https://localhost:%d/mikey', ca: ca.pem}".formatted(port);
  }

  private void stopManager() {
    if (manager != null) {
      manager.close();
      manager = null;
    }
  }

  private ManagerServer manager() {
    if (manager == null) {
      throw new IllegalStateException("not started");
    }
    return manager;
  }

  private boolean isConfirmed() {
    List<Delivery> board = manager().deliveries(FIRE);
    assertThat(board).hasSize(1);
    return board.getFirst().state() == Delivery.State.CONFIRMED;
  }

  private void awaitLeft() throws Exception {
    Await.until("the message is left", () -> kms.server().counters().messages() == 1);
  }

  private KmsClient alice(Vault vault) throws Exception {
    var config =
        new KmsConfig(
            URI.create("https://localhost:" + port),
            KmsRig.URI,
            rig.file("ca.pem"),
            rig.file("alice.ticket"),
            null,
            null,
            false,
            null);
    return KmsClient.open(config, vault, ALICE, PHONE, CLOCK);
  }

  private List<String> kmsLines() throws Exception {
    return AuditReader.read(List.of(rig.file("kms.audit"))).lines().stream()
        .map(line ->
            "%s: %s %s: %s".formatted(line.actor(), line.act(), line.target(), line.outcome()))
        .toList();
  }

  /// The KMS is killed and started again in between.
  @Test
  void whoHasNeverBeenOnlineHasItsGmkWithItsKeys() throws Exception {
    startManager(box());
    awaitLeft();
    assertThat(isConfirmed()).isFalse();
    kms.close();
    kms = rig.start(rig.file("kms.yaml"));

    Run enrolled =
        Run.of(
            "enrol",
            "--vault",
            rig.file("alice.vault"),
            "--key-file",
            rig.file("key"),
            "--identity",
            ALICE,
            "--device",
            PHONE,
            "--kms",
            "https://localhost:" + port,
            "--kms-uri",
            KmsRig.URI,
            "--ca",
            rig.file("ca.pem"),
            "--ticket",
            rig.file("alice.ticket"));

    assertThat(enrolled.err()).isEmpty();
    assertThat(enrolled.out())
        .contains(
            "joined sip:fire@example.org",
            "took the GMK of sip:fire@example.org",
            "the manager of sip:fire@example.org has the receipt");
    Await.until("the board says so", this::isConfirmed);
    try (VaultKey key = VaultKey.keyFile(rig.file("key"));
        Vault vault = Vault.open(rig.file("alice.vault"), key);
        Member alice = Member.open(vault, ALICE, CLOCK)) {
      assertThat(alice.sendingGmk(FIRE)).isPresent();
    }
    assertThat(kmsLines())
        .anyMatch(line ->
            line.startsWith("signer sip:fire@example.org at 127.0.0.1: message ")
                && line.endsWith(" sip:alice@example.org of sip:fire@example.org: taken"));
  }

  /// A receipt that nobody takes loses nothing: the next keys bring the message again.
  @Test
  void aManagerThatIsAwayHearsOfItLater() throws Exception {
    startManager(box());
    awaitLeft();
    stopManager();
    Vault vault = rig.emptyVault("alice");
    open.add(vault);
    try (KmsClient client = alice(vault)) {
      Enrolled first = client.enrolment().enrol();
      try (Member alice = Member.open(vault, ALICE, CLOCK)) {
        first.join(alice);
        List<GmkAcceptance> judged = first.accept(alice);
        assertThat(judged).singleElement().isInstanceOf(GmkAcceptance.Accepted.class);
        assertThat(first.confirm(alice, judged))
            .singleElement()
            .extracting(ReceiptOutcome::problem)
            .asString()
            .startsWith(
                "the manager of sip:fire@example.org has no receipt yet (https://localhost:")
            .endsWith("; it sends its message again")
            .hasLineCount(1);

        startManager("udp://127.0.0.1:" + FreePort.udp());
        assertThat(isConfirmed()).isFalse();
        Enrolled second = client.enrolment().renew();
        List<GmkAcceptance> again = second.accept(alice);
        assertThat(again).singleElement().isInstanceOf(GmkAcceptance.Repeated.class);
        assertThat(second.confirm(alice, again)).containsExactly(new ReceiptOutcome(FIRE, null));
      }
    }
    Await.until("the board says so", this::isConfirmed);
  }

  /// The member of a gateway is one like any other.
  @Test
  void aGatewayConfirmsWhatCameWithItsKeys() throws Exception {
    startManager(box());
    awaitLeft();
    open.add(rig.emptyVault("gateway"));
    Path yaml =
        Files.writeString(
            rig.file("gateway.yaml"),
            """
            identity: %s
            vault: {file: gateway.vault, key-file: key}
            kms: {url: "https://localhost:%d", uri: %s, ca: ca.pem, ticket: alice.ticket}
            device: %s
            mikey: {listen: "127.0.0.1:0"}
            media: {io: netty}
            groups: [{id: "%s", listen: [{unicast: "127.0.0.1:%d"}]}]
            """
                .formatted(ALICE, port, KmsRig.URI, PHONE, FIRE, FreePort.udp()));
    try (Gateway gateway =
        Gateway.start(ConfigFile.read(yaml), (Vault) open.getLast(), GatewayServices.defaults())) {
      assertThat(gateway.member().sendingGmk(FIRE)).isPresent();
      Await.until("the board says so", this::isConfirmed);
    }
  }

  @Test
  void anOperatorCarriesFilesAndTheSameIsLookedAt() throws Exception {
    startManager("'file:outbox/'");
    Path outbox = rig.file("outbox");
    Await.until("the file is written", () -> manager().counters().sent() == 1);
    Path message;
    try (var files = Files.list(outbox)) {
      message = files.toList().getFirst();
    }
    byte[] forged = Files.readAllBytes(message);
    forged[forged.length - 1] ^= 1;
    Path other = Files.write(rig.file("forged.mikey"), forged);

    Run run = Run.of("kms", "message", "--config", rig.file("kms.yaml"), other, message);

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out())
        .contains(
            other + " is not taken: not signed by sip:fire@example.org (wrong_signature)",
            message + " waits for sip:alice@example.org, until 2");
    assertThat(run.err()).contains("1 of 2 messages are not taken").hasLineCount(1);
    assertThat(kms.server().registry().pending().waiting(ALICE, 2))
        .singleElement()
        .isEqualTo(Files.readAllBytes(message));
    assertThat(AuditReader.read(List.of(rig.file("audit-cli.log"))).lines())
        .extracting(line -> line.act() + " " + line.outcome())
        .containsExactly("message begun", "message failed", "message begun", "message done");
  }

  /// Threats, rows 4 and 28: over the wire.
  @Test
  void whoIsNoMemberAnyMoreIsRefusedAndCounted() throws Exception {
    startManager(box());
    awaitLeft();
    kms.server().registry().groups().members(FIRE, List.of());
    assertThat(manager().counters().unsent()).isZero();
    stopManager();
    startManager(box());
    Await.until(
        "refused",
        () ->
            kms.server().counters().denied(Denial.NO_SUCH_GROUP) > 0
                && manager().counters().unsent() > 0);
    assertThat(kms.server().registry().pending().waiting(ALICE, 2)).isEmpty();
    assertThat(isConfirmed()).isFalse();
  }
}
