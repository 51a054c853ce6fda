package parley.keys.manager;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// What a member of a group may do.
public enum Permission {
  /// Announce session keys and send media.
  TALK,
  /// Receive the group's media.
  LISTEN,
  /// Bring media of another group in, re-keyed, as a gateway.
  RELAY,
  /// Change the list of members; alone it brings no GMK.
  MANAGE;

  /// As it stands in a members file.
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// The permission with exactly this word.
  public static Optional<Permission> withWord(String word) {
    return Arrays.stream(values()).filter(permission -> permission.word().equals(word)).findFirst();
  }
}
