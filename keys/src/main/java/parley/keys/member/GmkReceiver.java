package parley.keys.member;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import parley.keys.member.GmkAcceptance.Accepted;
import parley.keys.member.GmkAcceptance.Refused;
import parley.keys.member.GmkAcceptance.Repeated;
import parley.keys.vault.VaultException;
import parley.mikey.eccsi.EccsiVerifier;
import parley.mikey.group.GmkBook;
import parley.mikey.group.GroupMasterKey;
import parley.mikey.group.KmsDirectory;
import parley.mikey.group.UnverifiedGmkDistribution;
import parley.mikey.identity.Identity;
import parley.mikey.identity.KmsCertificate;
import parley.mikey.identity.NtpTimestamp;
import parley.mikey.message.MalformedMessage;
import parley.mikey.sakke.SakkeReceiver;

/// The rules of an I_MESSAGE's receiver (wire profile, section 2), in their order:
///
/// 1. grammar of our profile, or of TS 33.180 where our KMS is one of it; and is it for us
/// 2. the same octets again: answer as before, without any cryptography
/// 3. which groups of **our own list** have this signer; the message's IDRi only selects, the
///    signature is checked against the identity and the KMS from the list. A signer that no group
///    has may be inviting to its own ad-hoc group: checked alike, and kept for the user's word
/// 4. T: not ahead of the clock, in an acceptable period, not the T of another message
/// 5. the signature, then the pairing
/// 6. period of use, collision of ids
/// 7. **store, then use**: highest T and key are on the disk before the book knows the key
///
/// One message at a time.
final class GmkReceiver implements AutoCloseable {
  /// How far T may be ahead of our clock.
  static final Duration AHEAD = Duration.ofSeconds(60);

  private final Identity who;
  private final MemberStore store;
  private final PeriodKeys keys;
  private final KmsDirectory kms;
  private final GmkBook book;
  private final EccsiVerifier verifier = new EccsiVerifier(64);
  private final InstantSource clock;
  private final Invitations invitations;
  private volatile InvitationPolicy policy = InvitationPolicy.REFUSE_ALL;
  private final Map<Identity, HeldGmks> held = new ConcurrentHashMap<>();

  GmkReceiver(
      Identity who,
      MemberStore store,
      PeriodKeys keys,
      KmsDirectory kms,
      GmkBook book,
      InstantSource clock) {
    this.who = who;
    this.store = store;
    this.keys = keys;
    this.kms = kms;
    this.book = book;
    this.clock = clock;
    this.invitations = new Invitations(store);
  }

  Invitations invitations() {
    return invitations;
  }

  void invitedBy(InvitationPolicy wanted) {
    policy = wanted;
  }

  InvitationPolicy policy() {
    return policy;
  }

  /// Forgets the keys of a group, and not its highest T; durable on return.
  synchronized void leave(Identity group) throws VaultException {
    HeldGmks left = heldOf(group);
    store.putLeft(group, left.withoutKeys());
    held.remove(group);
    left.held().forEach(HeldGmk::close);
    book.forget(group);
  }

  /// Brings what the vault holds of a group into the book.
  void load(Identity group) {
    HeldGmks stored = store.gmks(group);
    held.put(group, stored);
    stored.held().forEach(gmk -> addToBook(gmk));
  }

  /// Whether this key of the group came too late ever to be sent under.
  boolean isDecryptOnly(GroupMasterKey gmk) {
    return heldOf(gmk.group()).isDecryptOnly(gmk.gmkId());
  }

  synchronized GmkAcceptance accept(byte[] iMessage, List<GroupMembership> memberships) {
    try {
      IncomingGmk message = IncomingGmk.read(iMessage, who, keys.kms(), kms);
      return judge(message, iMessage, memberships);
    } catch (MalformedMessage e) {
      return new Refused(GmkRefusal.MALFORMED, String.valueOf(e.getMessage()));
    } catch (NotAccepted e) {
      return e.refused;
    }
  }

