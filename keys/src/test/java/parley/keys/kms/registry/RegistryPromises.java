package parley.keys.kms.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import parley.keys.FakeClock;
import parley.keys.Secrets;
import parley.keys.kms.message.GroupEntry;
import parley.keys.kms.message.TransportKeys;
import parley.keys.kms.registry.PendingGmks.Leaving;
import parley.keys.store.Database;
import parley.keys.store.StoreException;
import parley.mikey.identity.Identity;
import parley.mikey.identity.NtpTimestamp;
import parley.mikey.secret.SecretBytes;

/// What the registry promises on either database, with two front ends at it.
abstract class RegistryPromises {
  static final Identity ALICE = new Identity("sip:alice@example.org");
  static final Identity BOB = new Identity("sip:bob@example.org");
  static final Identity FIRE = new Identity("sip:fire@example.org");

  private final FakeClock clock = new FakeClock(Instant.parse("2026-11-29T12:00:00Z"));
  private final SecretBytes sealing = SecretBytes.random(32, Secrets.RANDOM, "sealing key");
  private Database database;
  private Database otherDatabase;
  private KmsRegistry one;
  private KmsRegistry other;

  abstract Database open() throws Exception;

  @BeforeEach
  void start() throws Exception {
    database = open();
    otherDatabase = open();
    one = new KmsRegistry(database, sealing, clock, Secrets.RANDOM);
    other = new KmsRegistry(otherDatabase, sealing, clock, Secrets.RANDOM);
    one.users().add(ALICE, null);
    one.users().add(BOB, null);
  }

  @AfterEach
  void stop() {
    database.close();
    otherDatabase.close();
    sealing.close();
  }

  @Test
  void knowsUsersByTheirNames() throws Exception {
    assertThat(one.users().name(ALICE, KnownBy.IMPI, "1@ims")).isTrue();
    assertThat(one.users().name(ALICE, KnownBy.IMPI, "1@ims")).isTrue();
    assertThat(one.users().name(BOB, KnownBy.IMPI, "1@ims")).as("taken").isFalse();
    assertThat(one.users().name(BOB, KnownBy.CERTIFICATE, "DNS:b")).isTrue();
    assertThat(one.users().name(ALICE, KnownBy.CERTIFICATE, "URI:sip:a")).isTrue();
    assertThat(other.users().known(KnownBy.IMPI, List.of("1@ims"))).contains(ALICE);
    assertThat(other.users().known(KnownBy.PRESHARED_KEY, List.of("1@ims"))).isEmpty();
    assertThat(other.users().known(KnownBy.CERTIFICATE, List.of("DNS:b", "DNS:x"))).contains(BOB);
    assertThat(other.users().known(KnownBy.CERTIFICATE, List.of("DNS:b", "URI:sip:a")))
        .as("two users at once is nobody")
        .isEmpty();
    assertThat(one.users().forgetName(KnownBy.IMPI, "1@ims")).isTrue();
    assertThat(other.users().known(KnownBy.IMPI, List.of("1@ims"))).isEmpty();
    assertThat(one.users().all()).containsExactly(ALICE, BOB);
  }

