package parley.mikey.message;

import java.util.Arrays;
import java.util.Optional;

/// What a key of TS 33.180 is for: the four top bits of its id (annex G), and the key type of its
/// parameters (E.6).
public enum KeyPurpose implements Coded {
  /// A group's media.
  GMK(0),
  /// A private call.
  PCK(1),
  /// Between a client and its server.
  CSK(2),
  /// Between servers.
  SPK(3),
  /// Floor control over multicast.
  MKFC(4),
  /// Control of broadcast bearers.
  MSCCK(5),
  /// Signalling of many clients with one server.
  MUSIK(6);

  private static final int TAG_SHIFT = 28;

  private final int code;

  KeyPurpose(int code) {
    this.code = code;
  }

  @Override
  public int code() {
    return code;
  }

  /// That of a key id, or of the CSB ID of the I_MESSAGE that brings it.
  public static Optional<KeyPurpose> ofId(int id) {
    return Arrays.stream(values()).filter(purpose -> purpose.code == id >>> TAG_SHIFT).findFirst();
  }
}