  private GmkAcceptance judge(
      IncomingGmk message, byte[] iMessage, List<GroupMembership> memberships) throws NotAccepted {
    require(message.isFor(who), GmkRefusal.NOT_FOR_US, "this is for another member");
    byte[] digest = HeldGmk.digest(iMessage);
    Optional<HeldGmk> before =
        held.values().stream().flatMap(gmks -> gmks.broughtBy(digest).stream()).findFirst();
    if (before.isPresent()) {
      return new Repeated(before.get().receipt());
    }
    List<GroupMembership> claimed = claimed(message, memberships);
    Instant now = clock.instant();
    if (claimed.isEmpty()) {
      return invitation(message.invitation().orElseThrow(), iMessage, now);
    }
    requireAcceptableTime(message.timestamp(), now);
    requireFreeTime(message.timestamp(), claimed);
    SakkeReceiver receiver = receiver(message.timestamp());
    requireSigned(message, claimed.getFirst());
    GroupMasterKey gmk = open(message, claimed, receiver);
    boolean kept = false;
    try {
      byte[] receipt = message.receipt(claimed.getFirst(), gmk);
      GmkAcceptance accepted = take(iMessage, receipt, gmk, now);
      kept = true;
      return accepted;
    } finally {
      if (!kept) {
        gmk.close();
      }
    }
  }

  /// The groups of our list with this signer, all of the same KMS; none where it may be inviting.
  private List<GroupMembership> claimed(IncomingGmk message, List<GroupMembership> memberships)
      throws NotAccepted {
    List<GroupMembership> ofSigner = memberships.stream().filter(message::names).toList();
    boolean mayInvite =
        message
            .invitation()
            .filter(m -> policy.to(m.initiator()) != InvitationPolicy.Answer.REFUSE)
            .isPresent();
    require(
        mayInvite || !ofSigner.isEmpty(),
        GmkRefusal.UNKNOWN_SENDER,
        "no group of ours has this signer");
    List<GroupMembership> ofKms =
        ofSigner.stream().filter(m -> m.kmsUri().equals(message.initiatorKmsUri())).toList();
    require(
        ofKms.isEmpty() == ofSigner.isEmpty()
            && message.responderKmsUri().equals(keys.kms().kmsUri()),
        GmkRefusal.UNKNOWN_KMS,
        "the message names another KMS than our list");
    return ofKms;
  }

  /// Everything that is checked of a GMK is checked of an invitation, so what the user is asked
  /// about is good: the creator's signature, and that it opens for this member.
  private GmkAcceptance invitation(UnverifiedGmkDistribution message, byte[] iMessage, Instant now)
      throws NotAccepted {
    var offered = GroupMembership.of(message.initiator(), message.initiatorKmsUri());
    requireAcceptableTime(message.timestamp(), now);
    require(
        store.gmks(offered.group()).isNewer(message.timestamp()),
        GmkRefusal.DECLINED,
        "this member has left the group after T " + message.timestamp());
    SakkeReceiver receiver = receiver(message.timestamp());
    var incoming = new IncomingGmk.OfProfile(message);
    requireSigned(incoming, offered);
    try (GroupMasterKey gmk = open(incoming, List.of(offered), receiver)) {
      require(now.isBefore(gmk.expiry()), GmkRefusal.EXPIRED, "its period of use is over");
      if (gmk.isRevoked()) {
        withdrawn(offered.group());
        throw new NotAccepted(GmkRefusal.DECLINED, "the invitation is withdrawn");
      }
      return invitations.keep(message, iMessage, now);
    }
  }

  private void withdrawn(Identity creator) throws NotAccepted {
    try {
      invitations.remove(creator);
    } catch (VaultException e) {
      throw new NotAccepted(GmkRefusal.NOT_STORED, String.valueOf(e.getMessage()));
    }
  }

  private void requireAcceptableTime(NtpTimestamp t, Instant now) throws NotAccepted {
    require(
        !t.isAfter(now.plus(AHEAD)),
        GmkRefusal.T_IN_FUTURE,
        "T " + t + " is over a minute ahead of our clock");
    require(
        keys.kms().isPeriodAcceptable(t, now),
        GmkRefusal.PERIOD_NOT_ACCEPTABLE,
        "the key period of T " + t + " is not acceptable now");
  }

  /// A T is used once for each group, so the same T with other octets is a forgery or a manager
  /// that was set back.
  private void requireFreeTime(NtpTimestamp t, List<GroupMembership> claimed) throws NotAccepted {
    boolean taken = claimed.stream().allMatch(m -> heldOf(m.group()).isTaken(t));
    require(!taken, GmkRefusal.SAME_T_OTHER_OCTETS, "another message had T " + t);
  }

