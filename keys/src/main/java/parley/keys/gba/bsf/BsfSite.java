package parley.keys.gba.bsf;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.EnumSet;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.keys.gba.aka.AgreedKeys;
import parley.keys.gba.aka.SubscriberKey;
import parley.keys.gba.bsf.Bsf.Bootstrapped;
import parley.keys.gba.bsf.BsfEvent.Act;
import parley.keys.gba.bsf.BsfEvent.Outcome;
import parley.keys.gba.digest.AuthenticationInfo;
import parley.keys.gba.digest.DigestAlgorithm;
import parley.keys.gba.digest.DigestChallenge;
import parley.keys.gba.digest.DigestCredentials;
import parley.keys.gba.digest.DigestCredentials.Freshness;
import parley.keys.gba.digest.MalformedDigest;
import parley.keys.gba.digest.Qop;
import parley.keys.gba.hss.Hss;
import parley.keys.gba.hss.Impi;
import parley.keys.gba.hss.IssuedChallenge;
import parley.keys.http.Reply;
import parley.keys.http.Request;
import parley.keys.http.RequestLimits;
import parley.keys.http.Site;
import parley.keys.store.StoreException;
import parley.mikey.secret.SecretBytes;

/// Ub (TS 24.109, 4): `GET /` with HTTP Digest AKA, inside TLS alone.
///
/// Whoever names an identity gets a challenge, and after every answer but the right one the next
/// challenge: a stranger, a wrong RES, a copied answer and an old nonce look alike. Limits come
/// first, then grammar, then the MAC of the nonce, then the computations of AKA.
public final class BsfSite implements Site {
  public static final String CONTENT_TYPE = "application/vnd.3gpp.bsf+xml";

  private static final Logger LOG = LoggerFactory.getLogger(BsfSite.class);
  private static final int MOST_NONCE_CHARACTERS = 128;
  private static final int BAD_REQUEST = 400;
  private static final int UNAUTHORIZED = 401;
  private static final int FORBIDDEN = 403;
  private static final int NOT_FOUND = 404;
  private static final int NOT_ALLOWED = 405;
  private static final int TOO_MANY = 429;

  private final Bsf bsf;
  private final Hss hss;
  private final RequestLimits peers;
  private final RequestLimits identities;
  private final RequestLimits resynchronisations;
  private final BsfAudit audit;

  private BsfSite(
      Bsf bsf,
      Hss hss,
      RequestLimits peers,
      RequestLimits identities,
      RequestLimits resynchronisations,
      BsfAudit audit) {
    this.bsf = bsf;
    this.hss = hss;
    this.peers = peers;
    this.identities = identities;
    this.resynchronisations = resynchronisations;
    this.audit = audit;
  }

  /// With the usual limits: a peer may ask 40 times at once and ten times a second, an identity be
  /// named 20 times at once and once in two seconds, and resynchronise three times at once and once
  /// in a minute. So a stranger needs years to drive SEQ 2^28 ahead of its USIM, half a year if it
  /// makes each challenge cost a block; then one resynchronisation brings it back.
  public static BsfSite of(Bsf bsf, Hss hss, InstantSource clock) {
    return of(bsf, hss, new RequestLimits(40, Duration.ofMillis(100), clock), clock);
  }

  /// The same with another limit for a peer, where many UEs share one address.
  public static BsfSite of(Bsf bsf, Hss hss, RequestLimits peers, InstantSource clock) {
    return of(
        bsf,
        hss,
        peers,
        new RequestLimits(20, Duration.ofSeconds(2), clock),
        new RequestLimits(3, Duration.ofMinutes(1), clock));
  }

  /// With limits of one's own.
  public static BsfSite of(
      Bsf bsf,
      Hss hss,
      RequestLimits peers,
      RequestLimits identities,
      RequestLimits resynchronisations) {
    return new BsfSite(bsf, hss, peers, identities, resynchronisations, BsfAudit.none());
  }

  /// The same, noting what it gives and refuses.
  public BsfSite noting(BsfAudit notes) {
    return new BsfSite(bsf, hss, peers, identities, resynchronisations, notes);
  }

  @Override
  public Reply answer(Request request) throws StoreException, IOException {
    if (request.tls().protocol().isEmpty()) {
      return Reply.text(FORBIDDEN, "bootstrapping is served over HTTPS alone");
    } else if (!peers.admits(request.peer())) {
      note(Act.BOOTSTRAP, Outcome.TOO_MANY, request, "", "");
      return tooMany();
    } else if (!request.path().equals("/") || request.query() != null) {
      return Reply.text(NOT_FOUND, "bootstrapping is at /");
    } else if (!request.method().equals("GET")) {
      return Reply.text(NOT_ALLOWED, "bootstrapping is a GET").with("Allow", "GET");
    }
    String authorization = request.header("authorization");
    if (authorization == null) {
      return Reply.text(BAD_REQUEST, "name the private identity in one Authorization: Digest");
    }
    try {
      return answer(DigestCredentials.parse(authorization), request);
    } catch (MalformedDigest e) {
      note(Act.BOOTSTRAP, Outcome.MALFORMED, request, "", "");
      return Reply.text(BAD_REQUEST, "the Authorization is not of HTTP Digest: " + e.getMessage());
    }
  }

  private static Reply tooMany() {
    return Reply.text(TOO_MANY, "too many requests; try again later").with("Retry-After", "60");
  }