  @Test
  void keepsPresharedKeysWithTheNamesOfTheirUsers() throws Exception {
    try (PresharedKey first = one.presharedKeys().make(ALICE, "a@x").orElseThrow();
        PresharedKey second = one.presharedKeys().make(ALICE, "a@x").orElseThrow();
        PresharedKey found = other.presharedKeys().find("a@x").orElseThrow();
        TransportKeys ours = second.transportKeys();
        TransportKeys theirs = found.transportKeys()) {
      assertThat(found.secret()).isEqualTo(second.secret()).isNotEqualTo(first.secret());
      assertThat(theirs.trk()).isEqualTo(ours.trk());
      assertThat(theirs.ink()).isEqualTo(ours.ink());
      assertThat(found).hasToString("PresharedKey[a@x]");
    }
    assertThat(other.users().known(KnownBy.PRESHARED_KEY, List.of("a@x"))).contains(ALICE);
    assertThat(other.presharedKeys().make(BOB, "a@x")).as("another's").isEmpty();
    assertThat(one.users().name(BOB, KnownBy.PRESHARED_KEY, "b@x")).isTrue();
    assertThat(other.presharedKeys().find("b@x")).as("a name without a key").isEmpty();
    assertThat(one.users().forgetName(KnownBy.PRESHARED_KEY, "a@x")).isTrue();
    assertThat(other.presharedKeys().find("a@x")).isEmpty();
    for (String name : List.of("", "a:b", "3GPP-bootstrapping;x", "a b", "x".repeat(129))) {
      assertThatThrownBy(() -> one.presharedKeys().make(ALICE, name))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void revokesAtOnceForEveryFrontEnd() throws Exception {
    one.users().addDevice(ALICE, "phone");
    assertThat(one.users().revoke(ALICE, "lost")).isTrue();
    KmsUser alice = other.users().find(ALICE).orElseThrow();
    assertThat(alice.revoked()).isEqualTo("lost");
    assertThat(alice.devices()).containsExactly("phone");
    one.users().add(ALICE, null);
    assertThat(other.users().find(ALICE).orElseThrow().revoked()).as("stays").isEqualTo("lost");
    assertThat(other.users().reinstate(ALICE)).isTrue();
    assertThat(one.users().find(ALICE).orElseThrow().revoked()).isNull();
    assertThat(one.users().revoke(FIRE, "no user")).isFalse();
    assertThat(one.users().find(FIRE)).isEmpty();
  }

  @Test
  void knowsGroupsTheirManagersAndMembers() throws Exception {
    var fire = new GroupEntry(FIRE, FIRE, "https://m/", "kms.example.org");
    one.groups().put(fire);
    one.groups().managers(FIRE, List.of(BOB));
    one.groups().members(FIRE, List.of(ALICE, BOB));
    assertThat(other.groups().of(ALICE, 10)).containsExactly(fire);
    assertThat(other.groups().has(FIRE)).isTrue();
    assertThat(other.groups().has(ALICE)).isFalse();
    assertThat(other.users().find(BOB).orElseThrow().managed()).containsExactly(FIRE);
    assertThat(other.users().find(ALICE).orElseThrow().managed()).isEmpty();
    one.groups().members(FIRE, List.of(BOB));
    one.groups().managers(FIRE, List.of());
    assertThat(other.groups().of(ALICE, 10)).isEmpty();
    assertThat(other.users().find(BOB).orElseThrow().managed()).isEmpty();
    assertThatThrownBy(() -> one.groups().managers(FIRE, List.of(FIRE)))
        .as("a manager is a user")
        .isInstanceOf(StoreException.class);
  }

  @Test
  void aTicketIsGoodOnceUntilItExpires() throws Exception {
    try (EnrolmentTicket ticket = one.tickets().make(ALICE, "phone", Duration.ofHours(1));
        EnrolmentTicket late = one.tickets().make(ALICE, "watch", Duration.ofHours(1))) {
      String bearer = ticket.bearer();
      try (EnrolmentTickets.Holder holder = other.tickets().holder(bearer).orElseThrow();
          TransportKeys keys = ticket.transportKeys()) {
        assertThat(holder.identity()).isEqualTo(ALICE);
        assertThat(holder.device()).isEqualTo("phone");
        assertThat(holder.keys().trk()).isEqualTo(keys.trk());
        assertThat(holder.keys().ink()).isEqualTo(keys.ink());
        assertThat(holder.keys()).hasToString(keys.toString());
        assertThat(one.transportKeys().signing(keys.signatureId()))
            .as("no credential of its own")
            .isEmpty();
      }
      assertThat(other.tickets().holder(bearer + "x")).isEmpty();
      assertThat(other.tickets().holder("x".repeat(1000))).isEmpty();
      try (HeldKeys own = other.tickets().use(bearer).orElseThrow();
          HeldKeys held = one.transportKeys().signing(own.keys().signatureId()).orElseThrow();
          TransportKeys keys = ticket.transportKeys()) {
        assertThat(held.keys().trk()).isEqualTo(own.keys().trk()).isNotEqualTo(keys.trk());
        assertThat(held.device()).isEqualTo("phone");
        assertThat(one.transportKeys().signing(keys.signatureId())).isEmpty();
      }
      assertThat(one.tickets().use(bearer)).isEmpty();
      assertThat(one.tickets().holder(bearer)).isEmpty();
      clock.pass(Duration.ofHours(1));
      assertThat(one.tickets().holder(late.bearer())).isEmpty();
      assertThat(one.tickets().use(late.bearer())).isEmpty();
      assertThat(one.tickets().clear()).isEqualTo(2);
    }
  }

  /// Two front ends and many requests at the same moment.
  @Test
  void aTicketIsUsedByOneAlone() throws Exception {
    for (int round = 0; round < 5; round++) {
      try (EnrolmentTicket ticket =
              one.tickets().make(ALICE, "phone" + round, Duration.ofHours(1));
          var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        List<Callable<Boolean>> tries = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
          KmsRegistry frontEnd = i % 2 == 0 ? one : other;
          tries.add(() -> frontEnd.tickets().use(ticket.bearer()).isPresent());
        }
        int used = 0;
        for (Future<Boolean> attempt : threads.invokeAll(tries)) {
          used += attempt.get() ? 1 : 0;
        }
        assertThat(used).isEqualTo(1);
      }
    }
  }

  @Test
  void aTicketIsReadFromItsText() throws Exception {
    try (EnrolmentTicket ticket = one.tickets().make(ALICE, "phone", Duration.ofHours(1));
        SecretBytes text = ticket.text();
        EnrolmentTicket read = EnrolmentTicket.read(text);
        TransportKeys keys = ticket.transportKeys();
        TransportKeys same = read.transportKeys()) {
      assertThat(text.length()).isEqualTo(43);
      assertThat(read.bearer()).isEqualTo(ticket.bearer());
      assertThat(same.trk()).isEqualTo(keys.trk());
      assertThat(same.ink()).isEqualTo(keys.ink());
      assertThat(same.trkId()).isEqualTo(keys.trkId());
      assertThat(Secrets.text(text)).doesNotContain(ticket.bearer());
      assertThatThrownBy(() -> EnrolmentTicket.read(Secrets.of("short")))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> EnrolmentTicket.read(Secrets.of("!".repeat(43))))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void keepsTransportKeysSealed() throws Exception {
    try (TransportKeys keys = pair("a");
        TransportKeys alone = TransportKeys.of("alone", Secrets.of("t".repeat(32)))) {
      one.transportKeys().put(ALICE, "phone", keys);
      one.transportKeys().put(BOB, "phone", alone);
      try (HeldKeys held = other.transportKeys().signing("ink.a").orElseThrow();
          HeldKeys bobs = other.transportKeys().wrapping(BOB, "alone").orElseThrow()) {
        assertThat(held.identity()).isEqualTo(ALICE);
        assertThat(held.keys().trk()).isEqualTo(keys.trk());
        assertThat(held.keys().ink()).isEqualTo(keys.ink());
        assertThat(bobs.keys().hasInk()).isFalse();
      }
      assertThat(other.transportKeys().wrapping(BOB, "trk.a")).as("not his").isEmpty();
      try (SecretBytes wrong = SecretBytes.random(32, Secrets.RANDOM, "other key")) {
        var thief = new KmsRegistry(database, wrong, clock, Secrets.RANDOM);
        assertThatThrownBy(() -> thief.transportKeys().signing("ink.a"))
            .isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("another sealing key");
      }
      List<byte[]> sealed =
          database.read(
              c -> Sql.list(c, "SELECT sealed FROM kms_transport", row -> row.getBytes(1)));
      for (byte[] octets : sealed) {
        assertThat(new String(octets, StandardCharsets.ISO_8859_1))
            .doesNotContain("aaaaaaaa", "tttttttt", "iiiiiiii");
      }
    }
  }

  @Test
  void replacesTransportKeysWhenTheNewOnesAreUsed() throws Exception {
    try (TransportKeys keys = pair("a")) {
      one.transportKeys().put(ALICE, "phone", keys);
      clock.pass(Duration.ofDays(100));
      HeldKeys present = one.transportKeys().newest(ALICE, "phone").orElseThrow();
      HeldKeys next = one.transportKeys().successor(present);
      HeldKeys same = other.transportKeys().successor(present);
      assertThat(same.keys().trk()).as("the same until used").isEqualTo(next.keys().trk());
      assertThat(next.keys().trk()).isNotEqualTo(present.keys().trk());
      other.transportKeys().used(present);
      assertThat(one.transportKeys().signing(next.keys().signatureId())).isPresent();
      other.transportKeys().used(next);
      assertThat(one.transportKeys().signing("ink.a")).isEmpty();
      assertThat(one.transportKeys().signing(next.keys().signatureId())).isPresent();
      assertThat(one.users().removeDevice(ALICE, "phone")).isFalse();
      assertThat(one.transportKeys().newest(ALICE, "phone")).isEqualTo(Optional.empty());
    }
  }

  @Test
  void keepsOneMessageForEachGroup() throws Exception {
    one.groups().put(new GroupEntry(FIRE, FIRE, "https://m/", "kms.example.org"));
    one.groups().members(FIRE, List.of(ALICE));
    Instant until = clock.instant().plusSeconds(60);
    assertThat(leave(one, ALICE, 1, until)).isEqualTo(Leaving.LEFT);
    assertThat(leave(other, ALICE, 2, until)).isEqualTo(Leaving.LEFT);
    assertThat(leave(one, ALICE, 2, until)).as("the same again").isEqualTo(Leaving.THERE_ALREADY);
    assertThat(leave(one, ALICE, 1, until)).as("an older T").isEqualTo(Leaving.NOT_NEWER);
    assertThat(one.pending().leave(ALICE, FIRE, new NtpTimestamp(2), new byte[] {9}, until))
        .as("the same T, other octets")
        .isEqualTo(Leaving.NOT_NEWER);
    assertThat(leave(one, BOB, 3, until)).isEqualTo(Leaving.LEFT);
    assertThat(other.pending().waiting(ALICE, 5)).singleElement().isEqualTo(new byte[] {2});
    assertThat(other.pending().waiting(BOB, 5)).as("no member").isEmpty();
    assertThat(one.pending().clear()).as("of whoever is no member").isEqualTo(1);
    clock.pass(Duration.ofSeconds(60));
    assertThat(other.pending().waiting(ALICE, 5)).isEmpty();
    assertThat(other.pending().clear()).isEqualTo(1);
    assertThatThrownBy(
            () -> one.pending().leave(ALICE, FIRE, new NtpTimestamp(3), new byte[5000], until))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static Leaving leave(KmsRegistry registry, Identity ue, int t, Instant until)
      throws StoreException {
    return registry.pending().leave(ue, FIRE, new NtpTimestamp(t), new byte[] {(byte) t}, until);
  }

  private static TransportKeys pair(String name) {
    return TransportKeys.of(
        "trk." + name, Secrets.of(name.repeat(32)), "ink." + name, Secrets.of("i".repeat(32)));
  }
}
