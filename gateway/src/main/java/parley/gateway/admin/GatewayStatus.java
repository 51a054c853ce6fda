package parley.gateway.admin;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import parley.gateway.keying.GmkCounters;
import parley.gateway.keying.MikeyHttpCounters;
import parley.gateway.media.PacketLatency;
import parley.gateway.media.TrunkCounters;
import parley.keys.enrol.RenewalState;

/// What a running gateway tells about itself. Asked from the admin thread at any moment: an answer
/// must neither wait for a media loop nor for anything remote.
public interface GatewayStatus {
  Readiness readiness();

  /// One entry for each group, in the order of the configuration.
  List<GroupStatus> groups();

  /// Null where nothing is recorded.
  @Nullable RecorderStatus recorder();

  /// This clock minus the reference, KMS or talkers; null while there is nothing to compare with.
  @Nullable Duration clockOffset();

  ClockState clockState();

  /// How long packets stay in this gateway, for each loop that has sockets.
  default List<PacketLatency> latencies() {
    return List.of();
  }

  /// What each trunk has counted, one for each direction and place.
  default List<TrunkCounters> trunks() {
    return List.of();
  }

  /// What became of the GMK messages, however they came; the live counters.
  GmkCounters gmkMessages();

  /// What became of requests to MIKEY's HTTP port; null without one.
  default @Nullable MikeyHttpCounters mikeyHttp() {
    return null;
  }

  /// How the renewal of its own keys goes; null where it has no KMS.
  default @Nullable RenewalState keyRenewal() {
    return null;
  }

  /// The name of the SRTP engine in use, such as `native:avx512`.
  String cipherEngine();
}