  private void note(Act act, Outcome outcome, Request request, String impi, String tid)
      throws IOException {
    audit.note(BsfEvent.onUb(act, outcome, BsfEvent.asker(request), impi, tid));
  }

  private Reply answer(DigestCredentials said, Request request) throws StoreException, IOException {
    String impi = said.username();
    if (!said.realm().equals(bsf.fqdn().name()) || !said.uri().equals("/")) {
      return Reply.text(BAD_REQUEST, "this is the BSF %s, and its uri is /".formatted(bsf.fqdn()));
    } else if (!Impi.isOne(impi)) {
      return Reply.text(BAD_REQUEST, "a private identity is user@realm");
    } else if (!identities.admits(impi)) {
      note(Act.BOOTSTRAP, Outcome.TOO_MANY, request, impi, "");
      return tooMany();
    } else if (said.nonce().isEmpty()) {
      return challenge(impi, false);
    }
    Freshness freshness = said.freshness();
    if (said.algorithm() != DigestAlgorithm.AKAV1_MD5
        || freshness == null
        || freshness.qop() != Qop.AUTH_INT) {
      return Reply.text(BAD_REQUEST, "bootstrapping is AKAv1-MD5 with auth-int");
    }
    Optional<IssuedChallenge> issued = recognise(impi, said.nonce());
    if (issued.isEmpty()) {
      note(Act.BOOTSTRAP, Outcome.STALE, request, impi, "");
      return challenge(impi, true);
    }
    String auts = said.auts();
    return auts == null
        ? judge(said, issued.get(), request)
        : resynchronise(said, issued.get(), auts, request);
  }

  private Optional<IssuedChallenge> recognise(String impi, String nonce) {
    return decoded(nonce).flatMap(octets -> hss.recognise(impi, octets));
  }

  private static Optional<byte[]> decoded(String base64) {
    if (base64.length() > MOST_NONCE_CHARACTERS) {
      return Optional.empty();
    }
    try {
      return Optional.of(Base64.getDecoder().decode(base64));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  private Reply challenge(String impi, boolean stale) throws StoreException {
    IssuedChallenge issued = hss.challenge(impi);
    var challenge =
        new DigestChallenge(
            bsf.fqdn().name(),
            Base64.getEncoder().encodeToString(issued.nonce()),
            DigestAlgorithm.AKAV1_MD5,
            EnumSet.of(Qop.AUTH_INT),
            null,
            stale);
    return Reply.empty(UNAUTHORIZED)
        .with("WWW-Authenticate", challenge.header())
        .with("Cache-Control", "no-store");
  }

  /// Noted first: a B-TID comes of RAND, so a UE could use what is stored without our answer.
  private Reply judge(DigestCredentials said, IssuedChallenge issued, Request request)
      throws StoreException, IOException {
    String impi = issued.impi();
    try (AgreedKeys keys = hss.answerTo(issued)) {
      if (!said.isProvedBy(keys.res(), "GET", request.body())) {
        note(Act.BOOTSTRAP, Outcome.WRONG_ANSWER, request, impi, "");
        return challenge(impi, false);
      }
      Optional<Bootstrapped> made = Optional.empty();
      if (!bsf.isAnswered(issued)) {
        note(Act.BOOTSTRAP, Outcome.DONE, request, impi, bsf.btid(issued).text());
        made = bsf.bootstrap(issued, keys.ks());
      }
      if (made.isEmpty()) {
        note(Act.BOOTSTRAP, Outcome.COPIED, request, impi, "");
        return challenge(impi, false);
      }
      return accepted(said, keys.res(), made.get());
    }
  }

  private static Reply accepted(DigestCredentials said, SecretBytes res, Bootstrapped made) {
    LOG.atInfo()
        .setMessage("bootstrapped")
        .addKeyValue("impi", said.username())
        .addKeyValue("btid", made.btid().text())
        .addKeyValue("until", made.until().toString())
        .log();
    byte[] xml =
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><BootstrappingInfo xmlns=\"uri:3gpp-gba\"><btid>%s</btid><lifetime>%s</lifetime></BootstrappingInfo>"
            .formatted(made.btid(), made.until())
            .getBytes(UTF_8);
    return Reply.of(200, CONTENT_TYPE, xml)
        .with("Authentication-Info", AuthenticationInfo.of(said, res, xml).header())
        .with("Cache-Control", "no-store");
  }

  /// Whatever comes of it, the next challenge follows.
  private Reply resynchronise(
      DigestCredentials said, IssuedChallenge issued, String auts, Request request)
      throws StoreException, IOException {
    String impi = issued.impi();
    if (!resynchronisations.admits(impi)) {
      note(Act.RESYNCHRONISE, Outcome.TOO_MANY, request, impi, "");
      return tooMany();
    }
    try (SecretBytes none = SecretBytes.take(new byte[0], "empty password")) {
      Optional<byte[]> octets =
          decoded(auts).filter(decoded -> decoded.length == SubscriberKey.AUTS_OCTETS);
      boolean followed =
          octets.isPresent()
              && said.isProvedBy(none, "GET", request.body())
              && hss.resynchronise(issued, octets.get());
      Outcome outcome = followed ? Outcome.DONE : Outcome.WRONG_ANSWER;
      note(Act.RESYNCHRONISE, outcome, request, impi, "");
      if (followed) {
        LOG.atInfo()
            .setMessage("sequence number taken from the SIM")
            .addKeyValue("impi", impi)
            .log();
      }
    }
    return challenge(impi, false);
  }
}
