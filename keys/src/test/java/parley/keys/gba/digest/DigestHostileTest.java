package parley.keys.gba.digest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Headers of strangers: exactly of the grammar, or refused without a stack trace.
class DigestHostileTest {
  private static final String GOOD =
      "Digest username=\"u\", realm=\"r\", nonce=\"n\", uri=\"/\","
          + " response=\"6629fae49393a05397450978507c4ef1\", algorithm=AKAv1-MD5, qop=auth-int,"
          + " nc=00000001, cnonce=\"c\", opaque=\"o\", auts=\"a\"";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Digest",
        "Digest ",
        "Basic dTpw",
        "Digest username",
        "Digest username=",
        "Digest username=\"u",
        "Digest username=\"u\\",
        "Digest username=\"u\" realm=\"r\"",
        "Digest username=\"u\",",
        "Digest ,username=\"u\"",
        "Digest username=\"u\",,realm=\"r\"",
        "Digest username=\"\u0001\"",
        "Digest username=\"\u00e9\"",
        "Digest username=\"a\r\nSet-Cookie: x\"",
        "Digest user\u00e9=\"a\"",
        "Digest username=\"a\"; realm=\"b\"",
      })
  void refusesWhatIsNotOfTheGrammar(String header) {
    refused(header);
  }

  @Test
  void acceptsTheOneThatTheOthersAreMadeOf() throws MalformedDigest {
    assertThat(DigestCredentials.parse(GOOD).freshness()).isNotNull();
    assertThat(DigestCredentials.parse(GOOD.replace("Digest", "dIGEST"))).isNotNull();
    assertThat(DigestCredentials.parse(GOOD.replace("qop=auth-int", "qop=\"auth-int\"")))
        .isEqualTo(DigestCredentials.parse(GOOD));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "username=\"u\"",
        "realm=\"r\"",
        "nonce=\"n\"",
        "uri=\"/\"",
        "nc=00000001",
        "cnonce=\"c\"",
        "qop=auth-int",
        "auts=\"a\"",
        "algorithm=MD5",
        "USERNAME=\"u\""
      })
  void refusesAParameterThatComesTwice(String parameter) {
    refused(GOOD + ", " + parameter);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "username=\"u\", ",
        "realm=\"r\", ",
        "nonce=\"n\", ",
        "uri=\"/\", ",
        "qop=auth-int, ",
        "nc=00000001, ",
        "cnonce=\"c\", ",
        "response=\"6629fae49393a05397450978507c4ef1\", "
      })
  void refusesWhatLacksAParameter(String parameter) {
    assertThat(GOOD).contains(parameter);
    refused(GOOD.replace(parameter, ""));
  }

  @ParameterizedTest
  @ValueSource(strings = {"username=u", "realm=r", "nonce=n", "response=66", "cnonce=c", "auts=a"})
  void refusesWhatStandsWithoutItsQuotes(String parameter) {
    String name = parameter.substring(0, parameter.indexOf('='));
    refused(GOOD.replaceFirst(" " + name + "=\"[^\"]*\"", " " + parameter));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"00000000", "1", "0000000g", "ffffffff", "000000010", "-0000001", "0000000A"})
  void refusesACountThatIsNone(String nc) {
    refused(GOOD.replace("00000001", nc));
  }

  /// Rows 24 and 25 of the threats: no other hash, no session keys, no other version of AKA.
  @ParameterizedTest
  @ValueSource(strings = {"MD5-sess", "AKAv1-MD5-sess", "AKAv2-MD5", "SHA-256", "AKAv1"})
  void knowsNoOtherAlgorithm(String algorithm) {
    refused(GOOD.replace("AKAv1-MD5", algorithm));
    assertThatThrownBy(() ->
            DigestChallenge.parse(
                "Digest realm=\"r\", nonce=\"n\", qop=\"auth\", algorithm=" + algorithm))
        .isInstanceOf(MalformedDigest.class);
  }

  /// Row 24: a challenge without qop would be answered without freshness and integrity.
  @Test
  void refusesAChallengeWithoutQop() {
    for (String qop : new String[] {"", ", qop=\"\"", ", qop=\"auth-conf\"", ", qop=auth"}) {
      assertThatThrownBy(() -> DigestChallenge.parse("Digest realm=\"r\", nonce=\"n\"" + qop))
          .isInstanceOf(MalformedDigest.class);
    }
  }

  @Test
  void isBounded() {
    refused(GOOD.replace("\"u\"", '"' + "u".repeat(5000) + '"'));
    var many = new StringBuilder(GOOD);
    for (int i = 0; i < 20; i++) {
      many.append(", x").append(i).append("=1");
    }
    refused(many.toString());
  }

  @Test
  void everyCutAndEveryChangeIsReadOrRefused() {
    var random = new Random(42);
    for (int at = 0; at < GOOD.length(); at++) {
      tolerant(GOOD.substring(0, at));
      for (int i = 0; i < 20; i++) {
        var changed = new StringBuilder(GOOD);
        changed.setCharAt(at, (char) random.nextInt(0x100));
        tolerant(changed.toString());
      }
    }
  }

  private static void tolerant(String header) {
    try {
      String written = DigestCredentials.parse(header).header();
      assertThat(DigestCredentials.parse(written).header()).isEqualTo(written);
    } catch (MalformedDigest e) {
      assertThat(e.getStackTrace()).isEmpty();
    }
  }

  private static void refused(String header) {
    assertThatThrownBy(() -> DigestCredentials.parse(header))
        .isInstanceOf(MalformedDigest.class)
        .satisfies(e -> assertThat(e.getStackTrace()).isEmpty());
  }
}
