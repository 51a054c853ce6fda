package parley.gateway.admin;

import io.netty.handler.codec.http.HttpResponseStatus;
import java.net.InetAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.gateway.config.Role;

/// Every path of the admin server. Health and readiness are open and answered at once; all else
/// asks who is there, may wait, and has a thread for each request. There are never more of them
/// than connections.
final class AdminSite implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AdminSite.class);
  private static final String READ_ONLY = "GET, HEAD";

  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("admin-", 0).factory());
  private final AdminCounters counters;
  private final Gatekeeper gatekeeper;
  private final AdminPages pages;
  private final ControlApi api;

  AdminSite(AdminServices services, LiveAccess access) {
    this.counters = services.control().counters();
    this.gatekeeper =
        new Gatekeeper(counters, new RefusedNotes(services.control().audit(), services.clock()));
    this.pages = new AdminPages(services, access);
    this.api =
        new ControlApi(services.control(), services.status(), services.version(), gatekeeper);
  }

  AdminCounters counters() {
    return counters;
  }

  /// Gives the answer to `then`, on this thread or another.
  void answer(AdminRequest request, Consumer<Answer> then) {
    if (request.path().equals("/healthz") || request.path().equals("/readyz")) {
      then.accept(answer(request));
    } else {
      threads.execute(() -> then.accept(answer(request)));
    }
  }

  private Answer answer(AdminRequest request) {
    try {
      return route(request);
    } catch (RequestRefused e) {
      return e.answer();
    } catch (RuntimeException e) {
      LOG.error("admin page failed: {}", e.toString());
      return Answer.error(HttpResponseStatus.INTERNAL_SERVER_ERROR, "see the log of the gateway");
    }
  }

  private Answer route(AdminRequest request) throws RequestRefused {
    if (request.path().startsWith(ControlApi.ROOT + "/")) {
      return api.answer(request);
    }
    if (request.isChange()) {
      return Answer.wrongMethod("this path is read only: GET and HEAD", READ_ONLY);
    }
    if (!request.body().isEmpty()) {
      return Answer.error(HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE, "this path takes no body");
    }
    return switch (request.path()) {
      case "/healthz" -> pages.health();
      case "/readyz" -> pages.readiness();
      case "/metrics" -> metrics(request);
      default ->
          Answer.error(
              HttpResponseStatus.NOT_FOUND,
              "there are /healthz, /readyz, /metrics and /api/v1, no other");
    };
  }

  private Answer metrics(AdminRequest request) throws RequestRefused {
    if (!request.access().config().openMetrics()) {
      var _ = gatekeeper.admit(request, Role.READ);
    }
    return pages.metrics();
  }

  /// Notes a client that TLS refused; not on the caller's thread, because the note waits for a
  /// disk.
  void refuseHandshake(InetAddress peer, String why) {
    threads.execute(() -> gatekeeper.refuseHandshake(peer, why));
  }

  /// Takes no new request and waits for those that are being answered.
  void finish() {
    threads.close();
  }

  @Override
  public void close() {
    pages.close();
  }
}
