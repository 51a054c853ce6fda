package parley.keys.kms.front;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import parley.keys.kms.front.Decision.Denied;
import parley.keys.kms.front.Decision.Granted;
import parley.keys.kms.registry.KmsUser;
import parley.mikey.identity.Identity;
import parley.mikey.identity.KeyPeriod;
import parley.mikey.identity.KmsCertificate;

/// Who may have which keys: pure, of what the registry knows and what is asked.
///
/// A user has its own keys, a manager those of its groups as well, and nobody any others. Only the
/// present period is open, and the next one from `ahead` before it begins: so that whoever is
/// withdrawn falls out soon, and nobody hoards (threats, row 26).
///
/// @param kms whose keys these are
/// @param ahead how long before a key period begins its keys are given
public record KeyPolicy(KmsCertificate kms, Duration ahead) {
  private static final int MOST_DEVICE_OCTETS = 128;

  /// Decides on the wish of `user`, who is known to be that.
  public Decision decide(KmsUser user, Wish wish, Instant now) {
    if (user.homeKms() != null && !user.homeKms().equals(kms.kmsUri())) {
      return new Denied(
          Denial.OTHER_KMS,
          "%s belongs to KMS %s, not to %s; ask there"
              .formatted(user.identity(), user.homeKms(), kms.kmsUri()));
    }
    if (user.revoked() != null) {
      return new Denied(
          Denial.REVOKED,
          "the keys of %s are withdrawn; ask the operator of KMS %s"
              .formatted(user.identity(), kms.kmsUri()));
    }
    Identity who = wish.who() == null ? user.identity() : wish.who();
    if (!who.equals(user.identity()) && !user.managed().contains(who)) {
      return new Denied(
          Denial.NOT_YOURS,
          "%s may have its own keys and those of groups it manages; the one asked for is neither"
              .formatted(user.identity()));
    }
    return onDevice(user, who, wish, now);
  }

  private Decision onDevice(KmsUser user, Identity who, Wish wish, Instant now) {
    String device = device(user, wish);
    if (device.isEmpty()) {
      return new Denied(
          Denial.NO_DEVICE, "the request names no device; write 1 to 128 octets as its DeviceId");
    }
    if (!user.devices().isEmpty() && !user.devices().contains(device)) {
      return new Denied(
          Denial.OTHER_DEVICE,
          "this is no device of %s; ask the operator of KMS %s to add it"
              .formatted(user.identity(), kms.kmsUri()));
    }
    String issued = who.equals(user.identity()) ? device : managersDevice(user, device);
    return inPeriod(who, issued, wish, now);
  }

  /// The device of the request, or the only one that the user has; empty where neither is.
  private static String device(KmsUser user, Wish wish) {
    String named = wish.device();
    if (named == null) {
      return user.devices().size() == 1 ? user.devices().iterator().next() : "";
    }
    return named.getBytes(UTF_8).length <= MOST_DEVICE_OCTETS ? named : "";
  }

  /// Two managers of one group may call their devices alike, and must not share an SSK (RFC 6509,
  /// 2.3).
  private static String managersDevice(KmsUser manager, String device) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      sha256.update(manager.identity().octets());
      sha256.update((byte) 0);
      return "manager:" + HexFormat.of().formatHex(sha256.digest(device.getBytes(UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this JDK has no SHA-256", e);
    }
  }

  private Decision inPeriod(Identity who, String device, Wish wish, Instant now) {
    KeyPeriod present = kms.periodAt(now);
    KeyPeriod next = kms.next(present);
    Instant opens = next.from().minus(ahead);
    boolean isNextOpen = !now.isBefore(opens);
    Instant at = wish.at();
    if (at == null) {
      List<KeyPeriod> periods = isNextOpen ? List.of(present, next) : List.of(present);
      return new Granted(who, periods, device);
    }
    if (present.contains(at)) {
      return new Granted(who, List.of(present), device);
    }
    if (at.isBefore(present.from())) {
      return new Denied(
          Denial.ALREADY_OVER,
          "the key period of %s is over; the present one is %d, until %s"
              .formatted(at, present.number(), present.until()));
    }
    return next.contains(at) && isNextOpen
        ? new Granted(who, List.of(next), device)
        : notOpen(at, next);
  }

  private Denied notOpen(Instant at, KeyPeriod next) {
    KeyPeriod wanted = next.contains(at) ? next : kms.periodAt(at);
    return new Denied(
        Denial.NOT_YET_OPEN,
        "key period %d is not open until %s; ask then"
            .formatted(wanted.number(), wanted.from().minus(ahead)));
  }
}
