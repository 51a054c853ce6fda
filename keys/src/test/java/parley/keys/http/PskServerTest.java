package parley.keys.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.bouncycastle.tls.ProtocolVersion;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import parley.keys.Program;
import parley.mikey.secret.SecretBytes;

/// TLS by pre-shared keys, asked by `openssl s_client`.
class PskServerTest {
  private static final String IDENTITY = "3GPP-bootstrapping;cmFuZA==@bsf.example.org";
  private static final String KEY =
      "b95a47ad9530fba4a982316c2e212498feb25fa8f4e20aec806d0a05394b3b04";
  private static final String WRONG_KEY = KEY.replace('b', 'c');
  private static final Pattern ALERT = Pattern.compile("SSL alert number (\\d+)");

  private final List<Integer> suites = new CopyOnWriteArrayList<>();
  private HttpsServer server;

  @BeforeEach
  void start() throws Exception {
    Program.require("openssl", "openssl");
    server =
        HttpsServer.start(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            this::find,
            Set.of("kms.example.org", "localhost"),
            new SecureRandom(),
            HttpLimits.standard(),
            request ->
                Reply.text(
                    200,
                    "%s %s %04x"
                        .formatted(
                            request.tls().pskIdentity(),
                            request.tls().protocol(),
                            request.tls().cipherSuiteCode())));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private Optional<SecretBytes> find(String identity, int suite) {
    suites.add(suite);
    return identity.equals(IDENTITY)
        ? Optional.of(SecretBytes.take(HexFormat.of().parseHex(KEY), "Ks_NAF"))
        : Optional.empty();
  }

  private Program.Result ask(String identity, String key, String... more) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                "openssl",
                "s_client",
                "-connect",
                "127.0.0.1:" + server.local().getPort(),
                "-psk_identity",
                identity,
                "-psk",
                key,
                "-ign_eof"));
    command.addAll(List.of(more));
    return Program.run(
        "GET / HTTP/1.1\r\nHost: kms.example.org\r\nConnection: close\r\n\r\n",
        command.toArray(String[]::new));
  }

  @ParameterizedTest
  @CsvSource({"ECDHE-PSK-CHACHA20-POLY1305, ccac", "DHE-PSK-AES128-GCM-SHA256, 00aa"})
  void servesTls12(String cipher, String code) throws Exception {
    Program.Result result = ask(IDENTITY, KEY, "-tls1_2", "-cipher", cipher);
    assertThat(result.said()).contains("200 OK", IDENTITY + " TLSv1.2 " + code);
    assertThat(suites).containsExactly(Integer.parseInt(code, 16));
  }

  @ParameterizedTest
  @CsvSource({"TLS_AES_128_GCM_SHA256, 1301", "TLS_CHACHA20_POLY1305_SHA256, 1303"})
  void servesTls13(String cipher, String code) throws Exception {
    Program.Result result = ask(IDENTITY, KEY, "-tls1_3", "-ciphersuites", cipher);
    assertThat(result.said()).contains("200 OK", IDENTITY + " TLSv1.3 " + code);
    assertThat(suites).containsOnly(0);
  }

  @Test
  void servesWhoeverOffersEverything() throws Exception {
    assertThat(ask(IDENTITY, KEY).said()).contains("200 OK", "TLSv1.3");
  }

  /// So nobody can find out which B-TIDs exist.
  @ParameterizedTest
  @ValueSource(strings = {"-tls1_2", "-tls1_3"})
  void answersAnUnknownIdentityAsItDoesAWrongKey(String version) throws Exception {
    String wrongKey = alert(ask(IDENTITY, WRONG_KEY, version));
    String unknown = alert(ask("3GPP-bootstrapping;nobody@bsf.example.org", KEY, version));
    assertThat(unknown).isEqualTo(wrongKey);
    assertThat(server.counters().answers(2)).isZero();
  }

  private static String alert(Program.Result result) {
    Matcher alert = ALERT.matcher(result.said());
    assertThat(alert.find()).as(result.said()).isTrue();
    return alert.group(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-tls1_2", "-tls1_3"})
  void servesItsOwnNameOnly(String version) throws Exception {
    assertThat(ask(IDENTITY, KEY, version, "-servername", "KMS.example.org").said())
        .contains("200 OK");
    Program.Result other = ask(IDENTITY, KEY, version, "-servername", "evil.example.org");
    assertThat(alert(other)).isEqualTo("112"); // unrecognized_name
  }

  @ParameterizedTest
  @ValueSource(strings = {"-tls1_1", "-tls1"})
  void refusesOlderVersions(String version) throws Exception {
    assertThat(ask(IDENTITY, KEY, version, "-cipher", "ALL:@SECLEVEL=0").said())
        .doesNotContain("200 OK");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "PSK-AES128-GCM-SHA256",
        "ECDHE-PSK-AES128-CBC-SHA256",
        "RSA-PSK-AES128-GCM-SHA256"
      })
  void refusesSuitesWithoutEphemeralKeysOrAuthenticatedEncryption(String cipher) throws Exception {
    assertThat(ask(IDENTITY, KEY, "-tls1_2", "-cipher", cipher).said()).doesNotContain("200 OK");
  }

  /// The key that was found is copied: whoever asked wipes what it got.
  @Test
  void aKeyServesMoreThanOnce() throws Exception {
    for (String version : Stream.of("-tls1_2", "-tls1_3", "-tls1_2", "-tls1_3").toList()) {
      assertThat(ask(IDENTITY, KEY, version).said()).contains("200 OK");
    }
  }

  @Test
  void refusesWhoeverBringsNoKey() throws Exception {
    Program.Result result =
        Program.run(
            "",
            "openssl",
            "s_client",
            "-connect",
            "127.0.0.1:" + server.local().getPort(),
            "-tls1_3");
    assertThat(alert(result)).isEqualTo("40"); // handshake_failure
  }

  private PskExchange client(String key, ProtocolVersion highest) {
    try (SecretBytes secret = secret(key)) {
      return new PskExchange(
          IDENTITY, secret, _ -> secret(key), new SecureRandom(), Duration.ofSeconds(30), highest);
    }
  }

  private static SecretBytes secret(String key) {
    return SecretBytes.take(HexFormat.of().parseHex(key), "Ks_NAF");
  }

  private PskExchange.Answer post(PskExchange client) throws Exception {
    return client.send(
        "POST",
        URI.create("https://localhost:" + server.local().getPort() + "/a"),
        Map.of("Content-Type", "text/plain"),
        new byte[10]);
  }

  static Stream<Arguments> versions() {
    return Stream.of(
        Arguments.of(ProtocolVersion.TLSv12, "TLSv1.2 d001", 0xD001),
        Arguments.of(ProtocolVersion.TLSv13, "TLSv1.3 1301", 0x1301));
  }

  @ParameterizedTest
  @MethodSource("versions")
  void servesOurOwnClient(ProtocolVersion version, String text, int suite) throws Exception {
    try (PskExchange client = client(KEY, version)) {
      for (int i = 0; i < 2; i++) {
        PskExchange.Answer answer = post(client);
        assertThat(new String(answer.reply().body(), UTF_8))
            .isEqualTo(IDENTITY + " " + text + "\n");
        assertThat(answer.cipherSuiteCode()).isEqualTo(suite);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("versions")
  void tellsOurOwnClientThatItsKeyIsWrong(ProtocolVersion version, String text, int suite)
      throws Exception {
    try (PskExchange client = client(WRONG_KEY, version)) {
      assertThatThrownBy(() -> post(client))
          .as("%s %d", text, suite)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("bootstrap again");
    }
  }

  @Test
  void tellsOurOwnClientThatNobodyIsThere() throws Exception {
    server.close();
    try (PskExchange client = client(KEY, ProtocolVersion.TLSv13)) {
      assertThatThrownBy(() -> post(client)).hasMessageContaining("is it running?");
    }
  }
}
