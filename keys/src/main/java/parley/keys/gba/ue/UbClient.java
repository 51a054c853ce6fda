package parley.keys.gba.ue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.xml.stream.XMLStreamException;
import parley.keys.gba.BootstrappedKey;
import parley.keys.gba.Fqdn;
import parley.keys.gba.Tid;
import parley.keys.gba.aka.AgreedKeys;
import parley.keys.gba.aka.AuthenticationVector;
import parley.keys.gba.aka.Usim;
import parley.keys.gba.aka.UsimAnswer;
import parley.keys.gba.digest.AuthenticationInfo;
import parley.keys.gba.digest.DigestAlgorithm;
import parley.keys.gba.digest.DigestChallenge;
import parley.keys.gba.digest.DigestCredentials;
import parley.keys.gba.digest.DigestCredentials.Freshness;
import parley.keys.gba.digest.MalformedDigest;
import parley.keys.gba.digest.Qop;
import parley.keys.gba.ue.BootstrapFailed.Kind;
import parley.keys.http.ClientTls;
import parley.keys.http.WholeAnswer;

/// Ub in the UE (TS 24.109, 4.2): the SIM proves itself to the BSF and Ks comes of it.
///
/// The BSF is verified three times: by its certificate, by AUTN, and by `rspauth` over what it says
/// of B-TID and lifetime. One resynchronisation is done without help; a second one is a failure.
public final class UbClient implements AutoCloseable {
  private static final byte[] NO_BODY = new byte[0];
  private static final int MOST_BODY_OCTETS = 4096;
  private static final int CNONCE_OCTETS = 16;
  private static final int OK = 200;
  private static final int UNAUTHORIZED = 401;
  private static final Set<Integer> BUSY = Set.of(429, 503);
  private static final String PATH = "/";

  private final URI address;
  private final Fqdn bsf;
  private final String impi;
  private final Usim usim;
  private final Duration patience;
  private final InstantSource clock;
  private final SecureRandom random;
  private final HttpClient http;

  /// @param address `https://bsf.example.org:8443`, without a path
  /// @param bsf its name, the realm of its challenges
  /// @param usim stays the caller's
  /// @param tls trusts the BSF's certificate
  /// @param patience how long one request may take
  public UbClient(
      URI address,
      Fqdn bsf,
      String impi,
      Usim usim,
      SSLContext tls,
      Duration patience,
      InstantSource clock,
      SecureRandom random) {
    if (!"https".equals(address.getScheme()) || address.getHost() == null) {
      throw new IllegalArgumentException("the BSF's address begins with https:// and names a host");
    }
    this.address = address.resolve(PATH);
    this.bsf = bsf;
    this.impi = impi;
    this.usim = usim;
    this.patience = patience;
    this.clock = clock;
    this.random = random;
    this.http = ClientTls.http(tls, patience);
  }

  /// A new key; the caller closes it.
  public BootstrappedKey bootstrap() throws BootstrapFailed {
    var introduction = DigestCredentials.introduction(impi, bsf.name(), PATH);
    DigestChallenge first = challenge(send(introduction));
    return switch (ask(first)) {
      case UsimAnswer.Agreed agreed -> prove(first, agreed);
      case UsimAnswer.SynchronisationFailure failure -> resynchronise(first, failure);
      case UsimAnswer.WrongMac _ -> throw foreign();
    };
  }

  private BootstrappedKey resynchronise(
      DigestChallenge challenge, UsimAnswer.SynchronisationFailure failure) throws BootstrapFailed {
    String auts = Base64.getEncoder().encodeToString(failure.auts());
    DigestChallenge next =
        challenge(
            send(
                DigestCredentials.resynchronisation(
                    challenge, impi, auts, "GET", PATH, freshness())));
    return switch (ask(next)) {
      case UsimAnswer.Agreed agreed -> prove(next, agreed);
      case UsimAnswer.SynchronisationFailure _ ->
          throw new BootstrapFailed(
              Kind.NOT_KNOWN,
              "BSF %s did not follow the SIM's sequence number; its operator must look at the subscriber %s"
                  .formatted(bsf, impi));
      case UsimAnswer.WrongMac _ -> throw foreign();
    };
  }

  private BootstrapFailed foreign() {
    return new BootstrapFailed(
        Kind.NOT_KNOWN,
        "BSF %s does not know the key of this SIM; check the private identity %s, and that its operator has this SIM"
            .formatted(bsf, impi));
  }

  private UsimAnswer ask(DigestChallenge challenge) throws BootstrapFailed {
    byte[] nonce = nonce(challenge);
    int end = AuthenticationVector.RAND_OCTETS + AuthenticationVector.AUTN_OCTETS;
    try {
      return usim.authenticate(
          rand(nonce), Arrays.copyOfRange(nonce, AuthenticationVector.RAND_OCTETS, end));
    } catch (IOException e) {
      throw new BootstrapFailed(
          Kind.LATER, "the memory of the SIM cannot be written: " + e.getMessage(), e);
    }
  }

  private static byte[] rand(byte[] nonce) {
    return Arrays.copyOf(nonce, AuthenticationVector.RAND_OCTETS);
  }

