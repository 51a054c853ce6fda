package parley.mikey.group;

import parley.mikey.message.MacAlgorithm;
import parley.mikey.prf.MikeyPrf;

/// Which payloads and algorithms make a GSK announcement.
public enum AnnouncementProfile {
  /// The wire profile, section 3: what parley sends, and the only one that an [AnnouncementGate]
  /// admits.
  GROUP_CALL(MikeyPrf.HMAC_SHA_256, MacAlgorithm.HMAC_SHA_256_256),

  /// Nothing but the mandatory algorithms of RFC 3830, with ID payloads, an SRTP-ID map and the
  /// GMK-ID in a Key ID extension (RFC 4563). Its RAND binds nothing, so any member could announce
  /// another's key as its own: for talking to what knows no better, by programs that ask for it.
  RFC_3830_BASIC(MikeyPrf.MIKEY_1, MacAlgorithm.HMAC_SHA_1_160);

  private final MikeyPrf prf;
  private final MacAlgorithm mac;

  AnnouncementProfile(MikeyPrf prf, MacAlgorithm mac) {
    this.prf = prf;
    this.mac = mac;
  }

  /// Derives the keys of the message and those of the media.
  public MikeyPrf prf() {
    return prf;
  }

  MacAlgorithm mac() {
    return mac;
  }

  AnnouncementLayout layout() {
    return switch (this) {
      case GROUP_CALL -> GroupCallLayout.LAYOUT;
      case RFC_3830_BASIC -> BasicLayout.LAYOUT;
    };
  }
}
