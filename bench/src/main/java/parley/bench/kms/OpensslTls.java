package parley.bench.kms;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import parley.bench.relay.ChildProcess;
import parley.bench.relay.Testbed;

/// Full TLS 1.3 handshakes a second of OpenSSL's server with the KMS's certificate, on the core
/// that the KMS has, from OpenSSL's client on the others: what no server does more of with a
/// request inside.
final class OpensslTls implements AutoCloseable {
  private static final Pattern SAID =
      Pattern.compile("(\\d+) connections in (\\d+) real seconds", Pattern.MULTILINE);

  private final Testbed bed;
  private final int port;
  private final ChildProcess server;

  private OpensslTls(Testbed bed, int port, ChildProcess server) {
    this.bed = bed;
    this.port = port;
    this.server = server;
  }

  /// Empty, with a line that says why, where there is no `openssl`.
  static Optional<OpensslTls> start(Testbed bed, KmsHost kms) throws IOException {
    int port = bed.freePort();
    try {
      ChildProcess server =
          bed.run(
              List.of(
                  "openssl",
                  "s_server",
                  "-quiet",
                  "-accept",
                  "127.0.0.1:" + port,
                  "-cert",
                  kms.certificate().toString(),
                  "-key",
                  kms.key().toString(),
                  "-tls1_3"),
              bed.relayCores(),
              "openssl.log");
      return Optional.of(new OpensslTls(bed, port, server));
    } catch (IOException e) {
      System.err.println("left out, no openssl: " + e.getMessage());
      return Optional.empty();
    }
  }

  /// Handshakes a second, without resumption.
  double perSecond(int seconds) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(bed.others().prefix());
    command.addAll(
        List.of(
            "openssl",
            "s_time",
            "-connect",
            "127.0.0.1:" + port,
            "-new",
            "-time",
            Integer.toString(seconds)));
    Process client = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(client.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    int code = client.waitFor();
    Matcher match = SAID.matcher(said);
    if (code != 0 || !match.find()) {
      throw new IOException("openssl s_time: " + said.strip() + "; " + server.lastWords());
    }
    return Double.parseDouble(match.group(1)) / Double.parseDouble(match.group(2));
  }

  @Override
  public void close() {
    bed.release(server);
  }
}
