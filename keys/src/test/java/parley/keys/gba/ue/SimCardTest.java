package parley.keys.gba.ue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.keys.Secrets;
import parley.keys.gba.BootstrappedKey;
import parley.keys.gba.Fqdn;
import parley.keys.gba.GbaWorld;
import parley.keys.gba.TestCa;
import parley.keys.gba.TestHttps;
import parley.keys.gba.aka.AuthenticationVector;
import parley.keys.gba.aka.SubscriberKey;
import parley.keys.gba.aka.UsimAnswer;
import parley.keys.gba.hss.Subscribers;
import parley.keys.vault.Vault;
import parley.keys.vault.VaultException;
import parley.keys.vault.VaultKey;
import parley.mikey.secret.SecretBytes;

/// A SIM in a member's vault.
class SimCardTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path directory;
  private GbaWorld world;
  private Vault vault;

  @BeforeEach
  void open() throws Exception {
    world = new GbaWorld(directory);
    Files.write(directory.resolve("key"), new byte[32]);
    try (VaultKey key = key()) {
      vault = Vault.create(directory.resolve("alice.vault"), key);
    }
  }

  private VaultKey key() {
    return VaultKey.keyFile(directory.resolve("key"));
  }

  @AfterEach
  void close() {
    vault.close();
    world.close();
  }

  private static SimProfile profile(String bsf) {
    return new SimProfile(Subscribers.ALICE, URI.create(bsf), GbaWorld.BSF);
  }

  private void load() throws Exception {
    try (SubscriberKey key = Subscribers.key()) {
      SimCard.load(vault, profile("https://bsf.home1.net:8445"), key);
    }
  }

  private void reopen() throws VaultException {
    vault.close();
    try (VaultKey key = key()) {
      vault = Vault.open(directory.resolve("alice.vault"), key);
    }
  }

  @Test
  void bootstrapsAndKeepsTheKeyInTheVault() throws Exception {
    TestCa ca = new TestCa();
    try (TestHttps server = new TestHttps(ca.tls("bsf.home1.net"), world.site());
        SubscriberKey key = Subscribers.key()) {
      SimCard.load(vault, profile(server.address().toString()), key);
      String btid;
      try (SimCard sim = SimCard.open(vault);
          BootstrappedKey made = bootstrap(sim, ca).current()) {
        btid = made.btid().text();
      }
      reopen();
      try (SimCard sim = SimCard.open(vault);
          BootstrappedKey kept = bootstrap(sim, ca).current()) {
        assertThat(kept.btid().text()).isEqualTo(btid);
      }
    }
  }

  private Bootstrap bootstrap(SimCard sim, TestCa ca) throws Exception {
    return sim.bootstrap(ca.tls(), PATIENCE, world.clock(), Secrets.RANDOM);
  }

  /// Row 23 of the threats: what it has accepted is in the vault before the answer is out.
  @Test
  void takesNoChallengeAgainAfterARestart() throws Exception {
    load();
    try (AuthenticationVector vector = world.hss().vector(Subscribers.ALICE).orElseThrow()) {
      try (SimCard sim = SimCard.open(vault)) {
        assertThat(sim.usim().authenticate(vector.rand(), vector.autn()))
            .isInstanceOfSatisfying(UsimAnswer.Agreed.class, agreed -> agreed.keys().close());
      }
      reopen();
      try (SimCard sim = SimCard.open(vault)) {
        assertThat(sim.usim().authenticate(vector.rand(), vector.autn()))
            .isInstanceOf(UsimAnswer.SynchronisationFailure.class);
      }
      assertThat(SimCard.remove(vault)).contains(profile("https://bsf.home1.net:8445"));
      load();
      try (SimCard sim = SimCard.open(vault)) {
        assertThat(sim.usim().authenticate(vector.rand(), vector.autn()))
            .isInstanceOf(UsimAnswer.SynchronisationFailure.class);
      }
    }
  }

  @Test
  void anOlderCopyOfTheVaultIsRefused() throws Exception {
    load();
    Path file = directory.resolve("alice.vault");
    vault.close();
    Path old = Files.copy(file, directory.resolve("old"));
    reopen();
    try (AuthenticationVector vector = world.hss().vector(Subscribers.ALICE).orElseThrow();
        SimCard sim = SimCard.open(vault)) {
      assertThat(sim.usim().authenticate(vector.rand(), vector.autn()))
          .isInstanceOfSatisfying(UsimAnswer.Agreed.class, agreed -> agreed.keys().close());
    }
    vault.close();
    Files.copy(old, file, StandardCopyOption.REPLACE_EXISTING);
    try (VaultKey key = key()) {
      assertThatThrownBy(() -> Vault.open(file, key)).isInstanceOf(VaultException.class);
    }
  }

  @Test
  void holdsOneSimAndChangesItsBsf() throws Exception {
    load();
    try (SubscriberKey key = Subscribers.key();
        SubscriberKey other =
            SubscriberKey.of(Secrets.hex(Subscribers.OPC), Secrets.hex(Subscribers.K))) {
      SimCard.load(vault, profile("https://other.home1.net"), key);
      assertThat(SimCard.find(vault)).contains(profile("https://other.home1.net"));
      assertThatThrownBy(() -> SimCard.load(vault, profile("https://b.net"), other))
          .isInstanceOf(WrongSim.class)
          .hasMessageContaining("another SIM, of " + Subscribers.ALICE);
      var bob = new SimProfile("bob@home1.net", URI.create("https://b.net"), new Fqdn("b.net"));
      assertThatThrownBy(() -> SimCard.load(vault, bob, key)).isInstanceOf(WrongSim.class);
    }
    assertThat(SimCard.find(vault)).contains(profile("https://other.home1.net"));
    assertThat(SimCard.remove(vault)).isPresent();
    assertThat(SimCard.remove(vault)).isEqualTo(Optional.empty());
    assertThatThrownBy(() -> SimCard.open(vault)).hasMessageContaining("parley sim load");
  }

  @Test
  void readsACardFile() throws Exception {
    Path card = card("# alice\n\nK: " + Subscribers.K + "\r\nOPc:" + Subscribers.OPC);
    try (SubscriberKey key = SimFile.read(card);
        SubscriberKey known = Subscribers.key();
        SecretBytes one = key.encode();
        SecretBytes other = known.encode()) {
      assertThat(one).isEqualTo(other);
    }
    try (SubscriberKey key =
            SimFile.read(card("OP: cdc202d5123e20f62b6d676ac72cb318\nK: " + Subscribers.K + "\n"));
        SubscriberKey known = Subscribers.key();
        SecretBytes one = key.encode();
        SecretBytes other = known.encode()) {
      assertThat(one).as("OPc of set 1").isEqualTo(other);
    }
  }

  @Test
  void saysWhatIsWrongWithACardFile() throws Exception {
    refused("K: " + Subscribers.K, "it needs K and one of OPc and OP");
    refused("K: " + Subscribers.K + "0", "line 1: K needs 32 hex digits");
    refused("\nK: " + "g".repeat(32), "line 2: K is not all hex digits");
    refused("K: " + Subscribers.K + "\nK: " + Subscribers.K, "line 2 says K again");
    refused("k: " + Subscribers.K, "line 1 is none of K:, OPc: and OP:");
    refused("nothing", "line 1 is none of");
    refused("x".repeat(5000), "it is over 4 KiB long");
    refused(
        "K: %s\nOP: %s\nOPc: %s".formatted(Subscribers.K, Subscribers.K, Subscribers.K),
        "it needs K and one of OPc and OP");
    Path open = card("K: " + Subscribers.K + "\nOPc: " + Subscribers.OPC);
    Files.setPosixFilePermissions(open, modes("rw-r-----"));
    assertThatThrownBy(() -> SimFile.read(open))
        .isInstanceOf(WrongSim.class)
        .hasMessageContaining("chmod 600 ");
  }

  private void refused(String text, String sentence) throws Exception {
    Path card = card(text);
    assertThatThrownBy(() -> SimFile.read(card))
        .isInstanceOf(WrongSim.class)
        .hasMessageContaining(sentence)
        .hasMessageNotContaining(Subscribers.K);
  }

  private Path card(String text) throws Exception {
    Path card = Files.writeString(directory.resolve("card"), text);
    return Files.setPosixFilePermissions(card, modes("rw-------"));
  }

  private static Set<PosixFilePermission> modes(String modes) {
    return PosixFilePermissions.fromString(modes);
  }

  @Test
  void anAddressOfABsfIsBare() {
    for (String wrong : new String[] {"http://b.net", "https://b.net/x", "https:///", "b.net"}) {
      assertThatThrownBy(() -> profile(wrong))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("https://bsf.example.org:8445");
    }
    assertThatThrownBy(() -> new SimProfile("alice", URI.create("https://b.net"), GbaWorld.BSF))
        .hasMessageContaining("user@realm");
  }
}
