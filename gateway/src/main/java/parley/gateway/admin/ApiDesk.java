package parley.gateway.admin;

import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// `/api/v1`: finds the route of a request, lets in whoever may take it, and says what else there
/// is. Any thread.
final class ApiDesk {
  static final String ROOT = "/api/v1";
  static final String DESCRIPTION = "/openapi.json";
  private static final Logger LOG = LoggerFactory.getLogger(ApiDesk.class);

  private final List<ApiRoute> routes;
  private final String description;
  private final Gatekeeper gatekeeper;

  ApiDesk(List<ApiRoute> routes, String description, Gatekeeper gatekeeper) {
    this.routes = List.copyOf(routes);
    this.description = description;
    this.gatekeeper = gatekeeper;
  }

  /// @throws RequestRefused for whatever is not let in or does not fit
  Answer answer(AdminRequest request) throws RequestRefused {
    String path = request.path().substring(ROOT.length());
    if (path.equals(DESCRIPTION)) {
      return description(request);
    }
    Set<String> methods = new TreeSet<>();
    for (ApiRoute route : routes) {
      Optional<List<String>> segments = route.match(path);
      if (segments.isPresent() && route.method().equals(request.method())) {
        return answer(request, route, segments.get());
      }
      if (segments.isPresent()) {
        methods.add(route.method().name());
      }
    }
    if (methods.isEmpty()) {
      throw new RequestRefused(
          HttpResponseStatus.NOT_FOUND,
          "there is no such path; %s%s tells all".formatted(ROOT, DESCRIPTION));
    }
    if (methods.contains("GET")) {
      methods.add("HEAD");
    }
    String allowed = String.join(", ", methods);
    throw new RequestRefused(Answer.wrongMethod("this path knows " + allowed, allowed));
  }

  /// Public: it holds nothing of this server.
  private Answer description(AdminRequest request) throws RequestRefused {
    if (request.isChange()) {
      throw new RequestRefused(Answer.wrongMethod("this path knows GET, HEAD", "GET, HEAD"));
    }
    return Answer.text("application/json", description);
  }

  private Answer answer(AdminRequest request, ApiRoute route, List<String> segments)
      throws RequestRefused {
    Caller caller = gatekeeper.admit(request, route.role());
    if (request.query() != null) {
      throw new RequestRefused(HttpResponseStatus.BAD_REQUEST, "this path takes no query");
    }
    if (!route.takesBody() && !request.body().isEmpty()) {
      throw new RequestRefused(
          HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE, "this path takes no body");
    }
    try {
      return Answer.json(HttpResponseStatus.OK, route.handler().answer(request, caller, segments));
    } catch (ControlRefused e) {
      LOG.atWarn()
          .addKeyValue("actor", caller.actor())
          .log("{} {} refused: {}", request.method(), request.path(), e.getMessage());
      throw new RequestRefused(
          Answer.error(status(e.kind()), String.valueOf(e.getMessage()), e.findings()));
    }
  }

  private static HttpResponseStatus status(ControlRefused.Kind kind) {
    return switch (kind) {
      case UNKNOWN -> HttpResponseStatus.NOT_FOUND;
      case INVALID -> HttpResponseStatus.UNPROCESSABLE_ENTITY;
      case CONFLICT -> HttpResponseStatus.CONFLICT;
      case UNAVAILABLE -> HttpResponseStatus.SERVICE_UNAVAILABLE;
    };
  }
}
