package parley.gateway.manager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.gateway.config.ConfigFile;
import parley.gateway.system.Await;
import parley.keys.FreePort;
import parley.keys.http.HttpLimits;
import parley.keys.http.HttpsServer;
import parley.keys.http.Reply;
import parley.keys.http.Request;
import parley.keys.http.ServerTls;
import parley.keys.http.Site;
import parley.keys.http.TlsRefused;
import parley.keys.manager.Delivery;
import parley.keys.manager.ManagerClient;
import parley.keys.manager.RegistrationRefusal;
import parley.keys.member.GmkAcceptance;
import parley.mikey.group.RegistrationVerb;
import parley.mikey.group.UnverifiedGmkDistribution;
import parley.mikey.identity.Identity;
import parley.mikey.message.MalformedMessage;
import parley.mikey.transport.MikeyBody;

/// A manager that members reach over HTTPS, with real sockets and with `curl`.
class ManagerHttpsTest {
  private static final Identity GROUP = UeSwarm.GROUP;

  @TempDir Path folder;
  private ManagerLab lab;

  @BeforeEach
  void prepare() throws Exception {
    lab = new ManagerLab(folder, 3, GROUP, "");
  }

  @AfterEach
  void end() throws Exception {
    lab.close();
  }

  private Identity ue(int i) {
    return lab.swarm().ues().get(i);
  }

  private Delivery.State state(Identity ue) {
    return lab.server().deliveries(GROUP).stream()
        .filter(delivery -> delivery.ue().equals(ue))
        .map(Delivery::state)
        .findFirst()
        .orElse(Delivery.State.PENDING); // its message is not made yet
  }

  private void awaitConfirmed(Identity ue) throws Exception {
    Await.until(ue + " confirmed", () -> state(ue) == Delivery.State.CONFIRMED);
  }

  /// The first GMK is made by the plan of `on-demand` when nobody has one.
  private void awaitMessages() throws Exception {
    Await.until("messages are made", () -> lab.server().deliveries(GROUP).size() == 3);
  }

  @Test
  void whoRegistersOverHttpsIsReachedByUdp() throws Exception {
    lab.start();
    try (ManagerClient client = lab.client(ue(0))) {
      assertThat(client.register(lab.swarm().address())).hasHours(1);
      Await.until("it has come", () -> lab.swarm().accepted(ue(0)).size() == 1);
      awaitConfirmed(ue(0));
      client.register(lab.swarm().address());
    }
    assertThat(lab.server().counters().registrations()).isEqualTo(2);
    lab.stop();
    assertThat(lab.audit())
        .filteredOn(line -> line.contains("register"))
        .as("who says again where it is makes no line")
        .singleElement()
        .asString()
        .startsWith(ue(0) + ": register " + GROUP + " 127.0.0.1:")
        .endsWith(": done");
  }

  @Test
  void pullsWhatWaitsAndConfirmsIt() throws Exception {
    lab.start();
    awaitMessages();
    try (ManagerClient client = lab.client(ue(1))) {
      List<byte[]> waiting = client.pull();
      assertThat(waiting).hasSize(1);
      var accepted = (GmkAcceptance.Accepted) lab.swarm().member(ue(1)).accept(waiting.getFirst());
      client.receipt(accepted.receipt());
      awaitConfirmed(ue(1));
      assertThat(client.pull()).isEmpty();
    }
    assertThat(state(ue(2))).isEqualTo(Delivery.State.PENDING);
    lab.stop();
    assertThat(lab.audit())
        .contains("%s: pull %s: given: 1 messages".formatted(ue(1), GROUP))
        .anyMatch(line -> line.startsWith("manager: make GMK " + GROUP));
  }

