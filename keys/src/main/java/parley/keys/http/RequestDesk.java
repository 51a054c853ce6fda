package parley.keys.http;

import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Asks the site on virtual threads, so many at once as are allowed.
final class RequestDesk {
  private static final Logger LOG = LoggerFactory.getLogger(HttpsServer.class);
  private static final String RETRY_SECONDS = "1";

  private final Site site;
  private final ExecutorService threads;
  private final int atOnce;
  private final Semaphore free;
  private final HttpCounters counters;

  RequestDesk(Site site, ExecutorService threads, int atOnce, HttpCounters counters) {
    this.site = site;
    this.threads = threads;
    this.atOnce = atOnce;
    this.free = new Semaphore(atOnce);
    this.counters = counters;
  }

  HttpCounters counters() {
    return counters;
  }

  /// Gives the answer to `then`, on a thread of its own or at once.
  void answer(Request request, Consumer<Reply> then) {
    if (!free.tryAcquire()) {
      counters.overloaded();
      then.accept(busy());
      return;
    }
    try {
      threads.execute(() -> ask(request, then));
    } catch (RejectedExecutionException _) {
      free.release();
      then.accept(busy());
    }
  }

  private static Reply busy() {
    return Reply.text(503, "too many requests at once; ask again later")
        .with("Retry-After", RETRY_SECONDS);
  }

  private void ask(Request request, Consumer<Reply> then) {
    Reply reply;
    try {
      reply = site.answer(request);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      reply = busy();
    } catch (Exception e) {
      counters.failed();
      LOG.atError()
          .addKeyValue("method", request.method())
          .addKeyValue("path", request.path())
          .setCause(e)
          .log("request failed");
      reply = Reply.text(500, "an internal error; the operator finds it in the log");
    } finally {
      free.release();
    }
    then.accept(reply);
  }

  /// Waits until every request has its answer, not longer than `patience`.
  void finish(Duration patience) {
    try {
      var _ = free.tryAcquire(atOnce, patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
