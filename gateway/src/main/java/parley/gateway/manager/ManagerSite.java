package parley.gateway.manager;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import parley.gateway.admin.ControlRefused;
import parley.keys.http.Reply;
import parley.keys.http.Request;
import parley.keys.http.RequestLimits;
import parley.keys.http.Site;
import parley.keys.manager.GmkMessage;
import parley.keys.manager.ManagerClient;
import parley.keys.manager.QuestionOutcome;
import parley.keys.manager.RegistrationRefusal;
import parley.keys.manager.SignatureGate;
import parley.keys.member.KeysMissing;
import parley.keys.vault.VaultException;
import parley.mikey.group.UnverifiedRegistration;
import parley.mikey.message.DataType;
import parley.mikey.message.MalformedMessage;
import parley.mikey.transport.MikeyBody;
import tools.jackson.databind.json.JsonMapper;

/// `POST /mikey` over HTTPS: registrations, questions and receipts of members (wire profile,
/// section 10). The message says what it is.
///
/// The order is security: how often this address asks, what it says, how many signatures may be
/// verified at all, the signature, how often this UE asks; and only then the loop looks at groups
/// and members. Whatever the reason, a message that is not followed has the same answer. A receipt
/// is taken without a word of what it proves.
final class ManagerSite implements Site {
  private static final int ADDRESS_BURST = 40;
  private static final double ADDRESS_PER_SECOND = 10;
  private static final int MEMBER_BURST = 10;
  private static final double MEMBER_PER_SECOND = 0.5;
  private static final int SIGNATURE_BURST = 2000;
  private static final double SIGNATURES_PER_SECOND = 500;
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final String ALL = "";

  private final ManagerLoop loop;
  private final ManagerGroups groups;
  private final ManagerNotes notes;
  private final boolean needsCertificate;
  private final InstantSource clock;
  private final SignatureGate gate;
  private final RequestLimits addresses;
  private final RequestLimits signatures;
  private final RequestLimits members;

  /// @param needsCertificate whether only clients are served whose certificate TLS has verified
  ManagerSite(
      ManagerLoop loop,
      ManagerGroups groups,
      ManagerNotes notes,
      boolean needsCertificate,
      InstantSource clock) {
    this.loop = loop;
    this.groups = groups;
    this.notes = notes;
    this.needsCertificate = needsCertificate;
    this.clock = clock;
    this.gate = new SignatureGate(clock);
    this.addresses = limits(ADDRESS_BURST, ADDRESS_PER_SECOND);
    this.signatures = limits(SIGNATURE_BURST, SIGNATURES_PER_SECOND);
    this.members = limits(MEMBER_BURST, MEMBER_PER_SECOND);
  }

  private RequestLimits limits(int burst, double perSecond) {
    return new RequestLimits(burst, RequestLimits.perSecond(perSecond), clock);
  }

  @Override
  public Reply answer(Request request) throws VaultException, InterruptedException {
    if (!addresses.admits(request.peer())) {
      return tooOften();
    } else if (!request.path().equals(ManagerClient.PATH) || request.query() != null) {
      return Reply.empty(404);
    } else if (!request.method().equals("POST")) {
      return Reply.empty(405).with("Allow", "POST");
    } else if (needsCertificate && request.certificate() == null) {
      return Reply.text(403, "this manager serves clients with a certificate of its authority");
    }
    String type = request.header("content-type");
    if (type == null || !MikeyBody.isType(type)) {
      return Reply.text(415, "the body is a MIKEY message: Content-Type application/mikey");
    } else if (request.body().length > MikeyBody.MAX_OCTETS) {
      return Reply.text(413, "no MIKEY message is that long");
    }
    byte[] octets = request.body().clone();
    if (octets.length > 1 && octets[1] == DataType.PRE_SHARED_KEY_VERIFICATION.code()) {
      loop.receipt(octets);
      return Reply.empty(202);
    }
    return signed(octets, request.peer());
  }

