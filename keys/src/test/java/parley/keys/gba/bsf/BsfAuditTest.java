package parley.keys.gba.bsf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.keys.Secrets;
import parley.keys.gba.BootstrappedKey;
import parley.keys.gba.GbaWorld;
import parley.keys.gba.NafId;
import parley.keys.gba.TestCa;
import parley.keys.gba.TestHttps;
import parley.keys.gba.UaProtocol;
import parley.keys.gba.aka.Usim;
import parley.keys.gba.bsf.BsfEvent.Act;
import parley.keys.gba.bsf.BsfEvent.Outcome;
import parley.keys.gba.hss.Subscribers;
import parley.keys.gba.push.CompactGpi;
import parley.keys.gba.ue.BootstrapFailed;
import parley.keys.gba.ue.UbClient;
import parley.keys.gba.zn.HttpZnClient;
import parley.keys.store.Database;
import parley.mikey.secret.SecretBytes;

/// What a BSF notes, and that nothing leaves that is not noted.
class BsfAuditTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final NafId NAF = new NafId(GbaWorld.KMS, UaProtocol.tls(0x1301));
  private static final NafId FOREIGN = new NafId(GbaWorld.OTHER, UaProtocol.tls(0x1301));

  @TempDir Path directory;
  private GbaWorld world;
  private TestCa ca;
  private final List<BsfEvent> events = new CopyOnWriteArrayList<>();
  private volatile boolean isFull;

  @BeforeEach
  void open() throws Exception {
    world = new GbaWorld(directory);
    ca = new TestCa();
  }

  @AfterEach
  void close() {
    world.close();
  }

  private void note(BsfEvent event) throws IOException {
    if (isFull) {
      throw new IOException("the disk is full");
    }
    events.add(event);
  }

  private TestHttps ub() throws Exception {
    return new TestHttps(ca.tls("bsf.home1.net"), world.site().noting(this::note));
  }

  private UbClient client(TestHttps server, Usim usim) throws Exception {
    return new UbClient(
        server.address(),
        GbaWorld.BSF,
        Subscribers.ALICE,
        usim,
        ca.tls(),
        PATIENCE,
        world.clock(),
        Secrets.RANDOM);
  }

  private List<String> noted() {
    List<String> noted = new ArrayList<>();
    events.forEach(e -> noted.add(e.act() + " " + e.outcome() + " " + e.impi()));
    return noted;
  }

  @Test
  void notesBootstrapsAndResynchronisations() throws Exception {
    try (TestHttps server = ub();
        Usim usim = Subscribers.usim(new Subscribers.Memory().usedUntil(1_000_000));
        UbClient client = client(server, usim);
        BootstrappedKey key = client.bootstrap()) {
      assertThat(noted())
          .containsExactly(
              "RESYNCHRONISE DONE " + Subscribers.ALICE, "BOOTSTRAP DONE " + Subscribers.ALICE);
      assertThat(events.getLast().tid()).isEqualTo(key.btid().text());
      assertThat(events.getLast().asker()).isEqualTo("127.0.0.1");
    }
  }

  @Test
  void givesNothingThatCannotBeNoted() throws Exception {
    isFull = true;
    try (TestHttps server = ub();
        Usim usim = Subscribers.usim();
        UbClient client = client(server, usim)) {
      assertThatThrownBy(client::bootstrap).isInstanceOf(BootstrapFailed.class);
    }
    assertThat(world.count("gba_session")).isZero();
  }

  @Test
  void notesWhatNafsGetAndWhatTheyDoNot() throws Exception {
    try (BootstrappedKey key = world.bootstrapped();
        TestHttps server =
            new TestHttps(ca.tls("bsf.home1.net"), new ZnSite(world.bsf(), this::note));
        HttpZnClient zn =
            new HttpZnClient(server.address(), ca.tls(GbaWorld.KMS.name()), PATIENCE)) {
      zn.nafKey(key.btid(), NAF).orElseThrow().close();
      assertThatThrownBy(() -> zn.nafKey(key.btid(), FOREIGN)).isInstanceOf(IOException.class);
      zn.push(Subscribers.ALICE_PUBLIC, NAF).orElseThrow().close();
      assertThat(noted())
          .containsExactly(
              "KEY DONE " + Subscribers.ALICE,
              "KEY FOREIGN_NAME ",
              "PUSH DONE " + Subscribers.ALICE);
      assertThat(events.getFirst().naf()).isEqualTo(NAF.toString());
      assertThat(events.get(1).tid()).isEqualTo(key.btid().text());
      isFull = true;
      assertThatThrownBy(() -> zn.nafKey(key.btid(), NAF)).isInstanceOf(IOException.class);
    }
  }

  @Test
  void givesKeysToTheNafsOfItsListAlone() throws Exception {
    var settings =
        new BsfSettings(
            GbaWorld.BSF,
            Duration.ofDays(1),
            Duration.ofHours(1),
            Set.of(GbaWorld.OTHER),
            Set.of(GbaWorld.KMS));
    try (BootstrappedKey key = world.bootstrapped();
        SecretBytes master = Subscribers.master();
        Bsf few =
            new Bsf(
                settings,
                world.database(),
                world.hss(),
                master,
                new CompactGpi(GbaWorld.BSF),
                world.clock(),
                Secrets.RANDOM);
        TestHttps server = new TestHttps(ca.tls("bsf.home1.net"), new ZnSite(few, this::note));
        HttpZnClient kms =
            new HttpZnClient(server.address(), ca.tls(GbaWorld.KMS.name()), PATIENCE);
        HttpZnClient other =
            new HttpZnClient(server.address(), ca.tls(GbaWorld.OTHER.name()), PATIENCE)) {
      assertThatThrownBy(() -> kms.nafKey(key.btid(), NAF)).isInstanceOf(IOException.class);
      assertThatThrownBy(() -> kms.push(Subscribers.ALICE_PUBLIC, NAF))
          .isInstanceOf(IOException.class);
      other.nafKey(key.btid(), FOREIGN).orElseThrow().close();
      assertThat(events)
          .extracting(BsfEvent::outcome)
          .containsExactly(Outcome.NOT_ALLOWED, Outcome.NOT_ALLOWED, Outcome.DONE);
      assertThat(events).extracting(BsfEvent::act).contains(Act.PUSH);
    }
  }

  @Test
  void knowsByWhichKeyADatabaseIsSealed() throws Exception {
    Database database = world.database();
    assertThat(MasterProof.isSet(database)).isFalse();
    try (SecretBytes master = Subscribers.master();
        SecretBytes other = Secrets.hex("5b".repeat(32))) {
      assertThat(MasterProof.fits(database, master)).isTrue();
      assertThat(MasterProof.isSet(database)).isTrue();
      assertThat(MasterProof.fits(database, other)).isFalse();
      assertThat(MasterProof.fits(database, master)).isTrue();
    }
  }
}
