package parley.gateway.demo;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import parley.gateway.media.DropReason;
import parley.keys.member.KeysMissing;
import parley.keys.member.Member;
import parley.mikey.eccsi.EccsiSigner;
import parley.mikey.group.GroupMasterKey;
import parley.mikey.group.Refusal;
import parley.mikey.group.UnverifiedAnnouncement;
import parley.mikey.identity.Identity;
import parley.mikey.identity.NtpTimestamp;
import parley.mikey.message.MalformedMessage;
import parley.mikey.secret.SecretBytes;

/// What is tried against a burst while it is on the air: by members, by strangers, by anybody who
/// can send to the group. All of it really goes over the multicast; the gateway's counters say what
/// became of it.
final class Attacks {
  private static final int MESSAGES = 3;
  private static final int PACKETS = 20;
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private final Stage stage;
  private final Roles roles;
  private final Wiretap wiretap;
  private final GatewayMeter meter;

  Attacks(Stage stage, Roles roles, Wiretap wiretap, GatewayMeter meter) {
    this.stage = stage;
    this.roles = roles;
    this.wiretap = wiretap;
    this.meter = meter;
  }

  /// Attacks the burst that Alice is speaking, and waits for the answer to each attack.
  List<AttackResult> on(int csbId) throws Exception {
    byte[] announcement = wiretap.announcement(csbId);
    byte[] packet = wiretap.packetAfter(announcement);
    stage.terminal().step("while Alice speaks, others interfere ...");
    List<AttackResult> results = new ArrayList<>();
    for (Attack attack : attacks(announcement, packet)) {
      results.add(carryOut(attack));
    }
    return results;
  }

  private List<Attack> attacks(byte[] announcement, byte[] packet) throws MalformedMessage {
    int gmkId = UnverifiedAnnouncement.read(announcement).gmkId();
    return List.of(
        announcement(
            "Mallory, a member, signs as Alice",
            Refusal.BAD_SIGNATURE,
            _ -> announce(Cast.ALICE, Cast.MALLORY, gmkOf(Cast.MALLORY))),
        announcement(
            "Mallory claims Alice's session key as hers",
            Refusal.RAND_NOT_BOUND,
            _ -> claim(announcement)),
        announcement(
            "Eve, no member, announces a key of her own",
            Refusal.BAD_MAC,
            _ -> announce(Cast.EVE, Cast.EVE, guessedGmk(gmkId))),
        announcement(
            "Carol, who may only listen, tries to talk",
            Refusal.NOT_PERMITTED,
            _ -> announce(Cast.CAROL, Cast.CAROL, gmkOf(Cast.CAROL))),
        announcement(
            "Alice's announcement, replayed", Refusal.DUPLICATE, _ -> wiretap.send(announcement)),
        packets(
            "packets forged into Alice's stream",
            DropReason.BAD_TAG,
            nth -> wiretap.send(ForgedPacket.inTheStreamOf(packet, nth))),
        packets("Alice's packets, replayed", DropReason.REPLAYED, _ -> wiretap.send(packet)),
        packets(
            "packets of a stream nobody announced",
            DropReason.UNKNOWN_SSRC,
            _ -> wiretap.send(ForgedPacket.ofNobody(packet, stage.random()))));
  }

  private Attack announcement(String what, Refusal reason, Attack.Sender sender) {
    String name = reason.name().toLowerCase(Locale.ROOT);
    return new Attack(what, MESSAGES, name, () -> meter.refused(reason), sender);
  }

  private Attack packets(String what, DropReason reason, Attack.Sender sender) {
    return new Attack(what, PACKETS, reason.label(), () -> meter.dropped(reason), sender);
  }

  private AttackResult carryOut(Attack attack) throws Exception {
    long before = attack.counter().getAsLong();
    for (int nth = 0; nth < attack.packets(); nth++) {
      attack.sender().send(nth);
    }
    GatewayMeter.await(attack.counter(), before + attack.packets(), PATIENCE);
    var result = new AttackResult(attack, attack.counter().getAsLong() - before);
    stage.terminal().check(result.isRefused(), result.toString());
    return result;
  }

  private void announce(Identity inWhoseName, Identity signer, GroupMasterKey gmk)
      throws IOException, KeysMissing {
    NtpTimestamp t = now();
    wiretap.send(
        ForgedAnnouncement.inTheNameOf(
            inWhoseName,
            Cast.FIRE_OPS,
            Cast.FIRE_OPS_POLICY,
            gmk,
            t,
            signer(signer, t),
            stage.random()));
  }

  private void claim(byte[] announcement) throws IOException, KeysMissing, MalformedMessage {
    NtpTimestamp t = now();
    wiretap.send(
        ForgedAnnouncement.claimedBy(
            Cast.MALLORY, announcement, t, signer(Cast.MALLORY, t), stage.random()));
  }

  private EccsiSigner signer(Identity who, NtpTimestamp t) throws KeysMissing {
    return roles.member(who).signer(t);
  }

  private GroupMasterKey gmkOf(Identity who) {
    Member member = roles.member(who);
    return member.sendingGmk(Cast.FIRE_OPS).orElseThrow();
  }

  /// The id is on the air for everybody; the key is not.
  private GroupMasterKey guessedGmk(int gmkId) {
    Instant now = stage.clock().instant();
    return GroupMasterKey.of(
        Cast.FIRE_OPS,
        gmkId,
        SecretBytes.random(GroupMasterKey.KEY_OCTETS, stage.random(), "a guess"),
        now(),
        now.minusSeconds(1),
        Instant.MAX,
        false);
  }

  private NtpTimestamp now() {
    return NtpTimestamp.of(stage.clock().instant());
  }
}
