package parley.mikey.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IdentityTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "tel:+447700900123",
        "sip:fire-ops@example.org",
        "sip:Fire-Ops@example.org:5060",
        "sip:iwf_legacy_v1.1.x_format@streamwide.com",
        "sips:a%40b@[2001:db8::1]",
        "urn:service:sos",
        "https://example.org/Groups/7"
      })
  void acceptsCanonicalUris(String uri) {
    assertThat(new Identity(uri).octets()).isEqualTo(uri.getBytes(StandardCharsets.US_ASCII));
    assertThat(new Identity(uri)).hasToString(uri);
  }

  @ParameterizedTest
  @CsvSource({
    "SIP:alice@example.org, sip:alice@example.org",
    "sip:alice@EXAMPLE.org, sip:alice@example.org",
    "sip:al%69ce@example.org, sip:alice@example.org",
    "sip:a%4fb%2fc@example.org, sip:aOb%2Fc@example.org",
    "sip:Example.org, sip:example.org",
    "tel:+44-7700-(900)123, tel:+447700900123",
    "HTTPS://Example.org/A, https://example.org/A"
  })
  void refusesOthersAndShowsTheCanonicalForm(String uri, String canonical) {
    assertThatThrownBy(() -> new Identity(uri))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageEndingWith("write \"" + canonical + "\"");
    assertThat(new Identity(canonical).uri()).isEqualTo(canonical);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ":",
        "alice@example.org",
        "sip:",
        "sip:alice@",
        "https://",
        "tel:447700900123",
        "tel:+44770;ext=7",
        "tel:7042;phone-context=example.org",
        "sip:alice@example.org\0",
        "sip:alice bob@example.org",
        "sip:\u00e4lice@example.org",
        "sip:al%6@example.org",
        "sip:alice%",
        "1sip:alice@example.org"
      })
  void refusesWhatHasNoCanonicalForm(String uri) {
    assertThatThrownBy(() -> new Identity(uri))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("identity \"");
  }

  @Test
  void refusesWhatWouldNotFitBelowQ() {
    String longest = "sip:" + "a".repeat(Identity.MAX_OCTETS - 6) + "@b";
    assertThat(new Identity(longest).octets()).hasSize(118);
    assertThatThrownBy(() -> new Identity(longest + "c"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("longer than 118 octets")
        .hasMessageNotContaining("a".repeat(100));
  }
}
