package parley.keys.kms.front;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static parley.keys.kms.front.TestFront.ALICE;
import static parley.keys.kms.front.TestFront.BOB;
import static parley.keys.kms.front.TestFront.FIRE;
import static parley.keys.kms.front.TestFront.asker;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.keys.FakeClock;
import parley.keys.Secrets;
import parley.keys.TestKms;
import parley.keys.TestVault;
import parley.keys.http.Reply;
import parley.keys.http.Request;
import parley.keys.http.TlsPeer;
import parley.keys.kms.Issuer;
import parley.keys.kms.IssuerUnreachable;
import parley.keys.kms.MemberKeys;
import parley.keys.kms.client.KeyProvisioning;
import parley.keys.kms.client.KmsConversation.Asker;
import parley.keys.kms.client.KmsRefusal;
import parley.keys.kms.client.Provision;
import parley.keys.kms.front.KmsClient.Way;
import parley.keys.kms.front.TestFront.Caller;
import parley.keys.kms.front.WayToBeKnown.Outcome;
import parley.keys.kms.message.CertificateEntry;
import parley.keys.kms.message.GroupEntry;
import parley.keys.kms.message.KmsRequest;
import parley.keys.kms.message.TransportKeys;
import parley.keys.kms.registry.EnrolmentTicket;
import parley.keys.kms.registry.KnownBy;
import parley.keys.member.Member;
import parley.mikey.identity.Identity;
import parley.mikey.identity.KeyPeriod;
import parley.mikey.identity.KmsCertificate;
import parley.mikey.identity.NtpTimestamp;

/// The KMS from a client's question to a member's vault, with each way to be known; and what
/// everybody else hears.
class KmsSiteTest {
  private static final String ROOT = "/keymanagement/identity/v1";
  private static final String STRANGER = "not known to this KMS\n";

  @TempDir Path directory;
  private TestFront front;
  private KmsSite site;

  @BeforeEach
  void start() throws Exception {
    front = new TestFront(directory);
    site = front.site(settings());
    assertThat(front.registry.users().name(ALICE, KnownBy.PRESHARED_KEY, "alice-psk")).isTrue();
    assertThat(front.registry.users().name(BOB, KnownBy.PRESHARED_KEY, "bob-psk")).isTrue();
  }

  @AfterEach
  void stop() {
    front.close();
  }

  /// Threats, row 8: what arrives is verified before it is stored. The ticket is worth nothing
  /// afterwards, neither as a bearer nor by what follows from it.
  @Test
  void enrolsByATicketOnceAndRenewsByItsOwnTransportKeys() throws Exception {
    KmsCertificate certificate = front.issuer.certificate();
    EnrolmentTicket ticket = front.registry.tickets().make(ALICE, "phone", Duration.ofHours(1));
    Caller bearer = Caller.nobody().with("Authorization", "Bearer " + ticket.bearer());
    TransportKeys own;
    try (TransportKeys keys = ticket.transportKeys();
        TestVault vault = new TestVault(directory, "alice")) {
      notKnown(Caller.nobody(), keys);
      KeyProvisioning client = front.client(site, bearer, asker(ALICE, "phone", keys));
      assertThat(client.certificate()).as("does not use the ticket").isEqualTo(certificate);
      try (Provision got = client.keys(ALICE, certificate)) {
        assertThat(got.keys()).hasSize(1);
        own = Objects.requireNonNull(got.newTransportKeys()).duplicate();
        Member.install(vault.vault(), got.kms(), got.keys().getFirst());
      }
      Member.open(vault.vault(), ALICE, new FakeClock(front.clock.instant())).close();
      notKnown(bearer, keys);
      notKnown(Caller.nobody(), keys);

      front.clock.set(Instant.parse("2026-11-25T00:00:00Z"));
      KeyProvisioning renewal = front.client(site, Caller.nobody(), asker(ALICE, "phone", own));
      try (Provision got = renewal.keys(ALICE, certificate)) {
        assertThat(got.keys()).as("present and next").hasSize(2);
        for (MemberKeys set : got.keys()) {
          Member.install(vault.vault(), got.kms(), set);
        }
      }
    }
    own.close();
    assertThat(front.notes.stream().map(KmsEvent::way).distinct())
        .containsExactly(null, Way.TICKET, Way.TRANSPORT_KEY);
    assertThat(front.notes.getLast().period()).isEqualTo(24323);
    assertThat(front.notes.getLast().device()).isEqualTo("phone");
  }

