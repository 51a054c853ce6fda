package parley.gateway.admin;

import io.netty.handler.codec.http.HttpResponseStatus;
import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.Map;
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
  private final AdminContent content;
  private final Gatekeeper gatekeeper;
  private final ApiDesk api;

  /// Owns `content` from now on.
  AdminSite(AdminContent content) {
    this.content = content;
    this.gatekeeper =
        new Gatekeeper(content.counters(), new RefusedNotes(content.audit(), content.clock()));
    this.api = new ApiDesk(content.routes(), content.description(), gatekeeper);
  }

  AdminCounters counters() {
    return content.counters();
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
      return Answer.error(HttpResponseStatus.INTERNAL_SERVER_ERROR, "see the log of this server");
    }
  }

  private Answer route(AdminRequest request) throws RequestRefused {
    if (request.path().startsWith(ApiDesk.ROOT + "/")) {
      return api.answer(request);
    }
    if (request.isChange()) {
      return Answer.wrongMethod("this path is read only: GET and HEAD", READ_ONLY);
    }
    if (!request.body().isEmpty()) {
      return Answer.error(HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE, "this path takes no body");
    }
    return switch (request.path()) {
      case "/healthz" -> Answer.json(HttpResponseStatus.OK, Map.of("status", "ok"));
      case "/readyz" -> readiness();
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
    return Answer.text(AdminContent.PROMETHEUS_TEXT, content.meters().scrape());
  }

  private Answer readiness() {
    Readiness readiness = content.readiness();
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("ready", readiness.isReady());
    fields.put("missing", readiness.missing());
    HttpResponseStatus code =
        readiness.isReady() ? HttpResponseStatus.OK : HttpResponseStatus.SERVICE_UNAVAILABLE;
    return Answer.json(code, fields);
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
    content.close();
  }
}
