package parley.keys.kms.front;

import static org.assertj.core.api.Assertions.assertThat;
import static parley.keys.kms.front.TestFront.ALICE;
import static parley.keys.kms.front.TestFront.BOB;
import static parley.keys.kms.front.TestFront.FIRE;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.keys.Secrets;
import parley.keys.TestKms;
import parley.keys.http.Reply;
import parley.keys.kms.MemberKeys;
import parley.keys.kms.front.KmsClient.Way;
import parley.keys.kms.front.TestFront.Caller;
import parley.keys.kms.message.GroupEntry;
import parley.mikey.eccsi.EccsiSigner;
import parley.mikey.group.GmkDistribution;
import parley.mikey.group.GmkOffer;
import parley.mikey.group.GroupMasterKey;
import parley.mikey.identity.Identity;
import parley.mikey.identity.KmsCertificate;
import parley.mikey.identity.NtpTimestamp;
import parley.mikey.transport.MikeyBody;

/// GMK messages left at a KMS for UEs: what the registry and the signature allow, and what
/// everybody else hears (threats, rows 4 and 28).
class LetterBoxTest {
  private static final Identity POLICE = new Identity("sip:police@example.org");
  private static final Identity CHIEF = new Identity("sip:chief@example.org");
  private static final Identity NOBODY = new Identity("sip:nobody@example.org");

  @TempDir Path directory;
  private TestFront front;
  private KmsSite site;

  @BeforeEach
  void start() throws Exception {
    front = new TestFront(directory);
    site = front.site(KmsFrontSettings.of(TestFront.BASE));
    group(FIRE, FIRE, ALICE);
    group(POLICE, POLICE, BOB, NOBODY);
  }

  @AfterEach
  void stop() {
    front.close();
  }

  private void group(Identity group, Identity signer, Identity... members) throws Exception {
    front.registry.groups().put(new GroupEntry(group, signer, "https://m/", "kms.example.org"));
    front.registry.groups().members(group, List.of(members));
  }

  private EccsiSigner signer(Identity who, Instant t) throws Exception {
    KmsCertificate kms = front.issuer.certificate();
    try (MemberKeys keys = front.issuer.issue(who, kms.periodAt(t), "device")) {
      return EccsiSigner.of(
          kms.authKey(), kms.identifier(who, keys.period()), keys.ssk(), keys.pvt());
    }
  }

  private byte[] message(Identity group, Identity manager, Identity ue, EccsiSigner by, Instant t) {
    return message(front.issuer.certificate(), group, manager, ue, by, t);
  }

  private static byte[] message(
      KmsCertificate kms,
      Identity group,
      Identity manager,
      Identity ue,
      EccsiSigner by,
      Instant t) {
    NtpTimestamp issued = NtpTimestamp.of(t);
    try (GroupMasterKey gmk =
        GroupMasterKey.of(
            group, 7, Secrets.of("gmk-of-16-octets"), issued, t, Instant.MAX, false)) {
      return GmkDistribution.seal(
          new GmkOffer(group, manager, ue, gmk), by, kms, issued, Secrets.RANDOM);
    }
  }

  /// As the group signs it, at `t`.
  private byte[] message(Identity group, Identity ue, Instant t) throws Exception {
    try (EccsiSigner signer = signer(group, t)) {
      return message(group, group, ue, signer, t);
    }
  }

  private Reply post(byte[] octets, Caller caller) throws Exception {
    return site.answer(TestFront.request("/mikey", octets, caller));
  }

  private Reply post(byte[] octets) throws Exception {
    return post(octets, Caller.nobody().with("Content-Type", MikeyBody.CONTENT_TYPE));
  }

  private List<byte[]> waiting(Identity ue) throws Exception {
    return front.registry.pending().waiting(ue, 16);
  }

  private Instant now() {
    return front.clock.instant();
  }

  @Test
  void takesWhatTheGroupsSignerHasSigned() throws Exception {
    byte[] octets = message(FIRE, ALICE, now());

    Reply reply = post(octets);

    assertThat(reply.status()).isEqualTo(202);
    assertThat(reply.headers()).contains(Map.entry("Retry-After", "21600"));
    assertThat(waiting(ALICE)).singleElement().isEqualTo(octets);
    KmsEvent noted = front.notes.getLast();
    assertThat(noted.way()).isEqualTo(Way.SIGNER);
    assertThat(noted.client()).isEqualTo(FIRE.uri());
    assertThat(noted.resource()).isEqualTo("message");
    assertThat(noted.who()).isEqualTo("sip:alice@example.org of sip:fire@example.org");
    assertThat(noted.denial()).isNull();

    assertThat(post(octets).status()).as("again").isEqualTo(202);
    assertThat(front.notes).as("a repeat makes no line").hasSize(1);
  }

