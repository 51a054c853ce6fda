package parley.gateway.enrol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.gateway.bsf.BsfRig;
import parley.gateway.bsf.BsfStore;
import parley.gateway.config.ConfigFile;
import parley.gateway.config.KmsConfig;
import parley.gateway.config.SimConfig;
import parley.keys.FakeClock;
import parley.keys.enrol.Enrolled;
import parley.keys.enrol.NotEnrolled;
import parley.keys.gba.hss.SubscriberFile;
import parley.keys.http.LabAuthority;
import parley.keys.kms.front.Denial;
import parley.keys.kms.registry.KnownBy;
import parley.keys.member.Member;
import parley.keys.vault.Vault;
import parley.mikey.identity.Identity;
import parley.mikey.identity.NtpTimestamp;
import parley.mikey.secret.SecretBytes;

/// A UE that has nothing but its SIM, and a running KMS and BSF.
class SimEnrolmentTest {
  @TempDir Path folder;
  private final FakeClock clock = new FakeClock(Instant.now());
  private SimRig rig;
  private Vault vault;

  @BeforeEach
  void start() throws Exception {
    rig = new SimRig(folder, clock);
    vault = rig.vault("alice.vault");
  }

  @AfterEach
  void stop() {
    vault.close();
    rig.close();
  }

  private Enrolled enrol(KmsConfig config) throws Exception {
    return enrol(config, SimRig.ALICE);
  }

  private Enrolled enrol(KmsConfig config, Identity who) throws Exception {
    try (KmsClient client = KmsClient.open(config, vault, who, SimRig.PHONE, clock)) {
      return client.enrolment().enrol();
    }
  }

  private NotEnrolled refused(KmsConfig config) {
    return refused(config, SimRig.ALICE);
  }

  private NotEnrolled refused(KmsConfig config, Identity who) {
    NotEnrolled e = catchThrowableOfType(NotEnrolled.class, () -> enrol(config, who));
    assertThat(e).isNotNull();
    assertThat(e.sentence()).hasLineCount(1);
    return e;
  }

  @Test
  void theKmsWantsABootstrapAndTheClientDoesItWithoutHelp() throws Exception {
    Enrolled enrolled = enrol(rig.config());

    assertThat(enrolled.periods()).isNotEmpty();
    assertThat(Member.holdsKeys(vault, SimRig.ALICE, clock.instant())).isTrue();
    try (Member alice = Member.open(vault, SimRig.ALICE, clock)) {
      assertThat(alice.signer(NtpTimestamp.of(clock.instant()))).isNotNull();
    }
    assertThat(rig.done("bootstrap")).isEqualTo(1);
    assertThat(rig.kms().counters().denied(Denial.UNKNOWN))
        .as("the request before the bootstrap, and no other")
        .isEqualTo(1);
    assertThat(rig.kmsLines())
        .anySatisfy(line -> {
          assertThat(line.actor()).startsWith("gba alice@ims.example.org");
          assertThat(line.target()).startsWith("sip:alice@example.org, device phone-1, period");
          assertThat(line.outcome()).isEqualTo("given");
        });
  }

  @Test
  void aBootstrapThatIsStillGoodIsUsedAgain() throws Exception {
    var _ = enrol(rig.config());
    Files.delete(rig.file("alice.card"));
    vault.close();
    vault = rig.vault("alice.vault");
    KmsConfig inTheVault =
        rig.config(new SimConfig(null, null, null, null, null, BsfRig.KMS.name(), null));

    var _ = enrol(inTheVault);

    assertThat(rig.done("bootstrap")).isEqualTo(1);
    assertThat(rig.kms().counters().denied(Denial.WRONG_SIGNATURE)).isZero();
  }

  @Test
  void aBootstrapWhoseTimeIsOverIsMadeAnew() throws Exception {
    var _ = enrol(rig.config());
    clock.pass(Duration.ofHours(25));

    var _ = enrol(rig.config());

    assertThat(rig.done("bootstrap")).isEqualTo(2);
  }

  /// The KMS wants a new one; the client believed in its own.
  @Test
  void aBootstrapThatTheKmsDoesNotTakeIsMadeAnewInTheMiddle() throws Exception {
    var _ = enrol(rig.config());
    rig.endBootstraps();
    rig.restartKms("");

    var _ = enrol(rig.config());

    assertThat(rig.done("bootstrap")).isEqualTo(2);
    assertThat(rig.kms().counters().denied(Denial.WRONG_SIGNATURE)).isZero();
  }

  @Test
  void aSimThatWasUsedElsewhereResynchronises() throws Exception {
    try (KmsClient client =
        KmsClient.open(rig.config(), vault, SimRig.ALICE, SimRig.PHONE, clock)) {
      assertThat(client.sim()).isNotNull();
    }
    long[] seqs = new long[32];
    Arrays.fill(seqs, 5000);
    ByteBuffer octets = ByteBuffer.allocate(Long.BYTES * seqs.length);
    octets.asLongBuffer().put(seqs);
    try (SecretBytes used = SecretBytes.take(octets.array(), "SQN of a SIM")) {
      vault.put("sim-sqn", BsfRig.ALICE, used);
    }

    var _ = enrol(rig.config());

    assertThat(rig.done("resynchronise")).isEqualTo(1);
    assertThat(rig.done("bootstrap")).isEqualTo(1);
  }

