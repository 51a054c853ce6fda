package parley.keys.gba.bsf;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.keys.gba.BootstrappedKey;
import parley.keys.gba.Fqdn;
import parley.keys.gba.GbaWorld;
import parley.keys.gba.NafId;
import parley.keys.gba.Tid;
import parley.keys.gba.UaProtocol;
import parley.keys.gba.hss.Subscribers;
import parley.keys.gba.zn.NafKey;
import parley.keys.gba.zn.PushInfo;
import parley.mikey.identity.Identity;
import parley.mikey.secret.SecretAccess;
import parley.mikey.secret.SecretBytes;

/// Ks in the table: given to nobody, derived for one server at a time, gone when its time is over.
class BsfTest {
  private static final NafId NAF = new NafId(GbaWorld.KMS, UaProtocol.tls(0x1301));
  private static final NafId PUSHED = new NafId(GbaWorld.KMS, UaProtocol.HTTP_DIGEST);

  @TempDir Path directory;
  private GbaWorld world;

  @BeforeEach
  void open() throws Exception {
    world = new GbaWorld(directory);
  }

  @AfterEach
  void close() {
    world.close();
  }

  @Test
  void derivesWhatTheUeDerives() throws Exception {
    try (BootstrappedKey ue = world.bootstrapped();
        NafKey answer = world.bsf().nafKey(ue.btid(), NAF).orElseThrow();
        SecretBytes expected = ue.ksNaf(NAF)) {
      assertThat(answer.key()).isEqualTo(expected);
      assertThat(answer.impi()).isEqualTo(Subscribers.ALICE);
      assertThat(answer.identities()).containsExactly(Subscribers.ALICE_PUBLIC);
      assertThat(answer.until()).isEqualTo(GbaWorld.NOW.plus(Duration.ofDays(1)));
    }
  }

  /// Row 20 of the threats: at its end Ks is neither given nor kept.
  @Test
  void forgetsKsAtTheEndOfItsLifetime() throws Exception {
    try (BootstrappedKey ue = world.bootstrapped()) {
      world.clock().set(ue.until().minusNanos(1));
      world.bsf().nafKey(ue.btid(), NAF).orElseThrow().close();
      world.clock().set(ue.until());
      assertThat(world.bsf().nafKey(ue.btid(), NAF)).isEmpty();
      world.bsf().sweep();
      assertThat(world.count("gba_session")).isZero();
    }
  }

  @Test
  void sweepsByTheWay() throws Exception {
    world.bootstrapped().close();
    world.clock().pass(Duration.ofDays(2));
    world.bootstrapped().close();
    assertThat(world.count("gba_session")).isEqualTo(1);
  }

  @Test
  void remembersOverARestart() throws Exception {
    try (BootstrappedKey ue = world.bootstrapped()) {
      world.restart();
      try (NafKey answer = world.bsf().nafKey(ue.btid(), NAF).orElseThrow();
          SecretBytes expected = ue.ksNaf(NAF)) {
        assertThat(answer.key()).isEqualTo(expected);
      }
    }
  }

  @Test
  void showsNoKsInItsFile() throws Exception {
    try (BootstrappedKey ue = world.bootstrapped()) {
      byte[] ks = ue.ks().lend(SecretAccess.token(), byte[]::clone);
      Path journal = world.file().resolveSibling(world.file().getFileName() + "-wal");
      String all =
          new String(Files.readAllBytes(world.file()), ISO_8859_1)
              + new String(Files.readAllBytes(journal), ISO_8859_1);
      assertThat(all.contains(ue.btid().text())).isTrue();
      for (int at = 0; at + 8 <= ks.length; at++) {
        assertThat(all.contains(new String(ks, at, 8, ISO_8859_1))).isFalse();
      }
    }
  }

  @Test
  void knowsNoNameOfAnotherBsf() throws Exception {
    try (BootstrappedKey ue = world.bootstrapped()) {
      Tid elsewhere = Tid.bootstrapped(ue.btid().localOctets(), new Fqdn("bsf.home2.net"));
      Tid asPush = Tid.pushed(ue.btid().localOctets(), GbaWorld.BSF);
      assertThat(world.bsf().nafKey(elsewhere, NAF)).isEmpty();
      assertThat(world.bsf().nafKey(asPush, NAF)).isEmpty();
    }
  }

  /// Disposable Ks: of a push one key is kept, and it is of the NAF_Id that it was made for.
  @Test
  void keepsOfAPushOneKeyForOneServerAndUse() throws Exception {
    try (PushInfo push = world.bsf().push(Subscribers.ALICE_PUBLIC, PUSHED).orElseThrow()) {
      Tid ptid = push.key().tid();
      try (NafKey again = world.bsf().nafKey(ptid, PUSHED).orElseThrow()) {
        assertThat(again.key()).isEqualTo(push.key().key());
      }
      assertThat(world.bsf().nafKey(ptid, NAF)).isEmpty();
      assertThat(world.bsf().nafKey(ptid, new NafId(GbaWorld.OTHER, PUSHED.ua()))).isEmpty();
      world.clock().set(push.key().until());
      assertThat(world.bsf().nafKey(ptid, PUSHED)).isEmpty();
    }
    assertThat(world.bsf().push(new Identity("sip:nobody@home1.net"), PUSHED)).isEmpty();
  }

  /// Row 21, without a network between: a server asks in its own name alone.
  @Test
  void answersAServerInItsOwnNameAlone() throws Exception {
    var kms = world.bsf().direct(GbaWorld.KMS);
    var other = world.bsf().direct(GbaWorld.OTHER);
    try (BootstrappedKey ue = world.bootstrapped()) {
      Optional<NafKey> own = kms.nafKey(ue.btid(), NAF);
      own.orElseThrow().close();
      assertThatThrownBy(() -> other.nafKey(ue.btid(), NAF))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(
            () -> other.push(Subscribers.ALICE_PUBLIC, new NafId(GbaWorld.OTHER, PUSHED.ua())))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("not among the NAFs that may push");
  }

  @Test
  void takesASubscriberOutWithWhatItBootstrapped() throws Exception {
    try (BootstrappedKey ue = world.bootstrapped()) {
      assertThat(world.bsf().remove(Subscribers.ALICE)).isTrue();
      assertThat(world.bsf().nafKey(ue.btid(), NAF)).isEmpty();
      assertThat(world.bsf().remove(Subscribers.ALICE)).isFalse();
    }
  }

  @Test
  void hasNoLifetimeOverAWeek() {
    for (Duration wrong : List.of(Duration.ZERO, Duration.ofSeconds(59), Duration.ofDays(8))) {
      assertThatThrownBy(() -> new BsfSettings(GbaWorld.BSF, wrong, Duration.ofHours(1), Set.of()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("lifetime is one minute to seven days");
    }
  }
}