  @Test
  void theNewestStays() throws Exception {
    byte[] first = message(FIRE, ALICE, now().minusSeconds(2));
    byte[] second = message(FIRE, ALICE, now().minusSeconds(1));
    assertThat(post(first).status()).isEqualTo(202);
    assertThat(post(second).status()).isEqualTo(202);

    assertThat(post(first).status()).isEqualTo(403);
    assertThat(front.notes.getLast().denial()).isEqualTo(Denial.NOT_NEWER);
    assertThat(post(message(FIRE, ALICE, now().minusSeconds(1))).status())
        .as("the same T, other octets")
        .isEqualTo(403);
    assertThat(waiting(ALICE)).singleElement().isEqualTo(second);
  }

  /// Whatever is wrong, the same octets; the audit log knows what it was.
  @Test
  void refusesEverythingElseByTheSameWords() throws Exception {
    byte[] waiting = message(FIRE, ALICE, now().minusSeconds(1));
    assertThat(post(waiting).status()).isEqualTo(202);
    byte[] forged = message(FIRE, ALICE, now());
    forged[forged.length - 1] ^= 1;
    byte[] byAlice;
    byte[] inTheNameOfFire;
    try (EccsiSigner alice = signer(ALICE, now())) {
      byAlice = message(FIRE, ALICE, ALICE, alice, now());
      inTheNameOfFire = message(FIRE, FIRE, ALICE, alice, now());
    }
    byte[] elsewhere;
    try (EccsiSigner twin = TestKms.FOREIGN.signer(FIRE, now())) {
      elsewhere = message(TestKms.FOREIGN.certificate(), FIRE, FIRE, ALICE, twin, now());
    }
    byte[] ofATwin;
    try (EccsiSigner twin = TestKms.TWIN.signer(FIRE, now())) {
      ofATwin = message(TestKms.TWIN.certificate(), FIRE, FIRE, ALICE, twin, now());
    }
    front.notes.clear();
    List<String> said = new ArrayList<>();
    List<byte[]> all =
        List.of(
            forged,
            inTheNameOfFire,
            ofATwin,
            elsewhere,
            byAlice,
            message(POLICE, ALICE, now()),
            message(FIRE, BOB, now()),
            message(new Identity("sip:unheard@example.org"), ALICE, now()),
            message(POLICE, NOBODY, now()),
            message(FIRE, new Identity("sip:stranger@example.org"), now()),
            message(FIRE, ALICE, now().minusSeconds(2)),
            message(FIRE, ALICE, now().plusSeconds(61)));
    for (byte[] octets : all) {
      Reply reply = post(octets);
      assertThat(reply.status()).isEqualTo(403);
      said.add(TestFront.text(reply));
    }

    assertThat(said).containsOnly(said.getFirst());
    assertThat(said.getFirst()).contains("This KMS's clock says " + now()).hasLineCount(1);
    assertThat(front.notes)
        .extracting(KmsEvent::denial)
        .containsExactly(
            Denial.WRONG_SIGNATURE,
            Denial.WRONG_SIGNATURE,
            Denial.WRONG_SIGNATURE,
            Denial.OTHER_KMS,
            Denial.NO_SUCH_GROUP,
            Denial.NO_SUCH_GROUP,
            Denial.NO_SUCH_GROUP,
            Denial.NO_SUCH_GROUP,
            Denial.UNKNOWN,
            Denial.UNKNOWN,
            Denial.NOT_NEWER,
            Denial.CLOCK_OFF);
    assertThat(waiting(ALICE)).singleElement().isEqualTo(waiting);
  }

  @Test
  void nothingIsTakenFromOrForWhomIsWithdrawn() throws Exception {
    front.registry.users().add(CHIEF, null);
    group(FIRE, CHIEF, ALICE);
    try (EccsiSigner chief = signer(CHIEF, now())) {
      assertThat(post(message(FIRE, CHIEF, ALICE, chief, now().minusSeconds(2))).status())
          .isEqualTo(202);
      assertThat(front.registry.users().revoke(CHIEF, "left")).isTrue();
      assertThat(post(message(FIRE, CHIEF, ALICE, chief, now().minusSeconds(1))).status())
          .isEqualTo(403);
      assertThat(front.registry.users().reinstate(CHIEF)).isTrue();
      assertThat(front.registry.users().revoke(ALICE, "lost")).isTrue();
      assertThat(post(message(FIRE, CHIEF, ALICE, chief, now())).status()).isEqualTo(403);
    }
    assertThat(front.notes)
        .extracting(KmsEvent::denial)
        .containsExactly(null, Denial.REVOKED, Denial.REVOKED);
  }