  @Test
  void aSimThatTheHomeNetworkDoesNotKnow() throws Exception {
    NotEnrolled e =
        refused(rig.config(rig.sim("bob@ims.example.org", BsfRig.KMS.name(), null)), SimRig.ALICE);

    assertThat(e.kind()).isEqualTo(NotEnrolled.Kind.NOT_KNOWN);
    assertThat(e.sentence()).contains("does not know the key of this SIM", "bob@ims.example.org");
    assertThat(Member.homeKms(vault, SimRig.ALICE)).isEmpty();
  }

  @Test
  void aSubscriberThatIsNoUserOfTheKms() throws Exception {
    Identity alice = new Identity("sip:alice.b@example.org");
    Path sims = rig.rig().sims(List.of("eve@ims.example.org"));
    try (var key = rig.key();
        Vault bsf = Vault.openToRead(rig.file("bsf.vault"), key);
        var store =
            BsfStore.open(ConfigFile.readBsf(rig.file("bsf.yaml")), bsf, clock, BsfRig.RANDOM)) {
      long _ = new SubscriberFile(sims).importTo(store.hss(), (_, _) -> {});
    }

    NotEnrolled e =
        refused(rig.config(rig.sim("eve@ims.example.org", BsfRig.KMS.name(), null)), alice);

    assertThat(e.kind()).isEqualTo(NotEnrolled.Kind.NOT_KNOWN);
    assertThat(e.sentence()).contains("parley kms user add --impi");

    rig.kms().registry().users().add(alice, null);
    assertThat(rig.kms().registry().users().name(alice, KnownBy.IMPI, "eve@ims.example.org"))
        .isTrue();
    var _ = enrol(rig.config(rig.sim("eve@ims.example.org", BsfRig.KMS.name(), null)), alice);
  }

  @Test
  void aUserWhoseKeysAreWithdrawn() throws Exception {
    var _ = rig.kms().registry().users().revoke(SimRig.ALICE, "left");

    NotEnrolled e = refused(rig.config());

    assertThat(e.kind()).isEqualTo(NotEnrolled.Kind.REFUSED);
    assertThat(e.sentence()).contains("withdrawn");
  }

  @Test
  void aKmsOfAnotherNameAsANaf() throws Exception {
    NotEnrolled e = refused(rig.config(rig.sim(BsfRig.ALICE, BsfRig.OTHER.name(), null)));

    assertThat(e.kind()).isEqualTo(NotEnrolled.Kind.NOT_GOOD);
    assertThat(e.sentence())
        .contains("takes keys for the name kms.example.org and is known here as other.example.org");
    assertThat(rig.done("bootstrap")).isZero();
  }

  @Test
  void anotherSimInTheVault() throws Exception {
    var _ = enrol(rig.config());

    NotEnrolled e = refused(rig.config(rig.sim("bob@ims.example.org", BsfRig.KMS.name(), null)));

    assertThat(e.sentence()).contains("holds the SIM of alice@ims.example.org, not of bob@");
  }

  @Test
  void aBsfThatIsAwayOrNotBelieved() throws Exception {
    KmsConfig config = rig.config();
    Path other =
        LabAuthority.create(
                "other",
                Instant.now().minusSeconds(60),
                Instant.now().plusSeconds(3600),
                BsfRig.RANDOM)
            .write(rig.file("other.pem"));
    SimConfig sim = rig.sim(BsfRig.ALICE, BsfRig.KMS.name(), null);
    NotEnrolled strange =
        refused(
            rig.config(
                new SimConfig(
                    sim.card(), sim.impi(), sim.bsf(), sim.bsfName(), other, sim.naf(), null)));
    assertThat(strange.kind()).isEqualTo(NotEnrolled.Kind.TLS);
    assertThat(strange.sentence()).contains("BSF bsf.example.org cannot be reached");

    rig.bsf().close();
    NotEnrolled away = refused(config);
    assertThat(away.kind()).isEqualTo(NotEnrolled.Kind.LATER);
    assertThat(away.sentence()).contains("BSF bsf.example.org cannot be reached");
  }

  @Test
  void aClientCertificateBringsKeysToo() throws Exception {
    var holder = rig.rig().server("alice", "alice.example.org");
    assertThat(
            rig.kms()
                .registry()
                .users()
                .name(SimRig.ALICE, KnownBy.CERTIFICATE, "DNS:alice.example.org"))
        .isTrue();
    var config =
        new KmsConfig(
            rig.url(),
            SimRig.KMS_URI,
            rig.file("ca.pem"),
            null,
            holder.certificate(),
            holder.key(),
            true,
            null);

    var _ = enrol(config);

    assertThat(Member.holdsKeys(vault, SimRig.ALICE, clock.instant())).isTrue();
    assertThat(rig.done("bootstrap")).isZero();
  }
}
