package parley.gateway.admin;

import static parley.gateway.admin.ApiRoute.act;
import static parley.gateway.admin.ApiRoute.read;

import io.netty.handler.codec.http.HttpMethod;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import parley.gateway.config.Addresses;
import parley.gateway.config.GatewayConfig;
import parley.gateway.config.Timespan;
import parley.gateway.media.Leg;
import parley.mikey.identity.Identity;

/// What an operator may see and do in detail with a gateway. `openapi.json` describes it, and a
/// test holds the two together.
///
/// Calls may wait for media loops, so they are answered on threads of their own.
final class ControlApi {
  private final AuditedControl control;
  private final GatewayStatus status;
  private final String version;
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

  ControlApi(AuditedControl control, GatewayStatus status, String version) {
    this.control = control;
    this.status = status;
    this.version = version;
  }

  List<ApiRoute> routes() {
    return routes;
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

  String description() {
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