  @Test
  void curlPullsOnce() throws Exception {
    lab.start();
    awaitMessages();
    Path question = lab.question("pull", ue(0), GROUP, RegistrationVerb.PULL);
    assertThat(lab.post(question)).startsWith("{\"messages\":[\"A").endsWith("200");
    assertThat(lab.post(question)).as("a copy").endsWith("403");
    assertThat(lab.server().counters().refused(RegistrationRefusal.DUPLICATE)).isEqualTo(1);
    assertThat(lab.curl(lab.https().resolve("/mikey"))).endsWith("405");
    assertThat(lab.curl(lab.https().resolve("/other"))).endsWith("404");
    assertThat(lab.curl("-d", "x", lab.https().resolve("/mikey"))).endsWith("415");
    Path junk = Files.write(folder.resolve("junk"), new byte[300]);
    assertThat(lab.post(junk)).contains("no registration, question or receipt").endsWith("400");
    Path huge = Files.write(folder.resolve("huge"), new byte[MikeyBody.MAX_OCTETS + 1]);
    assertThat(lab.post(huge)).endsWith("413");
  }

  /// Unknown group, no member, wrong signature, another's word: nobody hears which it is.
  @Test
  void everyRefusalIsTheSame() throws Exception {
    Instant now = Instant.now();
    lab.clock(() -> now);
    lab.start();
    lab.swarm().writeMembers(List.of(ue(0)));
    lab.server().reload(ConfigFile.readManager(lab.config()));
    Path elsewhere =
        lab.question(
            "elsewhere", ue(0), new Identity("sip:police@example.org"), RegistrationVerb.PULL);
    Path stranger = lab.question("stranger", ue(1), GROUP, RegistrationVerb.PULL);
    Path forged = lab.question("forged", ue(0), GROUP, RegistrationVerb.PULL);
    byte[] octets = Files.readAllBytes(forged);
    octets[octets.length - 100] ^= 1;
    Files.write(forged, octets);
    String said = lab.post(stranger);
    assertThat(said).contains("This manager's clock says " + now).endsWith("403");
    assertThat(lab.post(elsewhere)).isEqualTo(said);
    assertThat(lab.post(forged)).isEqualTo(said);
    Await.until(
        "each has its counter",
        () ->
            List.of(
                    RegistrationRefusal.WRONG_GROUP,
                    RegistrationRefusal.NOT_A_MEMBER,
                    RegistrationRefusal.BAD_SIGNATURE)
                .stream()
                .allMatch(reason -> lab.server().counters().refused(reason) == 1));
  }

  /// On a clock that stands still exactly the burst is looked at, whatever the machine does.
  @Test
  void aFloodIsRefusedBeforeAnySignature() throws Exception {
    Instant now = Instant.now();
    lab.clock(() -> now);
    lab.start();
    Path forged = lab.question("forged", ue(0), GROUP, RegistrationVerb.PULL);
    byte[] octets = Files.readAllBytes(forged);
    octets[octets.length - 100] ^= 1;
    Files.write(forged, octets);
    List<Object> words = new ArrayList<>();
    words.addAll(List.of("-H", "Content-Type: application/mikey", "--data-binary", "@" + forged));
    words.addAll(Collections.nCopies(100, lab.https().resolve(ManagerClient.PATH)));
    List<String> said = lab.curl(words.toArray()).lines().toList();
    assertThat(Collections.frequency(said, "403")).isEqualTo(40);
    assertThat(Collections.frequency(said, "429")).isEqualTo(60);
    Await.until("all are counted", () -> badSignatures() == 40);
    assertThat(lab.post(forged)).endsWith("429");
    assertThat(badSignatures()).isEqualTo(40);
  }

  private long badSignatures() {
    return lab.server().counters().refused(RegistrationRefusal.BAD_SIGNATURE);
  }

