package parley.gateway.admin;

import static parley.gateway.admin.ApiRoute.act;
import static parley.gateway.admin.ApiRoute.read;

import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.gateway.config.Addresses;
import parley.gateway.config.GatewayConfig;
import parley.gateway.config.Timespan;
import parley.gateway.media.Leg;
import parley.mikey.identity.Identity;

/// `/api/v1`: what an operator may see and do in detail. `openapi.json` describes it, and a test
/// holds the two together.
///
/// Calls may wait for media loops, so they are answered on threads of their own.
final class ControlApi {
  static final String ROOT = "/api/v1";
  static final String DESCRIPTION = "/openapi.json";
  private static final Logger LOG = LoggerFactory.getLogger(ControlApi.class);

  private final AuditedControl control;
  private final GatewayStatus status;
  private final String version;
  private final Gatekeeper gatekeeper;
  private final String description = description();
  private final List<ApiRoute> routes =
      List.of(
          read("/version", (_, _, _) -> version()),
          read("/groups", (_, _, _) -> groups()),
          read("/groups/{id}", (_, _, path) -> ApiViews.details(group(path))),
          read("/groups/{id}/legs", (_, _, path) -> part("legs", path, ApiViews::legs)),
          read("/groups/{id}/bursts", (_, _, path) -> part("bursts", path, ApiViews::bursts)),
          read("/groups/{id}/talkers", (_, _, path) -> part("talkers", path, ApiViews::talkers)),
          read("/groups/{id}/gmks", (_, _, path) -> part("gmks", path, ApiViews::gmks)),
          read(
              "/groups/{id}/receivers",
              (_, _, path) -> part("receivers", path, ApiViews::receivers)),
          act(
              HttpMethod.PUT,
              "/groups/{id}/receivers/{address}",
              Set.of(404),
              (_, caller, path) -> addReceiver(caller, path)),
          act(
              HttpMethod.DELETE,
              "/groups/{id}/receivers/{address}",
              Set.of(404),
              (_, caller, path) -> removeReceiver(caller, path)),
          act(
              HttpMethod.PUT,
              "/groups/{id}/mutes/{talker}",
              Set.of(404),
              (_, caller, path) -> mute(caller, path)),
          act(
              HttpMethod.DELETE,
              "/groups/{id}/mutes/{talker}",
              Set.of(404),
              (_, caller, path) -> unmute(caller, path)),
          act(HttpMethod.POST, "/reload", Set.of(), (_, caller, _) -> reload(caller)),
          read("/drain", (_, _, _) -> drainStatus()),
          act(HttpMethod.POST, "/drain", Set.of(), (request, caller, _) -> drain(request, caller))
              .withBody(),
          act(HttpMethod.POST, "/resume", Set.of(), (_, caller, _) -> resume(caller)),
          read("/recorder", (_, _, _) -> recorder()));

  ControlApi(AuditedControl control, GatewayStatus status, String version, Gatekeeper gatekeeper) {
    this.control = control;
    this.status = status;
    this.version = version;
    this.gatekeeper = gatekeeper;
  }

  List<ApiRoute> routes() {
    return routes;
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

  /// Public: it holds nothing of this gateway.
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

  private Map<String, ?> version() {
    return Map.of("version", version, "java", Runtime.version().toString());
  }

  private Map<String, ?> groups() throws ControlRefused {
    return Map.of("groups", control.groups().stream().map(ApiViews::summary).toList());
  }

  private GroupView group(List<String> path) throws ControlRefused {
    try {
      return control.group(new Identity(path.getFirst()));
    } catch (IllegalArgumentException _) {
      throw ControlRefused.unknownGroup(path.getFirst());
    }
  }

  private Map<String, ?> part(
      String name, List<String> path, Function<GroupView, List<Map<String, Object>>> part)
      throws ControlRefused {
    return Map.of(name, part.apply(group(path)));
  }

  private Map<String, ?> mute(Caller caller, List<String> path)
      throws ControlRefused, RequestRefused {
    Identity group = group(path).id();
    Identity talker = talker(path);
    control.mute(caller.actor(), group, talker);
    return muted(group, talker, true);
  }

  private Map<String, ?> unmute(Caller caller, List<String> path)
      throws ControlRefused, RequestRefused {
    Identity group = group(path).id();
    Identity talker = talker(path);
    control.unmute(caller.actor(), group, talker);
    return muted(group, talker, false);
  }

  private static Identity talker(List<String> path) throws RequestRefused {
    try {
      return new Identity(path.getLast());
    } catch (IllegalArgumentException e) {
      throw JsonBody.wrong("talker: " + e.getMessage());
    }
  }

  private static Map<String, ?> muted(Identity group, Identity talker, boolean isMuted) {
    return Map.of("group", group.uri(), "talker", talker.uri(), "muted", isMuted);
  }

  private Map<String, ?> addReceiver(Caller caller, List<String> path)
      throws ControlRefused, RequestRefused {
    Identity group = group(path).id();
    InetSocketAddress address = address(path);
    control.addReceiver(caller.actor(), group, address);
    return receives(group, address, true);
  }

  private Map<String, ?> removeReceiver(Caller caller, List<String> path)
      throws ControlRefused, RequestRefused {
    Identity group = group(path).id();
    InetSocketAddress address = address(path);
    control.removeReceiver(caller.actor(), group, address);
    return receives(group, address, false);
  }

  private static InetSocketAddress address(List<String> path) throws RequestRefused {
    try {
      return Addresses.destination(path.getLast());
    } catch (IllegalArgumentException e) {
      throw JsonBody.wrong("address: " + e.getMessage());
    }
  }

  private static Map<String, ?> receives(
      Identity group, InetSocketAddress address, boolean receives) {
    return Map.of(
        "group", group.uri(), "address", Leg.unicast(address).name(), "receives", receives);
  }

  private Map<String, ?> reload(Caller caller) throws ControlRefused {
    return ApiViews.reload(control.reload(caller.actor()));
  }

  private Map<String, ?> drain(AdminRequest request, Caller caller)
      throws ControlRefused, RequestRefused {
    String text = JsonBody.of(request, Set.of("deadline")).text("deadline", "30s");
    return ApiViews.drain(control.drain(caller.actor(), deadline(text)));
  }

  private static Duration deadline(String text) throws RequestRefused {
    try {
      return Timespan.between(Duration.ZERO, GatewayConfig.LONGEST_DRAIN, text);
    } catch (IllegalArgumentException e) {
      throw JsonBody.wrong("deadline: " + e.getMessage());
    }
  }

  private Map<String, ?> drainStatus() {
    return ApiViews.drain(control.drainStatus());
  }

  private Map<String, ?> resume(Caller caller) throws ControlRefused {
    return ApiViews.drain(control.resume(caller.actor()));
  }

  private Map<String, ?> recorder() {
    return ApiViews.recorder(status.recorder());
  }

  private static String description() {
    try (InputStream in = ControlApi.class.getResourceAsStream("openapi.json")) {
      if (in == null) {
        throw new IllegalStateException("openapi.json is not in the program");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException("openapi.json cannot be read", e);
    }
  }
}
