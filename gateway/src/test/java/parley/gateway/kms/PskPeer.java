package parley.gateway.kms;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import parley.keys.Program;
import parley.keys.kms.client.KmsAddress;

/// `openssl s_client` at a port of TLS by pre-shared keys.
final class PskPeer {
  private static final Pattern ALERT = Pattern.compile("SSL alert number (\\d+)");

  private PskPeer() {}

  /// Everything that it says about the connection and what came over it.
  ///
  /// @param input what it sends once it is connected
  static String says(KmsAddress at, String input, String identity, String hexKey, String... options)
      throws IOException {
    Program.require("openssl", "openssl");
    var command =
        new ArrayList<>(
            List.of(
                "openssl",
                "s_client",
                "-connect",
                "127.0.0.1:" + URI.create(at.base()).getPort(),
                "-servername",
                "localhost",
                "-psk_identity",
                identity,
                "-psk",
                hexKey,
                "-ign_eof"));
    command.addAll(List.of(options));
    return Program.run(input, command.toArray(String[]::new)).said();
  }

  /// A whole HTTP request.
  static String post(String resource, String body) {
    return "POST %s%s HTTP/1.1\r\nHost: kms.example.org\r\nContent-Type: %s\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s"
        .formatted(KmsRig.ROOT, resource, KmsRig.XML, body.length(), body);
  }

  /// The number of the alert that ended the handshake.
  static String alert(String said) {
    Matcher alert = ALERT.matcher(said);
    assertThat(alert.find()).as(said).isTrue();
    return alert.group(1);
  }
}
