package parley.gateway.config;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import parley.mikey.identity.Identity;

/// What a gateway is told: checked as a whole, paths absolute, defaults filled in.
///
/// @param identity who the gateway is in every group
/// @param device name of this device; two devices of one identity have keys of their own (RFC 6509,
///   2.3)
/// @param mikeyListen where announcements and GMKs arrive besides the media ports
/// @param mikeyHttp where they come as bodies of plain HTTP; null: nowhere
/// @param drainOnStop how long running bursts may go on after SIGTERM; zero ends them at once
/// @param srtpEngine name of the cipher engine, or `auto`
public record GatewayConfig(
    Identity identity,
    String device,
    VaultConfig vault,
    @Nullable KmsConfig kms,
    InetSocketAddress mikeyListen,
    @Nullable InetSocketAddress mikeyHttp,
    AdminConfig admin,
    AuditConfig audit,
    Duration drainOnStop,
    RecordConfig record,
    MediaConfig media,
    String srtpEngine,
    ClockConfig clock,
    List<GroupConfig> groups) {
  /// No drain may take longer, whoever asks for it.
  public static final Duration LONGEST_DRAIN = Duration.ofHours(24);

  public GatewayConfig {
    groups = List.copyOf(groups);
  }
}
