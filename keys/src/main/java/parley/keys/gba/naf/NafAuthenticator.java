package parley.keys.gba.naf;

import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import parley.keys.gba.KsNaf;
import parley.keys.gba.Tid;
import parley.keys.gba.UaProtocol;
import parley.keys.gba.digest.DigestAlgorithm;
import parley.keys.gba.digest.DigestChallenge;
import parley.keys.gba.digest.DigestCredentials;
import parley.keys.gba.digest.DigestCredentials.Freshness;
import parley.keys.gba.digest.MalformedDigest;
import parley.keys.gba.digest.Qop;
import parley.keys.gba.naf.NafOutcome.Authenticated;
import parley.keys.gba.naf.NafOutcome.Refused;
import parley.keys.gba.naf.ServerNonces.Count;
import parley.keys.gba.naf.ServerNonces.Standing;
import parley.keys.gba.zn.NafKey;
import parley.keys.http.Reply;
import parley.keys.http.Request;
import parley.keys.http.RequestLimits;
import parley.keys.http.TlsPeer;
import parley.mikey.secret.SecretBytes;

/// Ua at the server: who a request is from (TS 33.222, 5.3 and 5.4).
///
/// A request that proves nothing is answered by a challenge whose realm says that bootstrapping is
/// required. An unknown name, one whose lifetime is over and a wrong password get the same answer
/// after the same work: two digests and one question to the BSF. Safe for use by many threads.
public final class NafAuthenticator implements AutoCloseable {
  private static final String REALM = "3GPP-bootstrapping@";
  private static final String TLS_1_3 = "TLSv1.3";
  private static final int BAD_REQUEST = 400;
  private static final int UNAUTHORIZED = 401;
  private static final int FORBIDDEN = 403;
  private static final int TOO_MANY = 429;
  private static final int BUSY = 503;

  private final String realm;
  private final NafKeys keys;
  private final ServerNonces nonces;
  private final RequestLimits failures;
  private final SecretBytes nobody;

  /// @param keys of this server, whose name there is the one of the realm; stays the caller's
  public NafAuthenticator(NafKeys keys, InstantSource clock, SecureRandom random) {
    this(keys, new RequestLimits(30, Duration.ofSeconds(1), clock), clock, random);
  }

  /// @param failures how many wrong proofs one peer may send, before it is not listened to
  public NafAuthenticator(
      NafKeys keys, RequestLimits failures, InstantSource clock, SecureRandom random) {
    this.realm = REALM + keys.own();
    this.keys = keys;
    this.nonces = new ServerNonces(clock, random);
    this.failures = failures;
    try (SecretBytes drawn = SecretBytes.random(KsNaf.OCTETS, random, "key of nobody")) {
      this.nobody = KsNaf.password(drawn);
    }
  }

  /// Judges one request.
  ///
  /// @throws IOException if the BSF cannot be asked
  public NafOutcome authenticate(Request request) throws IOException {
    TlsPeer tls = request.tls();
    if (tls.protocol().isEmpty()) {
      return new Refused(Reply.text(FORBIDDEN, "this is served over HTTPS alone"));
    } else if (tls.pskIdentity() != null) {
      return byPsk(tls, tls.pskIdentity());
    } else if (request.headers("authorization").isEmpty()) {
      return challenge(tls, false);
    } else if (failures.isExhausted(request.peer())) {
      return new Refused(
          Reply.text(TOO_MANY, "too many failures; try again later").with("Retry-After", "30"));
    }
    NafOutcome outcome = byDigest(request);
    if (outcome instanceof Refused) {
      boolean _ = failures.admits(request.peer());
    }
    return outcome;
  }

  /// TLS has proved the key; its lifetime may be over since.
  private NafOutcome byPsk(TlsPeer tls, String pskIdentity) throws IOException {
    Optional<Tid> tid = PskIdentity.parse(pskIdentity);
    if (tid.isEmpty()) {
      return challenge(tls, false);
    }
    boolean suiteUnknown = tid.get().isPushed() || tls.protocol().equals(TLS_1_3);
    UaProtocol ua =
        suiteUnknown ? UaProtocol.SHARED_KEY_TLS_13 : UaProtocol.tls(tls.cipherSuiteCode());
    Optional<NafKey> found = keys.keyFor(tid.get(), ua);
    if (found.isEmpty()) {
      return challenge(tls, false);
    }
    try (NafKey key = found.get()) {
      return new Authenticated(key);
    }
  }

