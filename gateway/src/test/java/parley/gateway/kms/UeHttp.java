package parley.gateway.kms;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import javax.net.ssl.SSLContext;
import parley.keys.http.ClientTls;
import parley.keys.kms.client.KeyProvisioning;

/// HTTPS for many UEs in one process: few loops, and as many connections as there are requests at
/// once. Safe for use by many threads.
final class UeHttp implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final int LOOPS = 2;

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<HttpClient> clients;

  UeHttp(SSLContext tls) {
    clients =
        IntStream.range(0, LOOPS)
            .mapToObj(_ ->
                HttpClient.newBuilder()
                    .sslContext(tls)
                    .sslParameters(ClientTls.parameters())
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(PATIENCE)
                    .executor(threads)
                    .build())
            .toList();
  }

  /// For one UE, which sends these headers.
  KeyProvisioning.Transport with(Map<String, String> headers) {
    HttpClient client = clients.get(Math.floorMod(headers.hashCode(), LOOPS));
    return (url, body) -> post(client, headers, url, body);
  }

  private static KeyProvisioning.Answer post(
      HttpClient client, Map<String, String> headers, URI url, byte[] body)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(url)
            .timeout(PATIENCE)
            .header("Content-Type", KmsRig.XML)
            .POST(HttpRequest.BodyPublishers.ofByteArray(body));
    headers.forEach(request::header);
    HttpResponse<byte[]> answer =
        client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    return new KeyProvisioning.Answer(answer.statusCode(), answer.body());
  }

  @Override
  public void close() {
    clients.forEach(HttpClient::shutdownNow);
    clients.forEach(HttpClient::close);
    threads.shutdownNow();
  }
}
