package parley.keys.gba.digest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;
import parley.keys.Secrets;
import parley.keys.gba.digest.DigestCredentials.Freshness;
import parley.mikey.secret.SecretBytes;

/// Computations and headers of HTTP Digest.
class DigestTest {
  private static final byte[] NO_BODY = new byte[0];
  private static final byte[] BODY = "body".getBytes(UTF_8);
  private static final String URI = "/keymanagement/identity/v1/init";
  private static final DigestChallenge CHALLENGE =
      new DigestChallenge(
          "kms.example.org",
          "bm9uY2U=",
          DigestAlgorithm.MD5,
          Set.of(Qop.AUTH_INT),
          "x\"y\\z",
          true);
  private static final Freshness FRESH = new Freshness(Qop.AUTH_INT, "Y25vbmNl", 0x1a);

  /// RFC 2617, 3.5.
  @Test
  void computesTheExampleOfRfc2617() throws MalformedDigest {
    var challenge =
        DigestChallenge.parse(
            "Digest realm=\"testrealm@host.com\", qop=\"auth,auth-int\","
                + " nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c093\","
                + " opaque=\"5ccc069c403ebaf9f0171e9517f40e41\"");
    try (SecretBytes password = Secrets.of("Circle Of Life")) {
      var answer =
          DigestCredentials.answer(
              challenge,
              "Mufasa",
              password,
              "GET",
              "/dir/index.html",
              NO_BODY,
              new Freshness(Qop.AUTH, "0a4f113b", 1));

      assertThat(challenge.qop()).containsExactlyInAnyOrder(Qop.AUTH, Qop.AUTH_INT);
      assertThat(answer.response()).isEqualTo("6629fae49393a05397450978507c4ef1");
      assertThat(answer.opaque()).isEqualTo("5ccc069c403ebaf9f0171e9517f40e41");
    }
  }

  /// RFC 7616, 3.9.1, its MD5 half.
  @Test
  void verifiesTheExampleOfRfc7616() throws MalformedDigest {
    var credentials =
        DigestCredentials.parse(
            "Digest username=\"Mufasa\", realm=\"http-auth@example.org\", uri=\"/dir/index.html\","
                + " algorithm=MD5, nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\","
                + " nc=00000001, cnonce=\"f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ\","
                + " qop=auth, response=\"8ca523f5e9506fed4657c9700eebdbec\","
                + " opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\"");
    try (SecretBytes password = Secrets.of("Circle of Life");
        SecretBytes wrong = Secrets.of("Circle Of Life")) {
      assertThat(credentials.isProvedBy(password, "GET", NO_BODY)).isTrue();
      assertThat(credentials.isProvedBy(password, "PUT", NO_BODY)).isFalse();
      assertThat(credentials.isProvedBy(wrong, "GET", NO_BODY)).isFalse();
    }
  }

  /// Made by hand with Python's hashlib: A1 with the raw octets of RES, A2 with the hash of an
  /// empty body.
  @Test
  void takesResAsItsRawOctets() {
    var challenge =
        new DigestChallenge(
            "bsf.home1.net", "AAAA", DigestAlgorithm.AKAV1_MD5, Set.of(Qop.AUTH_INT), null, false);
    try (SecretBytes res = Secrets.hex("a54211d5e3ba50bf")) {
      var answer =
          DigestCredentials.answer(
              challenge,
              "user1_private@home1.net",
              res,
              "GET",
              "/",
              NO_BODY,
              new Freshness(Qop.AUTH_INT, "0a4f113b", 1));

      assertThat(answer.response()).isEqualTo("468998b97420e635a435455cc780bb3c");
      assertThat(answer.header()).contains("algorithm=AKAv1-MD5, qop=auth-int, nc=00000001, ");
    }
  }

  /// Made by hand likewise: A1 ends with its second colon.
  @Test
  void resynchronisesWithTheEmptyPassword() throws MalformedDigest {
    var challenge =
        new DigestChallenge(
            "bsf.home1.net", "AAAA", DigestAlgorithm.AKAV1_MD5, Set.of(Qop.AUTH_INT), null, false);
    var answer =
        DigestCredentials.resynchronisation(
            challenge,
            "user1_private@home1.net",
            "5PYxMuX2NOT2NeQ=",
            "GET",
            "/",
            new Freshness(Qop.AUTH_INT, "0a4f113b", 1));

    assertThat(answer.response()).isEqualTo("442bdcd97dd819d00b20035c00f5669a");
    assertThat(DigestCredentials.parse(answer.header())).isEqualTo(answer);
    assertThat(answer.auts()).isEqualTo("5PYxMuX2NOT2NeQ=");
  }

  @Test
  void coversTheBodyInBothDirections() {
    try (SecretBytes password = Secrets.of("secret")) {
      var answer = DigestCredentials.answer(CHALLENGE, "name", password, "POST", URI, BODY, FRESH);
      var info = AuthenticationInfo.of(answer, password, BODY);

      assertThat(answer.isProvedBy(password, "POST", BODY)).isTrue();
      assertThat(answer.isProvedBy(password, "POST", NO_BODY)).isFalse();
      assertThat(info.isProvedBy(password, answer, BODY)).isTrue();
      assertThat(info.isProvedBy(password, answer, NO_BODY)).isFalse();
      assertThat(info.rspauth()).isNotEqualTo(answer.response());
    }
  }

  /// The proof of one request says nothing about the next.
  @Test
  void bindsTheServersProofToItsRequest() {
    try (SecretBytes password = Secrets.of("secret")) {
      var one = DigestCredentials.answer(CHALLENGE, "name", password, "GET", URI, BODY, FRESH);
      var next =
          DigestCredentials.answer(
              CHALLENGE,
              "name",
              password,
              "GET",
              URI,
              BODY,
              new Freshness(Qop.AUTH_INT, FRESH.cnonce(), FRESH.nc() + 1));

      assertThat(AuthenticationInfo.of(one, password, BODY).isProvedBy(password, next, BODY))
          .isFalse();
    }
  }

  @Test
  void readsWhatItWrites() throws MalformedDigest {
    try (SecretBytes password = Secrets.of("secret")) {
      var answer = DigestCredentials.answer(CHALLENGE, "na\"me", password, "GET", URI, BODY, FRESH);
      var info = AuthenticationInfo.of(answer, password, BODY);
      var introduction = DigestCredentials.introduction("user@home1.net", "bsf.home1.net", "/");

      assertThat(DigestChallenge.parse(CHALLENGE.header())).isEqualTo(CHALLENGE);
      assertThat(DigestCredentials.parse(answer.header())).isEqualTo(answer);
      assertThat(AuthenticationInfo.parse(info.header())).isEqualTo(info);
      assertThat(DigestCredentials.parse(introduction.header())).isEqualTo(introduction);
      assertThat(introduction.isProvedBy(password, "GET", NO_BODY)).isFalse();
    }
  }
}