  @Test
  void pushesOverHttpsToWhomItsAuthorityCertified() throws Exception {
    lab.close();
    var taken = new AtomicInteger();
    Identity pushed = new Identity("sip:ue0000@example.org");
    var receiver = new Receiver(taken);
    try (HttpsServer https =
        HttpsServer.start(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            this::serverTls,
            HttpLimits.standard(),
            receiver)) {
      String way =
          "    ways: {'%s': {url: 'https://127.0.0.1:%d/mikey', ca: ca.pem}}\n"
              .formatted(pushed, https.local().getPort());
      lab = new ManagerLab(Files.createDirectory(folder.resolve("push")), 3, GROUP, way);
      lab.start();
      awaitConfirmed(pushed);
      assertThat(taken.get()).isPositive();

      lab.stop();
      int before = taken.get();
      Files.writeString(lab.config(), Files.readString(lab.config()).replace(", ca: ca.pem", ""));
      lab.start();
      try (ManagerClient client = lab.client(ue(1))) {
        var _ = client.pull();
      }
      lab.curl(
          "-X", "POST", lab.api() + "/api/v1/groups/" + ManagerApiTest.encoded(GROUP) + "/rekey");
      Await.until("nothing gets through", () -> lab.server().counters().unsent() > 0);
      assertThat(taken.get()).as("a server of nobody known").isEqualTo(before);
    }
  }

  /// A letter box says when it wants to hear of a message again; a UE that only says nothing is
  /// asked as before. A newer message goes out at once.
  @Test
  void sparesWhoKeepsAMessageAndHoldsTheReceiptPending() throws Exception {
    lab.close();
    var box = new Box();
    try (HttpsServer https =
        HttpsServer.start(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            this::serverTls,
            HttpLimits.standard(),
            box)) {
      String way =
          "{url: 'https://127.0.0.1:%d/mikey', ca: ca.pem}".formatted(https.local().getPort());
      String ways =
          "    ways: {'sip:ue0000@example.org': %s, 'sip:ue0001@example.org': %s}\n"
              .formatted(way, way);
      lab = new ManagerLab(Files.createDirectory(folder.resolve("box")), 2, GROUP, ways);
      lab.start();
      Await.until("one is asked again and again", () -> box.taken(ue(1)) >= 4);
      assertThat(box.taken(ue(0))).isEqualTo(1);
      assertThat(state(ue(0))).isEqualTo(Delivery.State.PENDING);

      lab.curl(
          "-X", "POST", lab.api() + "/api/v1/groups/" + ManagerApiTest.encoded(GROUP) + "/rekey");
      Await.until("the new GMK is left", () -> box.taken(ue(0)) == 2);
      int before = box.taken(ue(1));
      Await.until("the other one is asked again", () -> box.taken(ue(1)) >= before + 3);
      assertThat(box.taken(ue(0))).isEqualTo(2);
    }
  }

  /// The GMK of now is refused, and the next one goes out all the same.
  @Test
  void aMessageThatIsNotTakenDoesNotHoldUpTheNextOne() throws Exception {
    lab.close();
    Set<Integer> seen = ConcurrentHashMap.newKeySet();
    Site refusing =
        request -> {
          seen.add(Arrays.hashCode(request.body()));
          return Reply.empty(403);
        };
    try (HttpsServer https =
        HttpsServer.start(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            this::serverTls,
            HttpLimits.standard(),
            refusing)) {
      String way =
          "    ways: {'sip:ue0000@example.org': {url: 'https://127.0.0.1:%d/mikey', ca: ca.pem}}\n"
              .formatted(https.local().getPort());
      lab = new ManagerLab(Files.createDirectory(folder.resolve("two")), 1, GROUP, way);
      Files.writeString(
          lab.config(),
          Files.readString(lab.config())
              .replace("gmk: on-demand", "gmk: {every: 1h, ahead: 3599s, overlap: 1h}"));
      lab.start();
      Await.until("the next GMK is made", () -> lab.server().deliveries(GROUP).size() >= 2);
      Await.until("both go out", () -> seen.size() >= 2);
    }
  }

  private ServerTls serverTls() {
    try {
      return ServerTls.load(
          lab.file("server.pem"), lab.file("server-key.pem"), null, Instant.now());
    } catch (TlsRefused e) {
      throw new AssertionError(e);
    }
  }

  /// Takes every message without a receipt, and keeps those of the first UE.
  private final class Box implements Site {
    private final Map<Identity, AtomicInteger> taken = new ConcurrentHashMap<>();

