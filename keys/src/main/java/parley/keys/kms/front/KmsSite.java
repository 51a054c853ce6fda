package parley.keys.kms.front;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import parley.keys.http.Reply;
import parley.keys.http.Request;
import parley.keys.http.RequestLimits;
import parley.keys.http.Site;
import parley.keys.kms.Issuer;
import parley.keys.kms.front.Decision.Denied;
import parley.keys.kms.front.Decision.Granted;
import parley.keys.kms.front.KmsClient.Way;
import parley.keys.kms.message.CertificateEntry;
import parley.keys.kms.message.KmsAnswer;
import parley.keys.kms.message.KmsKeyProv;
import parley.keys.kms.message.KmsResponse;
import parley.keys.kms.message.TransportKeys;
import parley.keys.kms.registry.HeldKeys;
import parley.keys.kms.registry.KmsRegistry;
import parley.keys.kms.registry.KmsUser;
import parley.keys.store.StoreException;
import parley.mikey.identity.Identity;
import parley.mikey.identity.KeyPeriod;

/// The HTTPS resources of a KMS (TS 33.180, D.2.1, and a letter box of our own), for an
/// [parley.keys.http] server.
///
/// The order is security: how often this address asks, which resource, who asks, how often that
/// client asks, and only then XML, signature, policy and the issuer. Strangers get one answer. A
/// client that is known is told what is wrong and what to do. Every answer is noted before it
/// leaves.
public final class KmsSite implements Site {
  private static final String XML = "application/xml; charset=utf-8";
  private static final int MOST_ASKERS = 16_384;
  private static final int STRANGERS_NOTED_AT_ONCE = 200;
  private static final double STRANGERS_NOTED_PER_SECOND = 5;

  private final Issuer issuer;
  private final KmsRegistry registry;
  private final KmsFrontSettings settings;
  private final KmsAudit audit;
  private final InstantSource clock;
  private final Reception reception;
  private final KeyPolicy policy;
  private final Provisioning provisioning;
  private final RequestLimits addresses;
  private final RequestLimits clients;
  private final RequestLimits strangers;
  private final RequestLimits notedStrangers;
  private final MessageDesk messages;

  /// @param ways in the order in which they are asked; [ByTunnel] before [ByCertificate]
  public KmsSite(
      Issuer issuer,
      KmsRegistry registry,
      List<WayToBeKnown> ways,
      KmsFrontSettings settings,
      KmsAudit audit,
      InstantSource clock) {
    this.issuer = issuer;
    this.registry = registry;
    this.settings = settings;
    this.audit = audit;
    this.clock = clock;
    reception = new Reception(ways, registry.transportKeys());
    policy = new KeyPolicy(issuer.certificate(), settings.ahead());
    provisioning = new Provisioning(issuer, registry, settings);
    KmsFrontSettings.Rates rates = settings.rates();
    addresses = limits(rates.addressBurst(), rates.addressPerSecond(), clock);
    clients = limits(rates.clientBurst(), rates.clientPerSecond(), clock);
    double perSecond = rates.strangersPerSecond();
    strangers = limits((int) (4 * perSecond), perSecond, clock);
    notedStrangers = limits(STRANGERS_NOTED_AT_ONCE, STRANGERS_NOTED_PER_SECOND, clock);
    messages =
        new MessageDesk(
            new LetterBox(issuer.certificate(), registry, clock),
            audit,
            strangers,
            notedStrangers,
            clock);
  }

  private static RequestLimits limits(int burst, double perSecond, InstantSource clock) {
    return new RequestLimits(burst, RequestLimits.perSecond(perSecond), MOST_ASKERS, clock);
  }

  @Override
  public Reply answer(Request request) throws StoreException, IOException {
    if (!addresses.admits(request.peer())) {
      return tooOften();
    }
    if (!request.method().equals("POST")) {
      return Reply.empty(405).with("Allow", "POST");
    }
    if (request.path().equals(MessageDesk.PATH) && request.query() == null) {
      return messages.answer(request);
    }
    Optional<Resource> resource = Resource.of(request.path());
    if (resource.isEmpty() || request.query() != null) {
      return Reply.empty(404);
    }
    Reception.Guest guest = reception.look(request);
    return guest.client() == null
        ? answerStranger(request, resource.get(), guest.otherwise())
        : answerKnown(request, resource.get(), guest.client());
  }

