package parley.gateway.keying;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.gateway.media.RekeyedStream;
import parley.keys.member.KeysMissing;
import parley.keys.member.Member;
import parley.mikey.group.Admission;
import parley.mikey.group.AnnouncementVerifier;
import parley.mikey.group.AnnouncementVerifier.Outcome;
import parley.mikey.group.BridgeOrigin;
import parley.mikey.group.CryptoSession;
import parley.mikey.group.GroupMasterKey;
import parley.mikey.group.GroupSessionKey;
import parley.mikey.group.GskAnnouncement;
import parley.mikey.group.UnverifiedAnnouncement;
import parley.mikey.group.VerifiedAnnouncement;
import parley.mikey.identity.Identity;
import parley.mikey.identity.NtpTimestamp;
import parley.mikey.message.MalformedMessage;

/// Makes and signs the announcements of this gateway in one group, for talkers that it carries.
///
/// Runs on the pool: a signature costs a fraction of a millisecond, and what was signed is read
/// back with a receiver's eyes before anybody else sees it.
final class OwnAnnouncer {
  private static final Logger LOG = LoggerFactory.getLogger(OwnAnnouncer.class);

  /// Octets of an announcement and the T inside them.
  static final class Sealed {
    private final NtpTimestamp t;
    private final byte[] octets;

    private Sealed(NtpTimestamp t, byte[] octets) {
      this.t = t;
      this.octets = octets;
    }

    NtpTimestamp t() {
      return t;
    }

    byte[] octets() {
      return octets;
    }
  }

  private static final class CannotCarry extends Exception {
    CannotCarry(String reason) {
      super(reason);
    }
  }

  private final Supplier<GroupKeyingSettings> settings;
  private final Supplier<GroupRoster> roster;
  private final AnnouncementVerifier verifier;
  private final BurstMaker maker;
  private final KeyingServices services;

  OwnAnnouncer(
      Supplier<GroupKeyingSettings> settings,
      Supplier<GroupRoster> roster,
      AnnouncementVerifier verifier,
      BurstMaker maker,
      KeyingServices services) {
    this.settings = settings;
    this.roster = roster;
    this.verifier = verifier;
    this.maker = maker;
    this.services = services;
  }

  /// An outbound CSB for `in`, or null with a log line where none can be made.
  @Nullable PreparedBridge prepare(Bridge bridge, VerifiedAnnouncement in, BridgeOrigin origin) {
    try {
      if (!roster.get().mayRelay(settings.get().self())) {
        throw new CannotCarry("the members list does not let this gateway relay");
      }
      requireTrustedClock();
      return make(bridge, in, origin);
    } catch (CannotCarry | KeysMissing | MalformedMessage | IllegalStateException e) {
      LOG.atError()
          .addKeyValue("from", in.group().uri())
          .addKeyValue("to", settings.get().group().uri())
          .addKeyValue("detail", e.getMessage())
          .log("this talker cannot be carried");
      return null;
    }
  }

  private PreparedBridge make(Bridge bridge, VerifiedAnnouncement in, BridgeOrigin origin)
      throws CannotCarry, KeysMissing, MalformedMessage {
    Member member = services.member();
    GroupKeyingSettings rules = settings.get();
    GroupMasterKey gmk = currentGmk(member, rules.group());
    List<CryptoSession> map = new ArrayList<>();
    for (CryptoSession inbound : in.sessions()) {
      map.add(new CryptoSession(inbound.csId(), randomSsrc(), true, 0, randomSeq()));
    }
    GskAnnouncement own =
        GskAnnouncement.prepare(
            rules.self(),
            rules.group(),
            member.homeKms().kmsUri(),
            rules.policies().getFirst(),
            map,
            origin,
            gmk,
            GroupSessionKey.generate(services.random()),
            services.random());
    NtpTimestamp t = NtpTimestamp.of(services.clock().instant());
    byte[] octets = own.seal(t, map, member.signer(t), services.random());
    return prepared(bridge, in, own, readBack(octets, gmk));
  }

  private void requireTrustedClock() throws CannotCarry {
    if (!services.duty().mayAnnounce()) {
      throw new CannotCarry("the system clock is not synchronised; start a time service");
    }
  }

  private static GroupMasterKey currentGmk(Member member, Identity group) throws CannotCarry {
    return member
        .sendingGmk(group)
        .orElseThrow(() -> new CannotCarry("no GMK of the group is current"));
  }

  private VerifiedAnnouncement readBack(byte[] octets, GroupMasterKey gmk)
      throws CannotCarry, MalformedMessage {
    Admission.Admitted own = new Admission.Admitted(UnverifiedAnnouncement.read(octets), gmk);
    return switch (verifier.verify(own, services.member().kms())) {
      case Outcome.Verified v -> v.announcement();
      case Outcome.Refused r -> throw new CannotCarry("own announcement refused: " + r.detail());
    };
  }

  private PreparedBridge prepared(
      Bridge bridge, VerifiedAnnouncement in, GskAnnouncement own, VerifiedAnnouncement verified) {
    List<RekeyedStream> streams = new ArrayList<>();
    for (int i = 0; i < in.sessions().size(); i++) {
      CryptoSession out = verified.sessions().get(i);
      streams.add(
          new RekeyedStream(
              in.sessions().get(i).ssrc(),
              out.ssrc(),
              maker.session(verified, out, SrtpKeying.MKI_OCTETS),
              out.seq()));
    }
    return new PreparedBridge(bridge, own, maker.make(verified), streams);
  }

  /// A repeat of an own CSB with the indices of now; null with a log line where it cannot be
  /// signed.
  @Nullable Sealed seal(GskAnnouncement own, NtpTimestamp after, List<CryptoSession> map) {
    try {
      requireTrustedClock();
      NtpTimestamp t = NtpTimestamp.of(services.clock().instant()).after(after);
      return new Sealed(t, own.seal(t, map, services.member().signer(t), services.random()));
    } catch (CannotCarry | KeysMissing | IllegalStateException e) {
      LOG.atWarn()
          .addKeyValue("group", settings.get().group().uri())
          .addKeyValue("detail", e.getMessage())
          .log("own announcement not repeated");
      return null;
    }
  }

  private int randomSsrc() {
    int ssrc;
    do {
      ssrc = services.random().nextInt();
    } while (ssrc == 0);
    return ssrc;
  }

  private int randomSeq() {
    return services.random().nextInt(1 << 16);
  }
}