  private byte[] nonce(DigestChallenge challenge) throws BootstrapFailed {
    try {
      byte[] nonce = Base64.getDecoder().decode(challenge.nonce());
      if (nonce.length >= AuthenticationVector.RAND_OCTETS + AuthenticationVector.AUTN_OCTETS) {
        return nonce;
      }
    } catch (IllegalArgumentException _) {
      // the same sentence
    }
    throw wrong("a challenge without RAND and AUTN");
  }

  private Freshness freshness() {
    byte[] cnonce = new byte[CNONCE_OCTETS];
    random.nextBytes(cnonce);
    return new Freshness(Qop.AUTH_INT, Base64.getEncoder().encodeToString(cnonce), 1);
  }

  private BootstrappedKey prove(DigestChallenge challenge, UsimAnswer.Agreed agreed)
      throws BootstrapFailed {
    try (AgreedKeys keys = agreed.keys()) {
      DigestCredentials said =
          DigestCredentials.answer(challenge, impi, keys.res(), "GET", PATH, NO_BODY, freshness());
      HttpResponse<byte[]> response = send(said);
      requireOk(response);
      AuthenticationInfo info = info(response);
      if (!info.isProvedBy(keys.res(), said, response.body())) {
        throw wrong("an answer that it cannot have made with this SIM's key");
      }
      return key(nonce(challenge), response.body(), keys);
    }
  }

  private void requireOk(HttpResponse<byte[]> response) throws BootstrapFailed {
    requireTime(response);
    if (response.statusCode() != OK) {
      throw new BootstrapFailed(
          Kind.NOT_KNOWN,
          "BSF %s did not accept the SIM's answer (%d); try again, then ask its operator"
              .formatted(bsf, response.statusCode()));
    }
  }

  private void requireTime(HttpResponse<byte[]> response) throws BootstrapFailed {
    if (BUSY.contains(response.statusCode())) {
      throw new BootstrapFailed(
          Kind.LATER,
          "BSF %s is too busy (%d); ask again later".formatted(bsf, response.statusCode()));
    }
  }

  private AuthenticationInfo info(HttpResponse<byte[]> response) throws BootstrapFailed {
    try {
      return AuthenticationInfo.parse(only(response, "authentication-info"));
    } catch (MalformedDigest e) {
      throw wrong("an Authentication-Info that is none: " + e.getMessage());
    }
  }

  private BootstrappedKey key(byte[] nonce, byte[] body, AgreedKeys keys) throws BootstrapFailed {
    BootstrappingInfo info;
    try {
      info = BootstrappingInfo.parse(body);
    } catch (XMLStreamException e) {
      throw wrong("a BootstrappingInfo that is none");
    }
    Instant now = clock.instant();
    if (!info.btid().equals(Tid.bootstrapped(rand(nonce), bsf))) {
      throw wrong("a B-TID that is not of this bootstrap");
    } else if (!now.isBefore(info.lifetime())) {
      throw new BootstrapFailed(
          Kind.NOT_GOOD,
          "BSF %s gave a key until %s, which is over; is this clock right (it says %s)?"
              .formatted(bsf, info.lifetime(), now));
    }
    return new BootstrappedKey(info.btid(), impi, info.lifetime(), keys.ks().duplicate());
  }

  private DigestChallenge challenge(HttpResponse<byte[]> response) throws BootstrapFailed {
    requireTime(response);
    if (response.statusCode() != UNAUTHORIZED) {
      throw new BootstrapFailed(
          Kind.NOT_GOOD,
          "BSF %s answered %d instead of a challenge; is this the address of a BSF?"
              .formatted(bsf, response.statusCode()));
    }
    try {
      DigestChallenge challenge = DigestChallenge.parse(only(response, "www-authenticate"));
      if (!challenge.realm().equals(bsf.name())
          || challenge.algorithm() != DigestAlgorithm.AKAV1_MD5
          || !challenge.qop().contains(Qop.AUTH_INT)) {
        throw wrong("a challenge that is not AKAv1-MD5 with auth-int for its own name");
      }
      return challenge;
    } catch (MalformedDigest e) {
      throw wrong("a challenge that is none: " + e.getMessage());
    }
  }

  private String only(HttpResponse<byte[]> response, String header) throws BootstrapFailed {
    var values = response.headers().allValues(header);
    if (values.size() != 1) {
      throw wrong("%d headers %s".formatted(values.size(), header));
    }
    return values.getFirst();
  }

  private BootstrapFailed wrong(String what) {
    return new BootstrapFailed(
        Kind.NOT_GOOD, "BSF %s sent %s; its operator must look".formatted(bsf, what));
  }

  private HttpResponse<byte[]> send(DigestCredentials said) throws BootstrapFailed {
    HttpRequest request =
        HttpRequest.newBuilder(address)
            .timeout(patience)
            .header("Authorization", said.header())
            .header("User-Agent", "3gpp-gba")
            .GET()
            .build();
    try {
      return WholeAnswer.of(http, request, MOST_BODY_OCTETS, patience);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BootstrapFailed(Kind.LATER, "interrupted while BSF %s was asked".formatted(bsf), e);
    } catch (IOException e) {
      throw new BootstrapFailed(
          Kind.LATER,
          "BSF %s cannot be reached at %s (%s); is it running, and is its certificate trusted?"
              .formatted(bsf, address, e.getMessage()),
          e);
    }
  }

  @Override
  public void close() {
    http.close();
  }

  @Override
  public String toString() {
    return "UbClient[" + impi + " at " + bsf + "]";
  }
}