    int taken(Identity ue) {
      return taken.computeIfAbsent(ue, _ -> new AtomicInteger()).get();
    }

    @Override
    public Reply answer(Request request) throws MalformedMessage {
      Identity ue = UnverifiedGmkDistribution.read(request.body()).responder();
      taken.computeIfAbsent(ue, _ -> new AtomicInteger()).incrementAndGet();
      Reply reply = Reply.empty(202);
      return ue.equals(ue(0)) ? reply.with("Retry-After", "3600") : reply;
    }
  }

  /// A UE behind an HTTPS server.
  private final class Receiver implements Site {
    private final AtomicInteger taken;

    Receiver(AtomicInteger taken) {
      this.taken = taken;
    }

    @Override
    public Reply answer(Request request) {
      taken.incrementAndGet();
      byte[] receipt =
          switch (lab.swarm().member(ue(0)).accept(request.body().clone())) {
            case GmkAcceptance.Accepted accepted -> accepted.receipt();
            case GmkAcceptance.Repeated repeated -> repeated.receipt();
            case GmkAcceptance.Invited _, GmkAcceptance.Refused _ -> new byte[0];
          };
      return Reply.of(200, MikeyBody.CONTENT_TYPE, receipt);
    }
  }

  @Test
  void twoManagersOfDifferentGroupsKnowNothingOfEachOther() throws Exception {
    var police = new Identity("sip:police@example.org");
    lab.start();
    try (var other = new ManagerLab(Files.createDirectory(folder.resolve("p")), 1, police, "")) {
      other.start();
      Identity theirs = other.swarm().ues().getFirst();
      try (ManagerClient here = lab.client(ue(0));
          ManagerClient there = other.client(theirs)) {
        here.register(lab.swarm().address());
        there.register(other.swarm().address());
        Await.until("ours", () -> lab.swarm().accepted(ue(0)).size() == 1);
        Await.until("theirs", () -> other.swarm().accepted(theirs).size() == 1);
      }
      assertThat(other.server().deliveries(GROUP)).isEmpty();
      Path question = other.question("q", theirs, police, RegistrationVerb.MEMBERS);
      assertThat(lab.post(question)).endsWith("403");
    }
  }

  /// Its keys are in its vault, so the KMS may be gone.
  @Test
  void runsWithoutItsKms() throws Exception {
    int nobody = FreePort.tcp();
    Files.writeString(folder.resolve("ticket"), "");
    Files.writeString(
        lab.config(),
        """
        kms: {url: "https://127.0.0.1:%d", uri: kms.example.org, ca: ca.pem, ticket: ticket,
              identity: "sip:manager@example.org"}
        """
                .formatted(nobody)
            + Files.readString(lab.config()));
    lab.start();
    try (ManagerClient client = lab.client(ue(0))) {
      client.register(lab.swarm().address());
      awaitConfirmed(ue(0));
    }
  }

  @Test
  void asksForACertificateWhereItIsToldTo() throws Exception {
    Files.writeString(
        lab.config(),
        Files.readString(lab.config())
            .replace("key: server-key.pem}", "key: server-key.pem, client-ca: ca.pem}"));
    lab.start();
    Path question = lab.question("q", ue(0), GROUP, RegistrationVerb.PULL);
    assertThat(lab.post(question)).contains("certificate of its authority").endsWith("403");
    URI there = lab.https().resolve("/mikey");
    assertThat(
            lab.curl(
                "--cert",
                lab.file("server.pem"),
                "--key",
                lab.file("server-key.pem"),
                "-H",
                "Content-Type: application/mikey",
                "--data-binary",
                "@" + question,
                there))
        .endsWith("200");
  }

  @Test
  void aClientTellsWhyItWasRefused() throws Exception {
    lab.start();
    lab.clock(() -> Instant.now().plusSeconds(600));
    try (ManagerClient client = lab.client(ue(0))) {
      assertThatThrownBy(client::pull)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("answers 403: not followed. This manager's clock says");
    }
    lab.clock(InstantSource.system());
  }
}