  private static Reply tooOften() {
    return Reply.text(429, "asked too often; ask again later").with("Retry-After", "10");
  }

  private Reply signed(byte[] octets, InetSocketAddress peer)
      throws VaultException, InterruptedException {
    UnverifiedRegistration message;
    try {
      message = UnverifiedRegistration.read(octets);
    } catch (MalformedMessage e) {
      loop.counters().countRefused(RegistrationRefusal.MALFORMED);
      return Reply.text(400, "no registration, question or receipt: " + e.getMessage());
    }
    if (!signatures.admits(ALL)) {
      return tooOften();
    }
    Optional<RegistrationRefusal> refusal = gate.refusal(message, groups.kms());
    if (refusal.isPresent()) {
      loop.execute(() -> loop.refused(refusal.get(), message.toString(), peer));
      return refused();
    } else if (!members.admits(message.ue().uri())) {
      return tooOften();
    }
    return message.verb().bringsAddress() ? register(octets, peer) : ask(message, peer);
  }

  /// The same words for everybody; whoever is a member finds in them what to look at.
  private Reply refused() {
    return Reply.text(
        403,
        ("not followed. This manager's clock says %s: is yours right, and T later than in the"
                + " message before? Is the group managed here, is this UE in its members list, and"
                + " does it sign with its keys of this period?")
            .formatted(clock.instant()));
  }

  private Reply register(byte[] octets, InetSocketAddress peer)
      throws VaultException, InterruptedException {
    CompletableFuture<Optional<byte[]>> answer = loop.registration(octets, peer);
    try {
      return answer
          .get(PATIENCE.toSeconds(), TimeUnit.SECONDS)
          .map(said -> Reply.of(200, MikeyBody.CONTENT_TYPE, said))
          .orElseGet(this::refused);
    } catch (TimeoutException | ExecutionException _) {
      return later();
    }
  }

  private static Reply later() {
    return Reply.text(503, "this manager cannot write at the moment; ask again later")
        .with("Retry-After", "10");
  }

  private Reply ask(UnverifiedRegistration message, InetSocketAddress peer) throws VaultException {
    try {
      return loop.call(() -> answer(message, peer));
    } catch (KeysMissing | ControlRefused e) {
      throw new IllegalStateException("a question is refused by an answer", e);
    }
  }

  /// On the loop.
  private Reply answer(UnverifiedRegistration message, InetSocketAddress peer)
      throws VaultException {
    Optional<ManagedGroup> group = groups.find(message.group());
    QuestionOutcome outcome =
        group.isEmpty()
            ? new QuestionOutcome.Refused(RegistrationRefusal.WRONG_GROUP, message.toString())
            : group.get().manager().ask(message);
    return switch (outcome) {
      case QuestionOutcome.Waiting waiting -> {
        loop.counters().countPull();
        yield messages(message, waiting.messages());
      }
      case QuestionOutcome.Listed listed -> {
        loop.counters().countList();
        notes.given(listed.ue(), "members", message.group(), "given: " + listed.list().version());
        yield Reply.of(200, "application/octet-stream", listed.list().octets());
      }
      case QuestionOutcome.Refused(var reason, var detail) -> {
        loop.refused(reason, detail, peer);
        yield refused();
      }
    };
  }

  private Reply messages(UnverifiedRegistration message, List<GmkMessage> waiting) {
    List<GmkMessage> newest =
        waiting.subList(Math.max(0, waiting.size() - ManagerClient.MOST_MESSAGES), waiting.size());
    if (!newest.isEmpty()) {
      notes.given(
          message.ue(), "pull", message.group(), "given: %d messages".formatted(newest.size()));
    }
    List<String> encoded =
        newest.stream().map(one -> Base64.getEncoder().encodeToString(one.octets())).toList();
    return Reply.of(
        200,
        "application/json",
        JsonMapper.shared().writeValueAsBytes(Map.of("messages", encoded)));
  }
}
