package parley.keys.http;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Asks a server, which is given a time for its whole answer: the client's own timeout ends with
/// the headers, and a body that drips would hold its thread for ever.
public final class WholeAnswer {
  private WholeAnswer() {}

  /// Blocks.
  ///
  /// @param mostOctets of the body; more is an [IOException]
  /// @param patience from now to the last octet
  /// @throws HttpTimeoutException when that is over
  public static HttpResponse<byte[]> of(
      HttpClient http, HttpRequest request, int mostOctets, Duration patience)
      throws IOException, InterruptedException {
    CompletableFuture<HttpResponse<byte[]>> answer =
        http.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), mostOctets));
    try {
      return answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      String said = cause.getMessage();
      throw new IOException(said == null ? cause.getClass().getSimpleName() : said, cause);
    } catch (TimeoutException _) {
      throw new HttpTimeoutException(
          "no whole answer from %s within %d s"
              .formatted(request.uri().getAuthority(), patience.toSeconds()));
    } finally {
      boolean _ = answer.cancel(true);
    }
  }
}
