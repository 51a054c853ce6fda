package parley.gateway.ue;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;
import parley.gateway.media.Leg;
import parley.mikey.group.MediaPolicy;
import parley.mikey.identity.Identity;

/// Where and how a media engine of another process will speak.
///
/// @param to where the engine's packets go
/// @param announceTo where the announcements go
/// @param withMki whether the engine writes an MKI
/// @param ssrc the engine's SSRC, or null to draw one
/// @param firstSeq the sequence number that the engine begins with, or null to draw one
/// @param knowsSeq whether the engine begins with the sequence number that it is told
/// @param payloadType passed on to the engine, or null
public record EngineBurstSettings(
    Identity group,
    Leg to,
    InetSocketAddress announceTo,
    MediaPolicy policy,
    boolean withMki,
    @Nullable Integer ssrc,
    @Nullable Integer firstSeq,
    boolean knowsSeq,
    @Nullable Integer payloadType) {

  public EngineBurstSettings {
    if (ssrc != null && ssrc == 0) {
      throw new IllegalArgumentException("SSRC 0 names no stream; choose another");
    }
    if (firstSeq != null && (firstSeq < 0 || firstSeq > 0xffff)) {
      throw new IllegalArgumentException("a sequence number is 0 to 65535, not " + firstSeq);
    }
  }
}