  private void notKnown(Caller caller, TransportKeys keys) {
    KmsCertificate certificate = front.issuer.certificate();
    KeyProvisioning client = front.client(site, caller, asker(ALICE, "phone", keys));
    assertThat(refusal(() -> client.keys(ALICE, certificate)).kind())
        .isEqualTo(KmsRefusal.Kind.NOT_KNOWN);
  }

  /// Of two that are asked at the same moment one is served.
  @Test
  void aTicketServesOneOfMany() throws Exception {
    try (EnrolmentTicket ticket =
            front.registry.tickets().make(ALICE, "phone", Duration.ofHours(1));
        TransportKeys keys = ticket.transportKeys();
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      KmsRequest unsigned =
          KmsRequest.of(
              ALICE.uri(),
              "kms.example.org",
              front.clock.instant(),
              "phone",
              TestFront.BASE + ROOT + "/keyprov");
      Caller bearer = Caller.nobody().with("Authorization", "Bearer " + ticket.bearer());
      List<Callable<Integer>> tries = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        tries.add(() ->
            site.answer(TestFront.request(ROOT + "/keyprov", unsigned.write(), bearer)).status());
      }
      List<Integer> statuses = new ArrayList<>();
      for (Future<Integer> one : threads.invokeAll(tries)) {
        statuses.add(one.get());
      }
      assertThat(statuses).containsOnlyOnce(200).containsOnly(200, 403);
      assertThat(keys.trkId()).startsWith("trk.");
    }
  }

  @Test
  void knowsClientsByCertificate() throws Exception {
    X509Certificate byUri =
        TestCertificates.named("CN=a", TestCertificates.uri("sip:alice@example.org"));
    X509Certificate byName = TestCertificates.named("CN=bob,O=Fire");
    X509Certificate nobodys =
        TestCertificates.named("CN=a", TestCertificates.uri("sip:bob@example.org"));
    assertThat(front.registry.users().name(ALICE, KnownBy.CERTIFICATE, "URI:sip:alice@example.org"))
        .isTrue();
    assertThat(front.registry.users().name(BOB, KnownBy.CERTIFICATE, "DN:CN=bob,O=Fire")).isTrue();
    site = front.site(settings().allowingClear());
    enrols(Caller.certificate(byUri), ALICE);
    enrols(Caller.certificate(byName), BOB);
    assertThat(refusal(() -> enrols(Caller.certificate(nobodys), BOB)).kind())
        .as("a name is what the registry says, not what the certificate says")
        .isEqualTo(KmsRefusal.Kind.NOT_KNOWN);
  }

  @Test
  void believesATunnelsEndPointAlone() throws Exception {
    site = front.site(settings().allowingClear());
    X509Certificate endPoint =
        TestCertificates.named("CN=t", TestCertificates.dns("tunnel.example.org"));
    X509Certificate other =
        TestCertificates.named("CN=t", TestCertificates.dns("other.example.org"));
    assertThat(front.registry.users().name(BOB, KnownBy.CERTIFICATE, "DNS:other.example.org"))
        .isTrue();
    String header = ByTunnel.HEADER;
    enrols(Caller.certificate(endPoint).with(header, "\"sip:alice@example.org\""), ALICE);
    assertThat(front.notes.getLast().way()).isEqualTo(Way.TUNNEL);
    assertThat(front.notes.getLast().client()).isEqualTo("DNS:tunnel.example.org");
    enrols(Caller.certificate(other).with(header, "sip:alice@example.org"), BOB);
    for (Caller caller :
        List.of(
            Caller.nobody().with(header, "sip:alice@example.org"),
            Caller.certificate(endPoint),
            Caller.certificate(endPoint).with(header, "sip:nobody@example.org"),
            Caller.certificate(endPoint).with(header, "SIP:alice@example.org"),
            Caller.certificate(endPoint).with(header, "\"sip:alice@example.org"))) {
      assertThat(refusal(() -> enrols(caller, ALICE)).kind()).isEqualTo(KmsRefusal.Kind.NOT_KNOWN);
    }
  }

  @Test
  void takesAGbaOfSomebodyElses() throws Exception {
    TransportKeys derived = TransportKeys.derived(Secrets.of("Ks_NAF"), "gba.1", "gba.2");
    WayToBeKnown gba =
        request ->
            "Digest good".equals(request.header("authorization"))
                ? new Outcome.Authenticated(
                    new KmsClient(Way.GBA, "1@ims.example.org", ALICE, null, derived.duplicate()))
                : new Outcome.Challenge(
                    Reply.empty(401).with("WWW-Authenticate", "Digest realm=x"));
    KmsSite withGba = front.site(settings(), gba);
    Reply challenge =
        withGba.answer(TestFront.request(ROOT + "/init", new byte[0], Caller.nobody()));
    assertThat(challenge.status()).isEqualTo(401);
    assertThat(challenge.headers()).isNotEmpty();
    Caller caller = Caller.nobody().with("Authorization", "Digest good");
    try (Provision got =
        front
            .client(withGba, caller, asker(ALICE, "phone", derived))
            .keys(ALICE, front.issuer.certificate())) {
      assertThat(got.keys()).hasSize(1);
    }
    enrols(withGbaAllowingClear(gba), Caller.psk("bob-psk"), BOB);
  }

  private KmsSite withGbaAllowingClear(WayToBeKnown gba) {
    return front.site(settings().allowingClear(), gba);
  }

  @Test
  void sendsNoKeysInTheClearUnlessAllowed() throws Exception {
    KmsRefusal refusal = refusal(() -> enrols(Caller.psk("alice-psk"), ALICE));
    assertThat(refusal).hasMessageContaining("shares no transport key with the device");
    assertThat(front.notes.getLast().denial()).isEqualTo(Denial.NO_TRANSPORT_KEY);
    site = front.site(settings().allowingClear());
    enrols(Caller.psk("alice-psk"), ALICE);
    Asker strict = new Asker(TestFront.ADDRESS, ALICE, "phone", null, false);
    assertThat(
            refusal(() ->
                front
                    .client(site, Caller.psk("alice-psk"), strict)
                    .keys(ALICE, front.issuer.certificate())))
        .hasMessageContaining("keys that are not wrapped");
  }

  @Test
  void givesManagersTheKeysOfTheirGroups() throws Exception {
    site = front.site(settings().allowingClear());
    front.registry.groups().put(new GroupEntry(FIRE, FIRE, "https://m/", "kms.example.org"));
    assertThat(refusal(() -> keys(Caller.psk("bob-psk"), BOB, FIRE)))
        .hasMessageContaining("may have its own keys");
    assertThat(front.notes.getLast().denial()).isEqualTo(Denial.NOT_YOURS);
    front.registry.groups().managers(FIRE, List.of(BOB));
    try (Provision got = keys(Caller.psk("bob-psk"), BOB, FIRE);
        TestVault own = new TestVault(directory, "bob")) {
      Member.install(own.vault(), got.kms(), got.keys().getFirst());
    }
    assertThat(front.notes.getLast().who()).isEqualTo(FIRE.uri());
    assertThat(front.notes.getLast().user()).isEqualTo(BOB.uri());
    String notHers = refusal(() -> keys(Caller.psk("alice-psk"), ALICE, FIRE)).getMessage();
    String nobodys =
        refusal(() -> keys(Caller.psk("alice-psk"), ALICE, new Identity("sip:none@example.org")))
            .getMessage();
    assertThat(notHers).as("whether it exists is nobody's business").isEqualTo(nobodys);
  }

  @Test
  void tellsOfGroupsAndBringsTheirMessages() throws Exception {
    site = front.site(settings().allowingClear());
    var fire = new GroupEntry(FIRE, FIRE, "https://m/", "kms.example.org");
    front.registry.groups().put(fire);
    front.registry.groups().members(FIRE, List.of(ALICE));
    front
        .registry
        .pending()
        .leave(
            ALICE,
            FIRE,
            NtpTimestamp.of(front.clock.instant()),
            new byte[] {1, 2},
            front.clock.instant().plusSeconds(60));
    try (Provision got = keys(Caller.psk("alice-psk"), ALICE, ALICE)) {
      assertThat(got.groups()).containsExactly(fire);
      assertThat(got.gmkMessages()).singleElement().isEqualTo(new byte[] {1, 2});
    }
    try (Provision got = keys(Caller.psk("bob-psk"), BOB, BOB)) {
      assertThat(got.groups()).isEmpty();
      assertThat(got.gmkMessages()).isEmpty();
    }
  }

  /// However many groups and messages there are, the answer is one that a client reads.
  @Test
  void anAnswerStaysReadable() throws Exception {
    site = front.site(settings().allowingClear());
    for (int i = 0; i < 300; i++) {
      Identity group = new Identity("sip:group-of-a-rather-long-name-" + i + "@example.org");
      front
          .registry
          .groups()
          .put(
              new GroupEntry(
                  group,
                  group,
                  "https://manager.example.org/" + "x".repeat(150),
                  "kms.example.org"));
      front.registry.groups().members(group, List.of(ALICE));
      if (i < 40) {
        front
            .registry
            .pending()
            .leave(
                ALICE,
                group,
                NtpTimestamp.of(front.clock.instant()),
                new byte[4000],
                front.clock.instant().plusSeconds(60));
      }
    }
    try (Provision got = keys(Caller.psk("alice-psk"), ALICE, ALICE)) {
      assertThat(got.groups()).hasSizeBetween(50, 128);
      assertThat(got.keys()).hasSize(1);
    }
  }

  @Test
  void stopsAtOnceForWhomIsWithdrawn() throws Exception {
    site = front.site(settings().allowingClear());
    enrols(Caller.psk("alice-psk"), ALICE);
    assertThat(front.registry.users().revoke(ALICE, "lost")).isTrue();
    assertThat(refusal(() -> enrols(Caller.psk("alice-psk"), ALICE)))
        .hasMessageContaining("are withdrawn");
    assertThat(front.notes.getLast().denial()).isEqualTo(Denial.REVOKED);
  }

  @Test
  void replacesOldTransportKeys() throws Exception {
    try (TransportKeys old =
        TransportKeys.of(
            "t.old", Secrets.of("t".repeat(32)), "i.old", Secrets.of("i".repeat(32)))) {
      front.registry.transportKeys().put(ALICE, "phone", old);
      front.clock.pass(Duration.ofDays(181));
      TransportKeys renewed;
      try (Provision got = keysUnder(old)) {
        renewed = Objects.requireNonNull(got.newTransportKeys()).duplicate();
      }
      try (Provision again = keysUnder(old)) {
        assertThat(again.newTransportKeys()).as("an answer may be lost").isNotNull();
        assertThat(Objects.requireNonNull(again.newTransportKeys()).trk()).isEqualTo(renewed.trk());
      }
      try (Provision got = keysUnder(renewed)) {
        assertThat(got.newTransportKeys()).isNull();
      }
      assertThat(refusal(() -> keysUnder(old)).kind()).isEqualTo(KmsRefusal.Kind.NOT_KNOWN);
      renewed.close();
    }
  }

  private Provision keysUnder(TransportKeys keys) throws Exception {
    return front
        .client(site, Caller.nobody(), asker(ALICE, "phone", keys))
        .keys(ALICE, front.issuer.certificate());
  }

  @Test
  void tellsTheClientWhatIsWrong() throws Exception {
    site = front.site(settings().allowingClear());
    Instant now = front.clock.instant();
    says(
        Denial.CLOCK_OFF,
        "your clock is off by 61 seconds",
        request(now.minusSeconds(61), "kms.example.org", ALICE, "phone", "/init"));
    says(
        Denial.CLOCK_OFF,
        "your clock is off by 100 seconds",
        request(now.plusSeconds(100), "kms.example.org", ALICE, "phone", "/init"));
    says(
        Denial.OTHER_KMS,
        "an identity of KMS kms.elsewhere.org asks there",
        request(now, "kms.elsewhere.org", ALICE, "phone", "/init"));
    says(
        Denial.WRONG_URL,
        "the ClientReqUrl is not the URL",
        request(now, "kms.example.org", ALICE, "phone", "/keyprov"));
    says(
        Denial.WRONG_USER,
        "you are known as sip:alice@example.org",
        request(now, "kms.example.org", BOB, "phone", "/init"));
    says(Denial.MALFORMED, "no KMS request: ", "<x/>".getBytes(UTF_8));
    assertThat(
            status(
                "/init", request(now.minusSeconds(60), "kms.example.org", ALICE, "phone", "/init")))
        .isEqualTo(200);
    assertThat(
            status(
                "/init", request(now.plusSeconds(60), "kms.example.org", ALICE, "phone", "/init")))
        .isEqualTo(200);
    String krr = new String(request(now, "kms.example.org", ALICE, "phone", "/init"), UTF_8);
    says(
        Denial.NOT_TAKEN,
        "takes no key revocations",
        krr.replace("</ClientReqUrl>", "</ClientReqUrl><KrrList/>").getBytes(UTF_8));
    assertThat(
            refusal(() ->
                front
                    .client(site, Caller.psk("alice-psk"), asker(ALICE, "phone", null))
                    .keys(
                        ALICE, Instant.parse("2100-01-01T00:00:00Z"), front.issuer.certificate())))
        .hasMessageContaining("key period 25200 is not open until 2099-12-25T00:00:00Z; ask then");
    front.registry.users().add(ALICE, "kms.elsewhere.org");
    assertThat(refusal(() -> enrols(Caller.psk("alice-psk"), ALICE)))
        .hasMessageContaining("sip:alice@example.org belongs to KMS kms.elsewhere.org");
  }

  @Test
  void refusesKeysAndSignaturesThatAreNotTheUsers() throws Exception {
    try (TransportKeys alices =
            TransportKeys.of("t.a", Secrets.of("a".repeat(32)), "i.a", Secrets.of("b".repeat(32)));
        TransportKeys bobs =
            TransportKeys.of("t.b", Secrets.of("c".repeat(32)), "i.b", Secrets.of("d".repeat(32)));
        TransportKeys forged =
            TransportKeys.of(
                "t.a", Secrets.of("a".repeat(32)), "i.a", Secrets.of("x".repeat(32)))) {
      front.registry.transportKeys().put(ALICE, "phone", alices);
      front.registry.transportKeys().put(BOB, "phone", bobs);
      KmsRequest plain =
          KmsRequest.of(
              ALICE.uri(),
              "kms.example.org",
              front.clock.instant(),
              "phone",
              TestFront.BASE + ROOT + "/init");
      says(
          Denial.WRONG_SIGNATURE,
          "names a transport or integrity key",
          plain.with(bobs).sign(bobs));
      says(Denial.WRONG_SIGNATURE, "does not hold", plain.with(forged).sign(forged));
      says(
          Denial.WRONG_TRANSPORT_KEY,
          "names a transport or integrity key",
          plain.with(bobs).write());
      says(
          Denial.WRONG_SIGNATURE,
          "names a transport or integrity key",
          plain.with(bobs).sign(alices));
      KmsRequest watch =
          KmsRequest.of(
              ALICE.uri(),
              "kms.example.org",
              front.clock.instant(),
              "watch",
              TestFront.BASE + ROOT + "/init");
      says(Denial.OTHER_DEVICE, "the DeviceId is another", watch.with(alices).sign(alices));
      assertThat(status("/init", plain.with(alices).sign(alices))).isEqualTo(200);
      assertThat(status("/init", plain.with(alices).write())).isEqualTo(200);
    }
  }

  /// To whoever is not known, everything is the same answer.
  @Test
  void tellsStrangersNothing() throws Exception {
    try (TransportKeys alices =
            TransportKeys.of("t.a", Secrets.of("a".repeat(32)), "i.a", Secrets.of("b".repeat(32)));
        TransportKeys forged =
            TransportKeys.of("t.a", Secrets.of("a".repeat(32)), "i.a", Secrets.of("x".repeat(32)));
        TransportKeys nobodys =
            TransportKeys.of(
                "t.n", Secrets.of("a".repeat(32)), "i.n", Secrets.of("x".repeat(32)))) {
      front.registry.transportKeys().put(ALICE, "phone", alices);
      Instant now = front.clock.instant();
      KmsRequest plain =
          KmsRequest.of(
              ALICE.uri(), "kms.example.org", now, "phone", TestFront.BASE + ROOT + "/init");
      KmsRequest unknown =
          KmsRequest.of(
              "sip:none@example.org",
              "kms.example.org",
              now,
              "phone",
              TestFront.BASE + ROOT + "/init");
      for (byte[] body :
          List.of(
              new byte[0],
              "<x/>".getBytes(UTF_8),
              plain.write(),
              unknown.write(),
              plain.with(forged).sign(forged),
              plain.with(nobodys).sign(nobodys),
              unknown.with(nobodys).sign(nobodys))) {
        for (Caller caller :
            List.of(
                Caller.nobody(),
                Caller.psk("nobody"),
                Caller.nobody().with("Authorization", "Bearer " + "x".repeat(43)),
                Caller.nobody().with("Authorization", "Basic x"))) {
          Reply reply =
              site.answer(
                  TestFront.request(
                      ROOT + "/init", body, caller.from("192.0.2." + front.notes.size() % 200)));
          assertThat(reply.status()).isEqualTo(403);
          assertThat(TestFront.text(reply)).isEqualTo(STRANGER);
          assertThat(reply.headers()).isEmpty();
        }
      }
      assertThat(front.notes)
          .hasSize(28)
          .allMatch(note -> note.denial() == Denial.UNKNOWN && note.client().isEmpty());
    }
  }

  @Test
  void takesPostsToItsResourcesAlone() throws Exception {
    Request get =
        new Request(
            "GET",
            ROOT + "/init",
            null,
            Map.of(),
            new byte[0],
            new InetSocketAddress("192.0.2.1", 1),
            TlsPeer.none(1));
    assertThat(site.answer(get).status()).isEqualTo(405);
    Request query =
        new Request(
            "POST",
            ROOT + "/init",
            "a=b",
            Map.of(),
            new byte[0],
            new InetSocketAddress("192.0.2.1", 1),
            TlsPeer.none(1));
    assertThat(site.answer(query).status()).isEqualTo(404);
    assertThat(site.answer(TestFront.request("/", new byte[0], Caller.nobody())).status())
        .isEqualTo(404);
    assertThat(
            site.answer(TestFront.request(ROOT + "/keyprov/SIP:a@b", new byte[0], Caller.nobody()))
                .status())
        .isEqualTo(404);
    assertThat(front.notes).isEmpty();
  }

  @Test
  void limitsAddressesAndClients() throws Exception {
    KmsSite strict = front.site(KmsFrontSettings.of(TestFront.BASE));
    int stranger = 0;
    while (strict.answer(TestFront.request(ROOT + "/init", new byte[0], Caller.nobody())).status()
        == 403) {
      stranger++;
    }
    assertThat(stranger).isEqualTo(40);
    byte[] init = request(front.clock.instant(), "kms.example.org", ALICE, "phone", "/init");
    int known = 0;
    while (strict
            .answer(
                TestFront.request(
                    ROOT + "/init", init, Caller.psk("alice-psk").from("192.0.2." + (2 + known))))
            .status()
        == 200) {
      known++;
    }
    assertThat(known).as("from however many addresses").isEqualTo(10);
    front.clock.pass(Duration.ofSeconds(2));
    init = request(front.clock.instant(), "kms.example.org", ALICE, "phone", "/init");
    assertThat(
            strict
                .answer(TestFront.request(ROOT + "/init", init, Caller.psk("alice-psk")))
                .status())
        .isEqualTo(200);
    assertThat(
            strict
                .answer(TestFront.request(ROOT + "/init", init, Caller.psk("alice-psk")))
                .status())
        .isEqualTo(429);
  }

  @Test
  void anIpv6HostIsOneAddress() throws Exception {
    KmsSite strict = front.site(KmsFrontSettings.of(TestFront.BASE));
    int answered = 0;
    for (int i = 0; i < 60; i++) {
      Reply reply =
          strict.answer(
              TestFront.request(
                  ROOT + "/init",
                  new byte[0],
                  Caller.nobody().from("2001:db8::" + Integer.toHexString(i + 1))));
      answered += reply.status() == 403 ? 1 : 0;
    }
    assertThat(answered).isEqualTo(40);
  }

  /// A flood from many addresses is not written down line by line.
  @Test
  void aFloodOfStrangersDoesNotFillTheLog() throws Exception {
    KmsSite strict = front.site(KmsFrontSettings.of(TestFront.BASE));
    int refused = 0;
    for (int i = 0; i < 2100; i++) {
      String address = "10.0." + i / 256 + "." + i % 256;
      Reply reply =
          strict.answer(
              TestFront.request(ROOT + "/init", new byte[0], Caller.nobody().from(address)));
      refused += reply.status() == 403 ? 1 : 0;
    }
    assertThat(refused).isEqualTo(2000);
    assertThat(front.notes).hasSize(200);
  }

  /// No answer holds a key that was not noted.
  @Test
  void givesNothingThatItCannotNote() throws Exception {
    site = front.site(settings().allowingClear());
    front.auditFails = true;
    byte[] body = request(front.clock.instant(), "kms.example.org", ALICE, "phone", "/keyprov");
    assertThatThrownBy(
            () -> site.answer(TestFront.request(ROOT + "/keyprov", body, Caller.psk("alice-psk"))))
        .isInstanceOf(IOException.class);
  }

  @Test
  void aTicketOutlivesAnIssuerThatIsDown() throws Exception {
    Issuer down =
        new Issuer() {
          @Override
          public KmsCertificate certificate() {
            return front.issuer.certificate();
          }

          @Override
          public MemberKeys issue(Identity who, KeyPeriod period, String device)
              throws IssuerUnreachable {
            throw new IssuerUnreachable("down");
          }

          @Override
          public void close() {}
        };
    try (EnrolmentTicket ticket =
            front.registry.tickets().make(ALICE, "phone", Duration.ofHours(1));
        TransportKeys keys = ticket.transportKeys()) {
      Caller bearer = Caller.nobody().with("Authorization", "Bearer " + ticket.bearer());
      KmsSite broken = front.site(down, settings());
      KmsRefusal refusal =
          refusal(() ->
              front
                  .client(broken, bearer, asker(ALICE, "phone", keys))
                  .keys(ALICE, down.certificate()));
      assertThat(refusal.kind()).isEqualTo(KmsRefusal.Kind.LATER);
      assertThat(front.notes.getLast().denial()).isEqualTo(Denial.ISSUER_UNREACHABLE);
      front
          .client(site, bearer, asker(ALICE, "phone", keys))
          .keys(ALICE, down.certificate())
          .close();
    }
  }

  @Test
  void vouchesForOthersCertificates() throws Exception {
    CertificateEntry other = CertificateEntry.external(TestKms.FOREIGN.certificate());
    KmsSite vouching = front.site(settings().vouchingFor(7, List.of(other)));
    KeyProvisioning client =
        front.client(vouching, Caller.psk("alice-psk"), asker(ALICE, "phone", null));
    assertThat(client.certificates(-1).certificates()).hasSize(2).contains(other);
    assertThat(client.certificates(6).cacheNum()).isEqualTo(7);
    assertThat(client.certificates(7).certificates()).as("nothing new").isEmpty();
    Asker asker = asker(ALICE, "phone", null);
    var one = asker.certificate("kms.elsewhere.org", front.clock.instant());
    Reply reply =
        vouching.answer(
            TestFront.request(
                URI.create(one.url()).getRawPath(), one.question(), Caller.psk("alice-psk")));
    assertThat(one.certificates(reply.status(), reply.body(), front.clock.instant()).certificates())
        .containsExactly(other);
    var none = asker.certificate("kms.nowhere.org", front.clock.instant());
    assertThat(
            vouching
                .answer(
                    TestFront.request(
                        URI.create(none.url()).getRawPath(),
                        none.question(),
                        Caller.psk("alice-psk")))
                .status())
        .isEqualTo(404);
  }

  @Test
  void notesHoldNoKey() throws Exception {
    site = front.site(settings().allowingClear());
    try (Provision got = keys(Caller.psk("alice-psk"), ALICE, ALICE)) {
      String notes = front.notes.toString().toLowerCase(Locale.ROOT);
      assertThat(notes).contains("sip:alice@example.org", "phone", "24322");
      assertThat(notes).doesNotContain(Secrets.hex(got.keys().getFirst().ssk()).substring(0, 16));
    }
  }

  private static KmsFrontSettings settings() {
    return KmsFrontSettings.of(TestFront.BASE)
        .limiting(new KmsFrontSettings.Rates(1000, 1000, 1000, 1000, 1000));
  }

  private static byte[] request(
      Instant time, String kmsUri, Identity user, String device, String resource) {
    return KmsRequest.of(user.uri(), kmsUri, time, device, TestFront.BASE + ROOT + resource)
        .write();
  }

  private int status(String resource, byte[] body) throws Exception {
    return site.answer(TestFront.request(ROOT + resource, body, Caller.psk("alice-psk"))).status();
  }

  private void says(Denial reason, String sentence, byte[] body) throws Exception {
    Reply reply = site.answer(TestFront.request(ROOT + "/init", body, Caller.psk("alice-psk")));
    assertThat(reply.status()).isEqualTo(reason.status());
    assertThat(TestFront.text(reply)).contains(sentence);
    assertThat(front.notes.getLast().denial()).isEqualTo(reason);
  }

  private void enrols(Caller caller, Identity who) throws Exception {
    keys(caller, who, who).close();
  }

  private void enrols(KmsSite at, Caller caller, Identity who) throws Exception {
    front
        .client(at, caller, asker(who, "phone", null))
        .keys(who, front.issuer.certificate())
        .close();
  }

  private Provision keys(Caller caller, Identity user, Identity who) throws Exception {
    return front
        .client(site, caller, asker(user, "phone", null))
        .keys(who, front.issuer.certificate());
  }

  private static KmsRefusal refusal(ThrowingCallable call) {
    return catchThrowableOfType(KmsRefusal.class, call);
  }
}