  private Reply answerStranger(Request request, Resource resource, Reply otherwise)
      throws StoreException, IOException {
    if (!strangers.admits("")) {
      return tooOften();
    }
    Optional<KmsClient> signer = reception.signer(request);
    if (signer.isPresent()) {
      return answerKnown(request, resource, signer.get());
    }
    if (notedStrangers.admits("")) {
      noteStranger(request, resource);
    }
    return otherwise;
  }

  /// Noted as often as an operator reads: a flood of strangers must not fill the disk.
  private void noteStranger(Request request, Resource resource) throws IOException {
    Identity wished = resource instanceof Resource.KeyProv keys ? keys.who() : null;
    audit.note(
        new KmsEvent(
            clock.instant(),
            peer(request),
            null,
            "",
            "",
            name(resource),
            wished == null ? "" : wished.uri(),
            "",
            null,
            Denial.UNKNOWN));
  }

  private Reply answerKnown(Request request, Resource resource, KmsClient client)
      throws StoreException, IOException {
    try {
      return clients.admits(client.user().uri()) ? answer(request, resource, client) : tooOften();
    } finally {
      if (client.keys() != null) {
        client.keys().close();
      }
    }
  }

  static Reply tooOften() {
    return Reply.empty(429).with("Retry-After", "10");
  }

  /// The answer to a client that is known.
  private Reply answer(Request request, Resource resource, KmsClient client)
      throws StoreException, IOException {
    Instant now = clock.instant();
    Line line = new Line(now, request, resource, client);
    try (KnownRequest read = KnownRequest.read(request, client, registry.transportKeys())) {
      try {
        read.require(client, issuer.certificate().kmsUri(), settings, request, now);
        requireNoRevocations(read);
        return answer(request, resource, client, read, line);
      } catch (Refused e) {
        audit.note(line.denied(e.reason()));
        KmsAnswer error = new KmsAnswer.KmsError(e.reason().status(), e.sentence());
        return reply(e.reason().status(), read, error, now);
      }
    } catch (Refused e) {
      audit.note(line.denied(e.reason()));
      return Reply.text(e.reason().status(), e.sentence());
    }
  }

  private static void requireNoRevocations(KnownRequest read) throws Refused {
    if (read.content().bringsRevocations()) {
      throw new Refused(
          Denial.NOT_TAKEN,
          "this KMS takes no key revocations over this interface; tell its operator");
    }
  }

  private Reply answer(
      Request request, Resource resource, KmsClient client, KnownRequest read, Line line)
      throws Refused, StoreException, IOException {
    KmsUser user = user(client);
    return switch (resource) {
      case Resource.KeyProv keys -> provide(request, keys, client, user, read, line);
      case Resource.Init _ ->
          given(read, new KmsAnswer.KmsInit(CertificateEntry.root(issuer.certificate())), line);
      case Resource.CertCache cache -> {
        boolean isCurrent = cache.has() == settings.cacheNum();
        List<CertificateEntry> news = isCurrent ? List.of() : certificates();
        yield given(read, new KmsAnswer.KmsCertCache(settings.cacheNum(), news), line);
      }
      case Resource.Cert one ->
          given(
              read,
              new KmsAnswer.KmsCertCache(settings.cacheNum(), List.of(certificate(one.kmsUri()))),
              line);
    };
  }

  /// The client as the registry has it, which a client always is: its names are of the registry.
  private KmsUser user(KmsClient client) throws StoreException, Refused {
    Optional<KmsUser> user = registry.users().find(client.user());
    if (user.isEmpty()) {
      throw new Refused(Denial.UNKNOWN, "not known to this KMS");
    }
    return user.get();
  }

