package parley.gateway.media;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import parley.mikey.group.BridgeOrigin;
import parley.mikey.group.VerifiedAnnouncement;
import parley.mikey.identity.Identity;
import parley.srtp.SrtpPolicy;

/// One verified crypto session bundle in one group: who talks, under which keys, in which streams.
///
/// Made by keying on any thread, confined to the group's loop from its installation on. Owns the
/// sessions of its streams; `close` zeroes them.
public final class Burst implements AutoCloseable {
  private static final byte[] NO_KEY_ID = {};

  /// What the announcement says, apart from its keys.
  record Origin(
      Identity group, Identity talker, @Nullable BridgeOrigin bridged, int csbId, int mki) {}

  private final Origin origin;
  private final @Nullable VerifiedAnnouncement announcement;
  private final SrtpPolicy policy;
  private final List<Stream> streams;
  private final byte @Nullable [] wrappedGsk;
  private final byte[] recordingKeyId;
  private final Instant startedAt;
  private long packets;
  private long octets;
  private long lastPacketUnixNanos;
  private boolean saidBye;
  private boolean muted;

  private Burst(
      Origin origin,
      @Nullable VerifiedAnnouncement announcement,
      SrtpPolicy policy,
      List<StreamKeys> keys,
      byte @Nullable [] wrappedGsk,
      byte[] recordingKeyId,
      Instant startedAt) {
    this.origin = origin;
    this.announcement = announcement;
    this.policy = policy;
    this.wrappedGsk = wrappedGsk == null ? null : wrappedGsk.clone();
    this.recordingKeyId = recordingKeyId.clone();
    this.startedAt = startedAt;
    List<Stream> made = new ArrayList<>(keys.size());
    for (StreamKeys stream : keys) {
      made.add(new Stream(this, stream));
    }
    this.streams = List.copyOf(made);
  }

  /// The burst of a verified announcement.
  ///
  /// @param wrappedGsk the GSK under the recording key, or null where nothing is recorded
  /// @param recordingKeyId which key wrapped it; empty where nothing is recorded
  public static Burst of(
      VerifiedAnnouncement announcement,
      SrtpPolicy policy,
      List<StreamKeys> streams,
      byte @Nullable [] wrappedGsk,
      byte[] recordingKeyId,
      Instant verifiedAt) {
    Origin origin =
        new Origin(
            announcement.group(),
            announcement.talker(),
            announcement.origin(),
            announcement.csbId(),
            announcement.gskId());
    return new Burst(origin, announcement, policy, streams, wrappedGsk, recordingKeyId, verifiedAt);
  }

  /// A burst without an announcement behind it, for tests of the media plane alone.
  static Burst unannounced(
      Origin origin, SrtpPolicy policy, List<StreamKeys> streams, Instant startedAt) {
    return new Burst(origin, null, policy, streams, null, NO_KEY_ID, startedAt);
  }

  public Identity group() {
    return origin.group();
  }

  public int csbId() {
    return origin.csbId();
  }

  /// Who signed the announcement: the talker, or the gateway that bridges for him.
  public Identity talker() {
    return origin.talker();
  }

  public @Nullable BridgeOrigin origin() {
    return origin.bridged();
  }

  /// `sip:alice@x`, or `sip:alice@x via sip:gpe1@y` where a gateway vouches for the talker.
  public String speaker() {
    BridgeOrigin bridged = origin.bridged();
    return bridged == null ? talker().uri() : bridged.talker().uri() + " via " + talker().uri();
  }

  /// The GSK-ID, which packets carry as MKI.
  public int mki() {
    return origin.mki();
  }

  public SrtpPolicy policy() {
    return policy;
  }

  public List<Stream> streams() {
    return streams;
  }

  public VerifiedAnnouncement announcement() {
    return Objects.requireNonNull(announcement, "a burst of a test has no announcement");
  }

  public byte @Nullable [] wrappedGsk() {
    return wrappedGsk == null ? null : wrappedGsk.clone();
  }

  public byte[] recordingKeyId() {
    return recordingKeyId.clone();
  }

  boolean isAnnounced() {
    return announcement != null;
  }

  /// RTP and RTCP packets accepted, over all streams.
  public long packets() {
    return packets;
  }

  /// Octets of those packets as they were received.
  public long octets() {
    return octets;
  }

  /// When its announcement was verified.
  public Instant startedAt() {
    return startedAt;
  }

  /// When its last packet was received; its start as long as there was none.
  public Instant lastPacketAt() {
    return packets == 0 ? startedAt : Instant.ofEpochSecond(0, lastPacketUnixNanos);
  }

  @Nullable Stream stream(int ssrc) {
    for (Stream stream : streams) {
      if (stream.ssrc() == ssrc) {
        return stream;
      }
    }
    return null;
  }

  void accepted(int packetOctets, long receivedUnixNanos) {
    packets++;
    octets += packetOctets;
    lastPacketUnixNanos = receivedUnixNanos;
  }

  /// Passes nothing of it on, or lets it pass again. What comes is authenticated, counted and
  /// recorded all the same.
  public void mute(boolean silent) {
    muted = silent;
  }

  public boolean isMuted() {
    return muted;
  }

  /// Notes a BYE; true the first time.
  boolean sayBye() {
    boolean first = !saidBye;
    saidBye = true;
    return first;
  }

  /// Zeroes the session keys; later packets of its streams are refused. The wrapped GSK stays: it
  /// is no secret without the recording key.
  @Override
  public void close() {
    streams.forEach(stream -> stream.session().close());
  }

  @Override
  public String toString() {
    return streams.stream()
        .map(Stream::toString)
        .collect(Collectors.joining(", ", "Burst[" + speaker() + ", ", "]"));
  }
}
