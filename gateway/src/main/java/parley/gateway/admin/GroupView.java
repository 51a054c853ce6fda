package parley.gateway.admin;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import parley.mikey.identity.Identity;

/// One group in detail at one moment, for the control API.
///
/// @param muted talkers of whom nothing is relayed
public record GroupView(
    Identity id,
    List<LegView> legs,
    List<Identity> bridges,
    List<BurstView> bursts,
    List<GmkView> gmks,
    List<Identity> muted,
    List<ReceiverView> receivers) {
  public GroupView {
    legs = List.copyOf(legs);
    bridges = List.copyOf(bridges);
    bursts = List.copyOf(bursts);
    gmks = List.copyOf(gmks);
    muted = List.copyOf(muted);
    receivers = List.copyOf(receivers);
  }

  /// One leg and direction.
  ///
  /// @param name as in the metrics, `239.10.0.1:5004%eth0`
  /// @param direction `in` or `out`
  /// @param receiveFull packets that the kernel dropped before they were read; 0 where it does not
  ///   tell
  /// @param fault why it does not work now, for example that its interface is gone; null when it
  ///   does
  public record LegView(
      String name,
      String direction,
      long packets,
      long octets,
      long receiveFull,
      @Nullable String fault) {}

  /// One receiver of the unicast relay.
  ///
  /// @param address `10.0.0.7:5004`
  /// @param by `configuration`, `control` or `joined`
  /// @param member who joined; null for the others
  /// @param since when it joined; null for the others
  public record ReceiverView(
      String address, String by, @Nullable Identity member, @Nullable Instant since) {}

  /// One burst that runs.
  ///
  /// @param speaker for people, `sip:alice@x via sip:gpe1@y`
  /// @param talker who signed the announcement
  /// @param own whether this gateway announced it, for a talker of another group
  /// @param disputed whether two announcements or transmitters disagreed about it
  public record BurstView(
      int csbId,
      String speaker,
      Identity talker,
      boolean own,
      String profile,
      Instant startedAt,
      Instant lastPacketAt,
      long packets,
      long octets,
      boolean disputed,
      boolean muted) {}

  /// One group master key: no secret, only its name and its life.
  ///
  /// @param activation [Instant#MIN] where it may be used from the beginning
  /// @param expiry [Instant#MAX] where the period of use is unlimited
  /// @param state `current`, `future`, `older` or `expired`
  public record GmkView(
      int gmkId, Instant issued, Instant activation, Instant expiry, String state) {}
}