  /// It hides which of the two it is for.
  @Test
  void takesNoneOfASignerOfSeveralGroupsOfOneUe() throws Exception {
    group(FIRE, CHIEF, ALICE);
    group(POLICE, CHIEF, BOB);
    try (EccsiSigner chief = signer(CHIEF, now())) {
      assertThat(post(message(FIRE, CHIEF, ALICE, chief, now().minusSeconds(1))).status())
          .isEqualTo(202);
      group(POLICE, CHIEF, ALICE, BOB);
      assertThat(post(message(FIRE, CHIEF, ALICE, chief, now())).status()).isEqualTo(403);
      assertThat(post(message(POLICE, CHIEF, BOB, chief, now())).status()).isEqualTo(202);
    }
    assertThat(front.notes.get(1).denial()).isEqualTo(Denial.NO_SUCH_GROUP);
  }

  /// Threats, row 28.
  @Test
  void whoIsTakenOutGetsNothingMore() throws Exception {
    assertThat(post(message(FIRE, ALICE, now().minusSeconds(1))).status()).isEqualTo(202);

    group(FIRE, FIRE, BOB);

    assertThat(waiting(ALICE)).isEmpty();
    assertThat(post(message(FIRE, ALICE, now())).status()).isEqualTo(403);
    assertThat(front.registry.pending().clear()).isEqualTo(1);
    group(FIRE, FIRE, ALICE, BOB);
    assertThat(waiting(ALICE)).as("dropped, not hidden").isEmpty();
  }

  @Test
  void aMessageOfSomeDaysAgoIsTakenAndKeptUntilNoUeWouldTakeIt() throws Exception {
    Instant t = now();
    byte[] octets = message(FIRE, ALICE, t);
    front.clock.set(Instant.parse("2026-12-02T23:59:59Z"));
    assertThat(post(octets).status())
        .as("the period of T is open for two more days")
        .isEqualTo(202);
    assertThat(waiting(ALICE)).hasSize(1);

    front.clock.set(Instant.parse("2026-12-03T00:00:00Z"));
    assertThat(waiting(ALICE)).isEmpty();
    assertThat(front.registry.pending().clear()).isEqualTo(1);
    assertThat(post(octets).status()).isEqualTo(403);
    assertThat(front.notes.getLast().denial()).isEqualTo(Denial.CLOCK_OFF);
  }

  @Test
  void noneIsKeptForLongerThanThirtyDays() throws Exception {
    front.clock.set(Instant.parse("2026-11-01T00:00:00Z"));
    byte[] octets = message(FIRE, ALICE, now());
    front.clock.pass(Duration.ofDays(30).minusSeconds(1));
    assertThat(post(octets).status()).isEqualTo(202);
    front.clock.pass(Duration.ofSeconds(1));
    assertThat(waiting(ALICE)).isEmpty();
    assertThat(post(octets).status()).isEqualTo(403);
  }

  @Test
  void aFloodIsRefusedBeforeAnySignature() throws Exception {
    byte[] forged = message(FIRE, ALICE, now());
    forged[forged.length - 1] ^= 1;
    Caller flood =
        Caller.nobody().with("Content-Type", MikeyBody.CONTENT_TYPE).from("198.51.100.9");
    List<Integer> statuses = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      statuses.add(post(forged, flood).status());
    }
    assertThat(statuses).startsWith(403).filteredOn(status -> status == 403).hasSize(40);
    assertThat(statuses).filteredOn(status -> status == 429).hasSize(60);
    assertThat(front.notes).hasSize(40);
    assertThat(post(message(FIRE, ALICE, now())).status()).as("from elsewhere").isEqualTo(202);
  }

  @Test
  void isParticularAboutWhatItReads() throws Exception {
    byte[] octets = message(FIRE, ALICE, now());
    assertThat(post(octets, Caller.nobody()).status()).isEqualTo(415);
    assertThat(post(new byte[MikeyBody.MAX_OCTETS + 1]).status()).isEqualTo(413);
    assertThat(post(new byte[300]).status()).isEqualTo(400);
    assertThat(front.notes.getLast().denial()).isEqualTo(Denial.MALFORMED);
    Caller caller = Caller.nobody().with("Content-Type", MikeyBody.CONTENT_TYPE);
    assertThat(site.answer(TestFront.request("/mikey/", octets, caller)).status()).isEqualTo(404);
    assertThat(waiting(ALICE)).isEmpty();
  }
}
