package parley.gateway.ue;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;
import parley.mikey.group.CryptoSession;
import parley.mikey.group.GroupSessionKey;
import parley.mikey.group.MediaPolicy;
import parley.mikey.identity.Identity;

/// What a media engine of another process must know of its stream besides the keys.
///
/// @param stream SSRC, and ROC and SEQ of the first packet where they are known
/// @param gskId the MKI, or [GroupSessionKey#NO_ID] for packets without one
/// @param address where the engine sends or listens
/// @param interfaceName the interface of a multicast address
/// @param payloadType what the command line says of it, or null
record EngineTerms(
    Identity talker,
    Identity group,
    int csbId,
    MediaPolicy policy,
    CryptoSession stream,
    int gskId,
    InetSocketAddress address,
    @Nullable String interfaceName,
    int ttl,
    @Nullable Integer payloadType) {

  boolean hasMki() {
    return gskId != GroupSessionKey.NO_ID;
  }
}
