package parley.gateway.media;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/// What becomes known of the datagrams of one socket: sent, or lost, with the reason, for their leg
/// or for nobody's. Confined to the socket's loop.
final class SendLosses {
  private long full;
  private long failed;

  /// Of nobody's leg.
  long full() {
    return full;
  }

  /// Of nobody's leg.
  long failed() {
    return failed;
  }

  void sent(@Nullable LegCounters leg) {
    if (leg != null) {
      leg.sent();
    }
  }

  /// The kernel has no room for so many.
  void full(@Nullable LegCounters leg, int datagrams) {
    if (leg == null) {
      full += datagrams;
    } else {
      leg.lost(DropReason.SEND_FULL, datagrams);
    }
  }

  /// There is no socket now.
  void closed(@Nullable LegCounters leg) {
    if (leg == null) {
      failed++;
    } else {
      leg.lost(DropReason.SEND_UNREACHABLE);
    }
  }

  /// The kernel refuses it, in these words.
  void refused(@Nullable Destination to, String said) {
    LegCounters leg = to == null ? null : to.leg();
    if (to == null || leg == null) {
      failed++;
    } else {
      DropReason reason = reason(said);
      leg.refused(reason, 1, sentence(reason, to.address(), said));
    }
  }

  /// The kernel refuses so many, with this error number.
  void refused(Destination to, int errno, int datagrams) {
    LegCounters leg = to.leg();
    if (leg == null) {
      failed += datagrams;
    } else {
      DropReason reason = reason(errno);
      leg.refused(reason, datagrams, to.sentence(errno, reason));
    }
  }

  private static DropReason reason(String said) {
    if (said.contains("unreachable")
        || said.contains("is down")
        || said.contains("o such device")) {
      return DropReason.SEND_UNREACHABLE;
    }
    return said.contains("not permitted") || said.contains("ermission denied")
        ? DropReason.SEND_FORBIDDEN
        : DropReason.SEND_FAILED;
  }

  private static DropReason reason(int errno) {
    return switch (errno) {
      case LinuxCalls.ENETUNREACH,
          LinuxCalls.EHOSTUNREACH,
          LinuxCalls.ENETDOWN,
          LinuxCalls.ENODEV ->
          DropReason.SEND_UNREACHABLE;
      case LinuxCalls.EPERM, LinuxCalls.EACCES -> DropReason.SEND_FORBIDDEN;
      default -> DropReason.SEND_FAILED;
    };
  }

  /// What the operator is told.
  static String sentence(DropReason reason, InetSocketAddress address, String said) {
    String to = address.getAddress().getHostAddress();
    return switch (reason) {
      case SEND_UNREACHABLE -> "there is no way to %s now; see ip route get %s".formatted(to, to);
      case SEND_FORBIDDEN -> "this host forbids sending to %s; see nft list ruleset".formatted(to);
      case SEND_BOUNCED ->
          "what is sent to %s port %d comes back: nobody listens there, or the way ends before it"
              .formatted(to, address.getPort());
      default -> "sending to %s fails: %s".formatted(to, said);
    };
  }
}