  private List<CertificateEntry> certificates() {
    List<CertificateEntry> all = new ArrayList<>();
    all.add(CertificateEntry.root(issuer.certificate()));
    all.addAll(settings.certificates());
    return all;
  }

  private CertificateEntry certificate(String kmsUri) throws Refused {
    for (CertificateEntry entry : certificates()) {
      if (entry.certificate().kmsUri().equals(kmsUri)) {
        return entry;
      }
    }
    throw new Refused(
        Denial.NO_SUCH_CERTIFICATE, "this KMS vouches for no KMS of that URI; ask its operator");
  }

  private Reply given(KnownRequest read, KmsAnswer answer, Line line) throws IOException {
    audit.note(line.given());
    return reply(200, read, answer, line.time());
  }

  private Reply provide(
      Request request,
      Resource.KeyProv asked,
      KmsClient client,
      KmsUser user,
      KnownRequest read,
      Line line)
      throws Refused, StoreException, IOException {
    Wish wish = new Wish(asked.who(), asked.at(), read.device());
    Granted granted =
        switch (policy.decide(user, wish, line.time())) {
          case Granted yes -> yes;
          case Denied no -> throw new Refused(no.reason(), no.sentence());
        };
    if (read.held() != null && read.isSigned()) {
      registry.transportKeys().used(read.held());
    }
    try (KmsKeyProv made = provisioning.provide(granted, read, client.user(), line.time())) {
      KmsKeyProv provision = withTicketUsed(made, request, client, read);
      for (KeyPeriod period : granted.periods()) {
        audit.note(line.issued(granted, period));
      }
      return reply(200, read, new KmsAnswer.KeyProv(provision), line.time());
    }
  }

  /// After the issuer, so that a ticket is not lost to an issuer that is down; before the answer,
  /// so that one of two wins. The device gets transport keys in the place of the ticket's.
  private KmsKeyProv withTicketUsed(
      KmsKeyProv made, Request request, KmsClient client, KnownRequest read)
      throws Refused, StoreException {
    TransportKeys keys = read.keys();
    if (client.way() != Way.TICKET || keys == null) {
      return made;
    }
    Optional<HeldKeys> fresh = registry.tickets().use(ByTicket.bearer(request));
    if (fresh.isEmpty()) {
      throw new Refused(
          Denial.TICKET_USED, "the enrolment ticket has been used; ask the operator for another");
    }
    try (HeldKeys own = fresh.get()) {
      return made.replacing(keys, own.keys());
    }
  }

  private static Reply reply(int status, KnownRequest read, KmsAnswer answer, Instant now) {
    KmsResponse response = KmsResponse.to(read.content(), now, answer);
    TransportKeys keys = read.keys();
    return Reply.of(status, XML, keys == null ? response.write() : response.sign(keys));
  }

  static String peer(Request request) {
    InetAddress address = request.peer().getAddress();
    return address == null ? "" : address.getHostAddress();
  }

  private static String name(Resource resource) {
    return switch (resource) {
      case Resource.Init _ -> "init";
      case Resource.KeyProv _ -> "keyprov";
      case Resource.CertCache _ -> "certcache";
      case Resource.Cert _ -> "cert";
    };
  }

  /// What the audit log's lines for one request have in common.
  private record Line(Instant time, Request request, Resource resource, KmsClient client) {
    KmsEvent denied(Denial why) {
      return event("", null, why);
    }

    KmsEvent given() {
      return event("", null, null);
    }

    KmsEvent issued(Granted granted, KeyPeriod period) {
      return event(granted.device(), period.number(), null);
    }

    private KmsEvent event(String device, @Nullable Long period, @Nullable Denial denial) {
      Identity who = resource instanceof Resource.KeyProv keys ? keys.who() : null;
      return new KmsEvent(
          time,
          peer(request),
          client.way(),
          client.name(),
          client.user().uri(),
          name(resource),
          who == null ? client.user().uri() : who.uri(),
          device,
          period,
          denial);
    }
  }
}
