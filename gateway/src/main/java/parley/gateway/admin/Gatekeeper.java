package parley.gateway.admin;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import parley.gateway.config.ClientConfig;
import parley.gateway.config.Role;

/// Lets a request in, or says why not.
///
/// Where nobody has to say who they are, on loopback, the danger is a browser on the same host that
/// a foreign page directs here. Such a page can send requests, so those that change something are
/// refused when they have an `Origin`; and it can have its own name lead here (DNS rebinding), so
/// all are refused whose `Host` is not this host. Any thread.
final class Gatekeeper {
  private static final String BEARER = "Bearer ";

  private final AdminCounters counters;
  private final RefusedNotes notes;

  Gatekeeper(AdminCounters counters, RefusedNotes notes) {
    this.counters = counters;
    this.notes = notes;
  }

  Caller admit(AdminRequest request, Role needed) throws RequestRefused {
    if (request.headers().getAll(HttpHeaderNames.HOST).size() != 1) {
      throw new RequestRefused(HttpResponseStatus.BAD_REQUEST, "one Host header belongs here");
    }
    if (request.isChange() && isFromPage(request)) {
      throw refused(
          request,
          stranger(request),
          AccessFailure.ORIGIN,
          "a page in a browser may not change anything here");
    }
    Caller caller =
        request.access().config().isAuthenticating() ? known(request) : neighbour(request);
    if (!caller.role().covers(needed)) {
      throw refused(
          request,
          caller.actor(),
          AccessFailure.ROLE,
          "%s has the role %s; this needs %s"
              .formatted(caller.actor(), caller.role().label(), needed.label()));
    }
    return caller;
  }

  /// A client that TLS did not let in.
  void refuseHandshake(InetAddress peer, String why) {
    counters.refused(AccessFailure.HANDSHAKE);
    notes.note("unknown at " + peer.getHostAddress(), "", why);
  }

  private static boolean isFromPage(AdminRequest request) {
    String site = request.headers().get("sec-fetch-site", "none");
    return request.headers().contains(HttpHeaderNames.ORIGIN) || !site.equals("none");
  }

  private Caller neighbour(AdminRequest request) throws RequestRefused {
    String host = hostName(request.headers().get(HttpHeaderNames.HOST, ""));
    InetAddress address = NetUtil.createInetAddressFromIpAddressString(host);
    boolean isHere = address == null ? isLocalName(host) : address.isLoopbackAddress();
    if (!isHere) {
      throw refused(
          request,
          stranger(request),
          AccessFailure.HOST,
          "this server is asked as 127.0.0.1 or localhost, by no other name");
    }
    return new Caller("loopback", Role.OPERATE);
  }

  private static boolean isLocalName(String host) {
    return host.equalsIgnoreCase("localhost");
  }

  private static String hostName(String host) {
    if (host.startsWith("[")) {
      int end = host.indexOf(']');
      return end < 0 ? "" : host.substring(1, end);
    }
    int colon = host.indexOf(':');
    return colon < 0 ? host : host.substring(0, colon);
  }

  private Caller known(AdminRequest request) throws RequestRefused {
    List<String> credentials = request.headers().getAll(HttpHeaderNames.AUTHORIZATION);
    if (!credentials.isEmpty()) {
      return holder(request, credentials);
    }
    if (request.certificate() != null) {
      return client(request, request.certificate());
    }
    throw unknown(
        request,
        AccessFailure.NO_CREDENTIAL,
        "say who you are: Authorization: Bearer TOKEN, or a client certificate");
  }

  private Caller holder(AdminRequest request, List<String> credentials) throws RequestRefused {
    String credential = credentials.getFirst();
    Optional<AccessToken> token =
        credentials.size() == 1 && credential.startsWith(BEARER)
            ? request.access().find(credential.substring(BEARER.length()))
            : Optional.empty();
    if (token.isEmpty()) {
      throw unknown(request, AccessFailure.UNKNOWN_TOKEN, "this token is not known here");
    }
    return new Caller("token " + token.get().name(), token.get().role());
  }

  private Caller client(AdminRequest request, X509Certificate certificate) throws RequestRefused {
    List<String> names = names(certificate);
    for (ClientConfig client : request.access().config().clients()) {
      if (names.contains(client.name().toLowerCase(Locale.ROOT))) {
        return new Caller("certificate " + client.name(), client.role());
      }
    }
    throw refused(
        request,
        "certificate " + certificate.getSubjectX500Principal().getName(),
        AccessFailure.UNKNOWN_CERTIFICATE,
        "the certificate is good, but its name is not among admin.clients");
  }

  /// Subject alternative names and the common name, in lower case.
  private static List<String> names(X509Certificate certificate) {
    List<String> names = new ArrayList<>();
    try {
      Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
      if (alternatives != null) {
        alternatives.stream()
            .map(List::getLast)
            .filter(String.class::isInstance)
            .forEach(name -> names.add(String.valueOf(name).toLowerCase(Locale.ROOT)));
      }
      new LdapName(certificate.getSubjectX500Principal().getName())
          .getRdns().stream()
              .filter(rdn -> rdn.getType().equalsIgnoreCase("CN"))
              .forEach(rdn -> names.add(String.valueOf(rdn.getValue()).toLowerCase(Locale.ROOT)));
    } catch (CertificateParsingException | InvalidNameException _) {
      return List.of();
    }
    return names;
  }

  private static String stranger(AdminRequest request) {
    return "unknown at " + request.peer().getHostAddress();
  }

  private RequestRefused unknown(AdminRequest request, AccessFailure failure, String why) {
    count(request, stranger(request), failure, why);
    return new RequestRefused(
        Answer.error(HttpResponseStatus.UNAUTHORIZED, why)
            .with(HttpHeaderNames.WWW_AUTHENTICATE, "Bearer realm=\"parley\""));
  }

  private RequestRefused refused(
      AdminRequest request, String actor, AccessFailure failure, String why) {
    count(request, actor, failure, why);
    return new RequestRefused(HttpResponseStatus.FORBIDDEN, why);
  }

  private void count(AdminRequest request, String actor, AccessFailure failure, String why) {
    counters.refused(failure);
    notes.note(actor, request.method() + " " + request.path(), why);
  }
}