  private Refused challenge(TlsPeer tls, boolean stale) {
    var challenge =
        new DigestChallenge(
            realm,
            nonces.fresh(tls.connection()),
            DigestAlgorithm.MD5,
            EnumSet.of(Qop.AUTH_INT),
            null,
            stale);
    return new Refused(
        Reply.empty(UNAUTHORIZED)
            .with("WWW-Authenticate", challenge.header())
            .with("Cache-Control", "no-store"));
  }

  private NafOutcome byDigest(Request request) throws IOException {
    String authorization = request.header("authorization");
    if (authorization == null) {
      return new Refused(Reply.text(BAD_REQUEST, "more than one Authorization"));
    }
    try {
      return byDigest(request, DigestCredentials.parse(authorization));
    } catch (MalformedDigest e) {
      return new Refused(
          Reply.text(BAD_REQUEST, "the Authorization is not of HTTP Digest: " + e.getMessage()));
    }
  }

  private NafOutcome byDigest(Request request, DigestCredentials said) throws IOException {
    Freshness freshness = said.freshness();
    String uri = request.query() == null ? request.path() : request.path() + "?" + request.query();
    if (freshness == null
        || freshness.qop() != Qop.AUTH_INT
        || said.algorithm() != DigestAlgorithm.MD5
        || !said.realm().equals(realm)
        || !said.uri().equals(uri)) {
      return challenge(request.tls(), false);
    }
    Standing standing = nonces.standing(said.nonce(), request.tls().connection());
    if (standing != Standing.GOOD) {
      return challenge(request.tls(), standing == Standing.STALE);
    } else if (nonces.isSeen(said.nonce(), freshness.nc())) {
      return challenge(request.tls(), false);
    }
    Authenticated proved = proved(request, said);
    return proved == null
        ? challenge(request.tls(), false)
        : counted(request, freshness, said, proved);
  }

  private NafOutcome counted(
      Request request, Freshness freshness, DigestCredentials said, Authenticated proved) {
    Count count = nonces.count(said.nonce(), freshness.nc());
    if (count == Count.NEXT) {
      return proved;
    }
    proved.close();
    return count == Count.SEEN
        ? challenge(request.tls(), false)
        : new Refused(
            Reply.text(BUSY, "too many connections; try again").with("Retry-After", "30"));
  }

  /// First with the key that is kept, then with the one that the BSF has now; where there is none,
  /// with the key of nobody.
  private @Nullable Authenticated proved(Request request, DigestCredentials said)
      throws IOException {
    Optional<Tid> tid = Tid.parse(said.username());
    if (tid.isEmpty()) {
      return null;
    }
    UaProtocol ua =
        tid.get().isPushed()
            ? UaProtocol.HTTP_DIGEST
            : UaProtocol.tls(request.tls().cipherSuiteCode());
    Authenticated known = proved(request, said, keys.kept(tid.get(), ua));
    return known != null ? known : proved(request, said, keys.asked(tid.get(), ua));
  }

  private @Nullable Authenticated proved(
      Request request, DigestCredentials said, Optional<NafKey> candidate) {
    if (candidate.isEmpty()) {
      boolean _ = said.isProvedBy(nobody, request.method(), request.body());
      return null;
    }
    try (NafKey key = candidate.get()) {
      SecretBytes password = KsNaf.password(key.key());
      if (said.isProvedBy(password, request.method(), request.body())) {
        return new Authenticated(key, said, password);
      }
      password.close();
      return null;
    }
  }

  @Override
  public void close() {
    nonces.close();
    nobody.close();
  }

  @Override
  public String toString() {
    return "NafAuthenticator[" + realm + "]";
  }
}
