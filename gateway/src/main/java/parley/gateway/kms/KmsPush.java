package parley.gateway.kms;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.gateway.admin.ControlRefused;
import parley.gateway.config.KmsServerConfig.GbaConfig;
import parley.gateway.config.KmsServerConfig.PushConfig;
import parley.gateway.config.PeerConfig;
import parley.keys.gba.Fqdn;
import parley.keys.gba.NafId;
import parley.keys.gba.Tid;
import parley.keys.gba.UaProtocol;
import parley.keys.gba.push.FilePush;
import parley.keys.gba.push.PushNaf;
import parley.keys.gba.push.PushTransport;
import parley.keys.gba.push.UdpPush;
import parley.keys.gba.zn.HttpZnClient;
import parley.keys.gba.zn.NafKey;
import parley.keys.gba.zn.ZnClient;
import parley.keys.http.TlsRefused;
import parley.keys.kms.registry.KmsUser;

/// A KMS calls its users by GBA push (TS 33.223), so that they come for new keys. Any thread.
public final class KmsPush implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(KmsPush.class);
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private final PushNaf naf;

  private KmsPush(ZnClient zn, GbaConfig gba, PushConfig how, Consumer<NafKey> association)
      throws IOException {
    var id = new NafId(Fqdn.of(gba.fqdn()), UaProtocol.HTTP_DIGEST);
    naf = new PushNaf(id, zn, transport(how), association);
  }

  /// Zn, as the configuration has it; the caller closes it.
  static HttpZnClient zn(PeerConfig bsf) throws TlsRefused {
    return new HttpZnClient(bsf.url(), bsf.tls(), PATIENCE);
  }

  /// Over `zn`, which stays the caller's.
  ///
  /// @param association takes each key before its message leaves, and copies what it keeps
  static KmsPush over(ZnClient zn, GbaConfig gba, PushConfig how, Consumer<NafKey> association)
      throws IOException {
    return new KmsPush(zn, gba, how, association);
  }

  /// Beside a running server, which asks the BSF itself when the UE comes.
  public static KmsPush open(GbaConfig gba, PushConfig how) throws TlsRefused, IOException {
    HttpZnClient zn = zn(gba.bsf());
    boolean isDone = false;
    try {
      KmsPush made = over(zn, gba, how, _ -> {});
      made.open.addLast(zn);
      isDone = true;
      return made;
    } finally {
      if (!isDone) {
        zn.close();
      }
    }
  }

  private PushTransport transport(PushConfig how) throws IOException {
    return switch (how) {
      case PushConfig.ByUdp(var ues) -> {
        UdpPush udp = UdpPush.open(ue -> Optional.ofNullable(ues.get(ue)));
        open.push(udp);
        yield udp;
      }
      case PushConfig.ByFile(var folder) -> new FilePush(Files.createDirectories(folder));
    };
  }

  /// Calls this user.
  ///
  /// @return the name under which its UE will come
  /// @throws ControlRefused with one sentence; nothing was sent then
  public Tid call(KmsUser user) throws ControlRefused {
    String uri = user.identity().uri();
    if (user.revoked() != null) {
      throw new ControlRefused(
          ControlRefused.Kind.CONFLICT, uri + " gets no keys; reinstate it before it is called");
    }
    try {
      return naf.call(user.identity())
          .orElseThrow(() ->
              new ControlRefused(
                  ControlRefused.Kind.UNKNOWN,
                  "the BSF has no subscriber with the identity %s; import it there"
                      .formatted(uri)));
    } catch (IOException e) {
      throw new ControlRefused(
          ControlRefused.Kind.UNAVAILABLE, String.valueOf(e.getMessage()), List.of(), e);
    }
  }

  /// The same, told to an operator.
  Map<String, ?> called(KmsUser user) throws ControlRefused {
    return Map.of("identity", user.identity().uri(), "tid", call(user).text());
  }

  @Override
  public void close() {
    while (!open.isEmpty()) {
      try {
        open.pop().close();
      } catch (Exception e) {
        LOG.atWarn().setCause(e).log("not closed");
      }
    }
  }
}
