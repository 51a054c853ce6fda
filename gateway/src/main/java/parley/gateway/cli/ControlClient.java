package parley.gateway.cli;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateExpiredException;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import parley.keys.http.ClientTls;
import parley.keys.http.TlsRefused;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Asks a gateway's control API. What goes wrong is one sentence that says what to do.
final class ControlClient implements AutoCloseable {
  private static final Duration CONNECT_TIME = Duration.ofSeconds(10);
  private static final Duration ANSWER_TIME = Duration.ofSeconds(60);

  private final URI url;
  private final @Nullable String token;
  private final HttpClient http;

  ControlClient(ControlOptions options) throws CommandFailed, IOException {
    this.url = checked(options);
    this.token = options.tokenFile == null ? null : token(options.tokenFile);
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_TIME)
            .followRedirects(HttpClient.Redirect.NEVER);
    if (options.ca != null || options.certificate != null) {
      builder.sslContext(tls(options));
    }
    this.http = builder.build();
  }

  private static URI checked(ControlOptions options) throws CommandFailed, IOException {
    URI url = options.url;
    boolean isHttp = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
    if (!isHttp || url.getHost() == null) {
      throw usage("--url is the gateway's admin server, for example https://gw.example.org:9464");
    }
    boolean isSecret = options.tokenFile != null;
    if (isSecret
        && "http".equals(url.getScheme())
        && !InetAddress.getByName(url.getHost()).isLoopbackAddress()) {
      throw usage("a token does not travel in clear; give an https:// --url");
    }
    if ((options.certificate == null) != (options.key == null)) {
      throw usage("--certificate and --key belong together");
    }
    return url;
  }

  private static CommandFailed usage(String sentence) {
    return new CommandFailed(ExitCode.USAGE, sentence);
  }

  private static String token(Path file) throws CommandFailed, IOException {
    if (Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_READ)) {
      throw new CommandFailed(
          ExitCode.KEYS, file + " can be read by everybody; close it with: chmod 600 " + file);
    }
    String token = Files.readString(file, StandardCharsets.UTF_8).strip();
    if (!token.matches("[!-~]{16,256}")) {
      throw new CommandFailed(
          ExitCode.KEYS, file + " holds no token; put there what 'parley token' showed");
    }
    return token;
  }

  private static SSLContext tls(ControlOptions options) throws CommandFailed {
    try {
      return ClientTls.load(options.ca, ClientTls.Own.of(options.certificate, options.key));
    } catch (TlsRefused e) {
      throw new CommandFailed(ExitCode.MISSING_PREREQUISITE, e.sentence(), e);
    }
  }

  JsonNode get(String path) throws CommandFailed {
    return send("GET", path, null);
  }

  /// The JSON of a good answer.
  ///
  /// @param path below the URL, already percent-encoded
  JsonNode send(String method, String path, @Nullable String body) throws CommandFailed {
    HttpResponse<String> answer = ask(request(method, path, body));
    JsonNode json = json(answer);
    if (answer.statusCode() / 100 != 2) {
      throw refused(answer.statusCode(), json);
    }
    return json;
  }

  /// The JSON of an answer that says with its status how things are.
  JsonNode state(String path) throws CommandFailed {
    return json(ask(request("GET", path, null)));
  }

  private HttpRequest request(String method, String path, @Nullable String body) {
    String base = url.toString().replaceFirst("/+$", "");
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(base + path)).timeout(ANSWER_TIME);
    if (body == null) {
      request.method(method, HttpRequest.BodyPublishers.noBody());
    } else {
      request
          .method(method, HttpRequest.BodyPublishers.ofString(body))
          .header("Content-Type", "application/json");
    }
    if (token != null) {
      request.header("Authorization", "Bearer " + token);
    }
    return request.build();
  }

  private HttpResponse<String> ask(HttpRequest request) throws CommandFailed {
    try {
      return http.send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailed(ExitCode.FAILED, "interrupted", e);
    } catch (IOException e) {
      throw unreachable(e);
    }
  }

  private CommandFailed unreachable(IOException e) {
    String sentence =
        switch (e) {
          case HttpConnectTimeoutException _ ->
              "%s does not answer; is it the right host, and does its firewall let this one in?";
          case HttpTimeoutException _ ->
              "%s took the request and did not answer in time; look into the gateway's log";
          case ConnectException _ ->
              "nothing listens at %s; is the gateway running, and is this its admin.listen?";
          case SSLException tls -> tlsSentence(tls);
          default ->
              "%s ended the connection; https:// where it has TLS, http:// where it has none";
        };
    return new CommandFailed(ExitCode.PORT_UNAVAILABLE, sentence.formatted(url), e);
  }

  private static String tlsSentence(SSLException e) {
    if (isCausedBy(e, CertificateExpiredException.class)) {
      return "the certificate of %s has expired; renew it there, and reload the gateway";
    }
    if (isCausedBy(e, CertPathValidatorException.class)
        || isCausedBy(e, CertPathBuilderException.class)) {
      return "the certificate of %s was signed by nobody this host believes; give --ca FILE";
    }
    String why = String.valueOf(e.getMessage());
    if (why.contains("No name matching") || why.contains("No subject alternative")) {
      return "the certificate of %s is for another name; use the name that it has";
    }
    if (why.contains("certificate")) {
      return "%s does not take this client's certificate; is it expired, or of another authority?";
    }
    return "there is no TLS with %s; http:// where it has none, and is --ca its authority?";
  }

  private static boolean isCausedBy(Throwable e, Class<? extends Throwable> type) {
    for (Throwable c = e; c != null; c = c.getCause()) {
      if (type.isInstance(c)) {
        return true;
      }
    }
    return false;
  }

  private JsonNode json(HttpResponse<String> answer) throws CommandFailed {
    try {
      return JsonMapper.shared().readTree(answer.body());
    } catch (JacksonException e) {
      throw new CommandFailed(
          ExitCode.FAILED, url + " is no gateway's admin server; correct --url", e);
    }
  }

  private CommandFailed refused(int status, JsonNode json) {
    String why = json.path("message").asString("it gave no reason");
    StringBuilder sentence = new StringBuilder();
    switch (status) {
      case 401 ->
          sentence.append(
              "%s does not let you in: %s; give --token-file, or make one with 'parley token' and reload"
                  .formatted(url, why));
      case 403 -> sentence.append("%s refuses: %s".formatted(url, why));
      default -> sentence.append(why);
    }
    json.path("findings").forEach(finding -> sentence.append("\n  ").append(finding.asString()));
    ExitCode code =
        switch (status) {
          case 401, 403 -> ExitCode.KEYS;
          case 422 -> ExitCode.CONFIGURATION_REFUSED;
          default -> ExitCode.FAILED;
        };
    return new CommandFailed(code, sentence.toString());
  }

  @Override
  public void close() {
    http.close();
  }
}
