package parley.gateway.config;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import parley.gateway.media.NettyTransport;
import parley.mikey.identity.Identity;

/// Reads the top of the configuration; each method one block of it.
final class GatewayReader {
  private static final InetSocketAddress MIKEY_LISTEN = Addresses.server("0.0.0.0:2269");
  private static final int MAX_LOOPS = 64;
  private static final Duration LONGEST_TICK = Duration.ofMillis(20);
  private static final Map<Integer, String> PAYLOAD_TYPES =
      Map.of(
          0,
          "PCMU/8000",
          8,
          "PCMA/8000",
          10,
          "L16/44100/2",
          11,
          "L16/44100/1",
          96,
          "opus/48000/2",
          111,
          "opus/48000/2");

  private final ConfigFolder folder;

  GatewayReader(ConfigFolder folder) {
    this.folder = folder;
  }

  /// @see RecordConfig
  private static final long WARN_BELOW_OCTETS = 1L << 30;

  /// Null, or incomplete, where a finding was recorded.
  @Nullable GatewayConfig read(Setting root) {
    Section top =
        root.section(
            "identity",
            "device",
            "vault",
            "kms",
            "mikey",
            "admin",
            "audit",
            "drain-on-stop",
            "record",
            "media",
            "clock",
            "groups");
    Identity identity = top.required("identity", Identity::new, "sip:gpe1@example.org");
    VaultConfig vault = VaultReader.read(top, folder);
    KmsConfig kms = KmsReader.read(top, folder);
    Section mikeyPorts = mikey(top);
    InetSocketAddress mikey = mikeyPorts.value("listen", Addresses::server, MIKEY_LISTEN);
    InetSocketAddress mikeyHttp = mikeyPorts.optional("http", Addresses::server);
    var operation = new OperationReader(folder, top);
    AdminConfig admin = operation.admin();
    if (mikeyHttp != null) {
      CrossChecks.checkHttp(mikeyPorts, mikeyHttp, admin.listen());
    }
    AuditConfig audit = operation.audit();
    Duration drainOnStop = operation.drainOnStop();
    RecordConfig record = record(top);
    Section media = media(top);
    List<GroupConfig> groups = groups(top, identity, mikey);
    if (identity == null || vault == null) {
      return null;
    }
    return new GatewayConfig(
        identity,
        top.value("device", Values::name, "gateway"),
        vault,
        kms,
        mikey,
        mikeyHttp,
        admin,
        audit,
        drainOnStop,
        record,
        new MediaConfig(
            media.value("io", Values.oneOf("auto", "batch", "netty", "nio"), "auto"),
            media.value(
                "tick", Values.duration(Duration.ZERO, LONGEST_TICK), NettyTransport.DEFAULT_TICK),
            media.value("loops", Values.integer(1, MAX_LOOPS), loops()),
            payloadTypes(media.find("payload-types"))),
        media.value("srtp-engine", Values::srtpEngine, "auto"),
        clock(top),
        groups);
  }

  private static Section mikey(Section top) {
    Setting found = top.find("mikey");
    return found == null ? new Section(top.setting(), null) : found.section("listen", "http");
  }

  private RecordConfig record(Section top) {
    Setting found = top.find("record");
    Section record =
        found == null ? new Section(top.setting(), null) : found.section("directory", "warn-below");
    return new RecordConfig(
        record.value("directory", folder::directory, folder.path("recordings")),
        record.value("warn-below", Values::octets, WARN_BELOW_OCTETS));
  }

  private static ClockConfig clock(Section top) {
    Setting found = top.find("clock");
    return new ClockConfig(
        found != null
            && found
                .section("require-synchronised")
                .value("require-synchronised", Values::yesOrNo, false));
  }

  private static Section media(Section top) {
    Setting found = top.find("media");
    return found == null
        ? new Section(top.setting(), null)
        : found.section("io", "tick", "loops", "srtp-engine", "payload-types");
  }

  private static int loops() {
    return Math.min(4, Runtime.getRuntime().availableProcessors());
  }

  private static Map<Integer, String> payloadTypes(@Nullable Setting found) {
    Map<Integer, String> types = new TreeMap<>(PAYLOAD_TYPES);
    if (found != null) {
      for (Named<String> entry : found.entries()) {
        String encoding = entry.setting().as(Values::encoding);
        Integer type = payloadType(entry);
        if (encoding != null && type != null) {
          types.put(type, encoding);
        }
      }
    }
    return types;
  }

  private static @Nullable Integer payloadType(Named<String> entry) {
    try {
      return Values.payloadType(entry.value());
    } catch (IllegalArgumentException e) {
      entry.setting().wrong(String.valueOf(e.getMessage()));
      return null;
    }
  }

  private List<GroupConfig> groups(
      Section top, @Nullable Identity identity, InetSocketAddress mikey) {
    if (!top.has("groups")) {
      top.setting().absent("groups").wrong("is missing; a gateway serves one group or more");
    }
    var checks = new CrossChecks(identity, mikey);
    var reader = new GroupReader(folder, checks);
    List<GroupConfig> groups = new ArrayList<>();
    for (Setting item : top.items("groups")) {
      GroupConfig group = reader.read(item);
      if (group != null) {
        groups.add(group);
      }
    }
    Setting list = top.find("groups");
    if (list != null && list.isEmptyList()) {
      list.wrong("names no group; a gateway serves one or more");
    }
    checks.finish();
    return groups;
  }
}