  private SakkeReceiver receiver(NtpTimestamp t) throws NotAccepted {
    try {
      return keys.receiver(t);
    } catch (KeysMissing e) {
      throw new NotAccepted(GmkRefusal.KEYS_MISSING, String.valueOf(e.getMessage()));
    }
  }

  private void requireSigned(IncomingGmk message, GroupMembership expected) throws NotAccepted {
    KmsCertificate certificate = kms.find(expected.kmsUri());
    require(
        certificate != null && certificate.isPeriodAcceptable(message.timestamp(), clock.instant()),
        GmkRefusal.UNKNOWN_KMS,
        "no certificate of KMS " + expected.kmsUri());
    require(
        certificate != null && message.isSigned(expected, certificate, verifier),
        GmkRefusal.BAD_SIGNATURE,
        "not signed by " + expected.signer());
  }

  /// The group is the one that the decrypted key parameters confirm; a signer of its own may have
  /// several.
  private GroupMasterKey open(
      IncomingGmk message, List<GroupMembership> claimed, SakkeReceiver receiver)
      throws NotAccepted {
    String why = "the key does not open for us";
    for (GroupMembership membership : claimed) {
      try {
        Optional<GroupMasterKey> gmk = message.open(membership, who, receiver);
        if (gmk.isPresent()) {
          return gmk.get();
        }
      } catch (MalformedMessage e) {
        why = String.valueOf(e.getMessage());
      }
    }
    throw new NotAccepted(GmkRefusal.BAD_KEY_DATA, why);
  }

  private GmkAcceptance take(byte[] iMessage, byte[] receipt, GroupMasterKey gmk, Instant now)
      throws NotAccepted {
    HeldGmks known = heldOf(gmk.group());
    require(
        !known.isTaken(gmk.issued()),
        GmkRefusal.SAME_T_OTHER_OCTETS,
        "another message for this group had T " + gmk.issued());
    require(now.isBefore(gmk.expiry()), GmkRefusal.EXPIRED, "its period of use is over");
    requireNoCollision(gmk);
    boolean newest = known.isNewer(gmk.issued());
    HeldGmk added = HeldGmk.of(gmk, !newest, iMessage, receipt);
    HeldGmks next = known.with(added, now);
    try {
      store.putGmks(gmk.group(), next);
    } catch (VaultException e) {
      throw new NotAccepted(GmkRefusal.NOT_STORED, String.valueOf(e.getMessage()));
    }
    held.put(gmk.group(), next);
    known.held().stream().filter(gone -> !next.held().contains(gone)).forEach(HeldGmk::close);
    addToBook(added);
    GroupMasterKey inBook = book.find(gmk.group(), gmk.gmkId()).orElse(gmk);
    return new Accepted(inBook, newest && !gmk.isRevoked(), receipt);
  }

  private void requireNoCollision(GroupMasterKey gmk) throws NotAccepted {
    boolean same =
        book.find(gmk.group(), gmk.gmkId()).map(k -> k.key().equals(gmk.key())).orElse(true);
    require(same, GmkRefusal.ID_COLLISION, "another key of the group has this GMK-ID");
  }

  private void addToBook(HeldGmk gmk) {
    GroupMasterKey copy = gmk.copy();
    switch (book.add(copy)) {
      case NEW, RENEWED -> {}
      case UNCHANGED, COLLISION -> copy.close();
    }
  }

  @Override
  public synchronized void close() {
    held.values().forEach(gmks -> gmks.held().forEach(HeldGmk::close));
    held.clear();
  }

  private HeldGmks heldOf(Identity group) {
    return held.getOrDefault(group, HeldGmks.none());
  }

  private static void require(boolean holds, GmkRefusal reason, String detail) throws NotAccepted {
    if (!holds) {
      throw new NotAccepted(reason, detail);
    }
  }

  /// Leaves the rules early; has no stack trace, because an attacker may cause any number of them.
  private static final class NotAccepted extends Exception {
    private final transient Refused refused;

    NotAccepted(GmkRefusal reason, String detail) {
      super(detail, null, false, false);
      this.refused = new Refused(reason, detail);
    }
  }
}
