package parley.gateway.ue;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import parley.mikey.group.BridgeOrigin;
import parley.mikey.identity.Identity;

/// Tells bursts apart that several gateways bridged from the same talker: only the one of the
/// gateway with the lowest URI is heard (wire profile, section 6).
///
/// The rule holds for the whole burst: where the lower one comes second, what the other brought so
/// far is dropped as well, because both carry the same speech. Confined to the group's loop.
final class BridgedTwins {
  private static final int REMEMBERED = 1024;

  private record Key(Identity talker, Identity group, int csbId) {
    static Key of(BridgeOrigin origin) {
      return new Key(origin.talker(), origin.group(), origin.csbId());
    }
  }

  private final Map<Key, Identity> lowest =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Identity> eldest) {
          return size() > REMEMBERED;
        }
      };

  /// A burst begins. Whether it is to be heard, as far as one can tell by now.
  boolean begins(@Nullable BridgeOrigin origin, Identity signer) {
    if (origin == null) {
      return true;
    }
    Identity chosen =
        lowest.merge(
            Key.of(origin), signer, (old, young) -> old.compareTo(young) < 0 ? old : young);
    return chosen.equals(signer);
  }

  /// A burst has ended. Whether it is the one that was to be heard.
  boolean isHeard(@Nullable BridgeOrigin origin, Identity signer) {
    return origin == null || signer.equals(lowest.get(Key.of(origin)));
  }
}
