package parley.mikey.group;

import java.util.List;
import org.jspecify.annotations.Nullable;
import parley.mikey.identity.Identity;
import parley.mikey.message.Octets;
import parley.mikey.message.Payload;

/// What an announcement says in clear, but for its T. `gskId` is [GroupSessionKey#NO_ID] where the
/// map names no SPI, `kmsUri` is empty where the layout names no KMS.
record AnnouncementFields(
    int csbId,
    Octets rand,
    Identity talker,
    Identity group,
    int gmkId,
    String kmsUri,
    List<CryptoSession> sessions,
    int gskId,
    Payload.SecurityPolicy policy,
    @Nullable BridgeOrigin origin) {

  AnnouncementFields {
    sessions = List.copyOf(sessions);
  }

  AnnouncementFields with(List<CryptoSession> now) {
    return new AnnouncementFields(
        csbId, rand, talker, group, gmkId, kmsUri, now, gskId, policy, origin);
  }
}
