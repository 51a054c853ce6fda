package parley.keys.member;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import parley.keys.kms.MemberKeys;
import parley.keys.vault.Vault;
import parley.keys.vault.VaultException;
import parley.mikey.InvalidKey;
import parley.mikey.eccsi.EccsiSigner;
import parley.mikey.group.GmkBook;
import parley.mikey.group.GroupMasterKey;
import parley.mikey.group.KmsDirectory;
import parley.mikey.group.TransportedKey;
import parley.mikey.group.UnverifiedGmkDistribution;
import parley.mikey.group.UnverifiedKeyTransport;
import parley.mikey.identity.Identity;
import parley.mikey.identity.KmsCertificate;
import parley.mikey.identity.NtpTimestamp;
import parley.mikey.message.MalformedMessage;
import parley.mikey.sakke.SakkeReceiver;

/// A UE, a gateway or a group manager's signing identity, on top of a vault.
///
/// Holds what its KMS issued, the groups it belongs to, and their GMKs. Everything it answers from
/// is on the disk first, so a restart changes nothing. A vault that was set back to an older copy
/// is noticed as far as [Vault] says; where it is not, the highest T is set back with it, and a GMK
/// message between the two copies could be accepted as current once more. It would still have to be
/// signed by the group's manager and be in its period of use.
///
/// Safe for use by many threads. One open member for each identity of a vault: two would not see
/// each other's GMKs.
public final class Member implements AutoCloseable {
  private final Identity identity;
  private final MemberStore store;
  private final InstantSource clock;
  private final PeriodKeys keys;
  private final Map<String, KmsCertificate> certificates;
  private final Map<Identity, GroupMembership> memberships = new ConcurrentHashMap<>();
  private final GmkBook book = new GmkBook();
  private final GmkReceiver receiver;

  private Member(
      Identity identity,
      MemberStore store,
      InstantSource clock,
      KmsCertificate home,
      Map<String, KmsCertificate> certificates) {
    this.identity = identity;
    this.store = store;
    this.clock = clock;
    this.keys = new PeriodKeys(identity, home, store);
    this.certificates = new ConcurrentHashMap<>(certificates);
    this.receiver = new GmkReceiver(identity, store, keys, certificates::get, book, clock);
    store.memberships().forEach(membership -> memberships.put(membership.group(), membership));
    memberships.keySet().forEach(receiver::load);
  }

  /// Verifies what a KMS issued and stores it with the KMS's certificate; durable on return. `keys`
  /// stay the caller's.
  ///
  /// The receiver key is checked by the pairing (RFC 6508, 6.1.2), the signing key by RFC 6507,
  /// 5.1.2, both against the identifier computed here. Keys of periods before the previous one are
  /// dropped.
  ///
  /// @throws InvalidKey if a key does not fit identity, period and KMS, or the KMS is not the one
  ///   this identity or this vault knows; nothing is stored then
  public static void install(Vault vault, KmsCertificate kms, MemberKeys keys)
      throws InvalidKey, VaultException {
    verify(vault, kms, keys);
    new MemberStore(vault, keys.identity()).putKeys(kms, keys);
  }

  /// The checks of [#install] alone; stores nothing.
  public static void verify(Vault vault, KmsCertificate kms, MemberKeys keys) throws InvalidKey {
    verify(vault, kms, keys.identity());
    requirePeriod(kms, keys);
    byte[] id = kms.identifier(keys.identity(), keys.period());
    EccsiSigner.of(kms.authKey(), id, keys.ssk(), keys.pvt()).close();
    SakkeReceiver.of(kms.encKey(), id, keys.rsk()).close();
  }

  /// Whether `who` may have keys of this KMS, before any are asked for.
  ///
  /// @throws InvalidKey if `who` has keys of another KMS, or this one is known by other public keys
  public static void verify(Vault vault, KmsCertificate kms, Identity who) throws InvalidKey {
    var store = new MemberStore(vault, who);
    requireHome(store, kms, who);
    requireKnownKeys(store, kms);
  }

  /// Whether `vault` holds keys of `who` for the key period of `at`.
  public static boolean holdsKeys(Vault vault, Identity who, Instant at) {
    var store = new MemberStore(vault, who);
    return store
        .homeKms()
        .flatMap(store::certificate)
        .filter(kms -> store.heldPeriods().contains(kms.periodAt(at).number()))
        .isPresent();
  }

  /// The KMS that issued the keys of `who`, as `vault` knows it; empty where nothing is installed.
  public static Optional<KmsCertificate> homeKms(Vault vault, Identity who) {
    var store = new MemberStore(vault, who);
    return store.homeKms().flatMap(store::certificate);
  }

  private static void requireHome(MemberStore store, KmsCertificate kms, Identity who)
      throws InvalidKey {
    Optional<String> home = store.homeKms();
    if (home.isPresent() && !home.get().equals(kms.kmsUri())) {
      throw new InvalidKey(
          "%s has keys of KMS %s, not of %s; take another vault for those"
              .formatted(who, home.get(), kms.kmsUri()));
    }
  }

  private static void requireKnownKeys(MemberStore store, KmsCertificate kms) throws InvalidKey {
    Optional<KmsCertificate> known = store.certificate(kms.kmsUri());
    if (known.isPresent() && !known.get().equals(kms)) {
      throw new InvalidKey(
          "KMS %s is known by other public keys or another key period; find out which are right"
              .formatted(kms.kmsUri()));
    }
  }

  private static void requirePeriod(KmsCertificate kms, MemberKeys keys) throws InvalidKey {
    if (!kms.periodAt(keys.period().from()).equals(keys.period())) {
      throw new InvalidKey(
          "KMS %s has no key period from %s until %s"
              .formatted(kms.kmsUri(), keys.period().from(), keys.period().until()));
    }
  }

  /// Opens the member `who` that `vault` holds; the vault stays the caller's and must stay open.
  ///
  /// @throws KeysMissing if nothing was ever installed for `who`
  public static Member open(Vault vault, Identity who, InstantSource clock) throws KeysMissing {
    var store = new MemberStore(vault, who);
    Map<String, KmsCertificate> certificates = store.certificates();
    Optional<KmsCertificate> home = store.homeKms().map(certificates::get);
    if (home.isEmpty()) {
      throw new KeysMissing(vault + " holds no keys of " + who + "; enrol it at its KMS first");
    }
    return new Member(who, store, clock, home.get(), certificates);
  }

  public Identity identity() {
    return identity;
  }

  /// The KMS that issues this member's own keys.
  public KmsCertificate homeKms() {
    return keys.kms();
  }

  /// Every KMS that this member knows, its own among them; sees later additions.
  public KmsDirectory kms() {
    return certificates::get;
  }

  /// Makes a foreign KMS known, whose certificate came by a trusted way; durable on return.
  ///
  /// @throws InvalidKey if its URI is known with other public keys
  public synchronized void trust(KmsCertificate foreign) throws InvalidKey, VaultException {
    requireKnownKeys(store, foreign);
    store.putCertificate(foreign);
    certificates.put(foreign.kmsUri(), foreign);
  }

  /// Signs as this member in the key period of `t`. Belongs to this member: do not close it.
  public EccsiSigner signer(NtpTimestamp t) throws KeysMissing {
    return keys.signer(t);
  }

  /// All GMKs of all groups, also those that are kept for decryption only. Belongs to this member.
  public GmkBook gmkBook() {
    return book;
  }

  /// The GMK to send under: of those whose period is open, the one of highest T, and never one that
  /// arrived after a newer one.
  public Optional<GroupMasterKey> sendingGmk(Identity group) {
    Instant now = clock.instant();
    for (GroupMasterKey gmk : book.all(group)) {
      if (gmk.isOpen(now) && !receiver.isDecryptOnly(gmk)) {
        return Optional.of(gmk);
      }
    }
    return Optional.empty();
  }

  public Set<Identity> groups() {
    return Set.copyOf(memberships.keySet());
  }

  /// The groups with their managers and KMSs, in the order of their URIs.
  public Map<Identity, GroupMembership> memberships() {
    return memberships.entrySet().stream()
        .collect(
            Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, (a, _) -> a, TreeMap::new));
  }

  /// Makes this member one of the group, or changes who signs for it; durable on return.
  public void joinGroup(GroupMembership membership) throws VaultException {
    joinGroups(List.of(membership));
  }

  /// The same for several groups, each named once: one write of the vault, of all of them or of
  /// none.
  public synchronized void joinGroups(Collection<GroupMembership> wanted) throws VaultException {
    List<GroupMembership> changed =
        wanted.stream().filter(one -> !one.equals(memberships.get(one.group()))).toList();
    if (changed.isEmpty()) {
      return;
    }
    store.putMemberships(changed);
    for (GroupMembership membership : changed) {
      if (!memberships.containsKey(membership.group())) {
        receiver.load(membership.group()); // the highest T is known before a message can match
      }
      memberships.put(membership.group(), membership);
    }
  }

  /// Leaves a group: its GMKs are forgotten, its highest T is not. Durable on return; false where
  /// it was no group of this member.
  public synchronized boolean leaveGroup(Identity group) throws VaultException {
    if (!memberships.containsKey(group)) {
      return false;
    }
    receiver.leave(group);
    memberships.remove(group);
    return true;
  }

  /// Judges an I_MESSAGE and, where it is good, stores its GMK before using it.
  ///
  /// Takes about a pairing's time; not for an event loop. Nothing that arrives leads to an
  /// exception.
  public GmkAcceptance accept(byte[] iMessage) {
    GmkAcceptance judged = receiver.accept(iMessage, List.copyOf(memberships.values()));
    boolean isWelcome =
        judged instanceof GmkAcceptance.Invited invited
            && receiver.policy().to(invited.invitation().creator())
                == InvitationPolicy.Answer.ACCEPT;
    return isWelcome ? joined((GmkAcceptance.Invited) judged, iMessage) : judged;
  }

  /// Joins the group that the invitation is for.
  private GmkAcceptance joined(GmkAcceptance.Invited invited, byte[] iMessage) {
    Invitation invitation = invited.invitation();
    try {
      joinGroup(GroupMembership.of(invitation.creator(), invitation.kmsUri()));
      GmkAcceptance accepted = receiver.accept(iMessage, List.copyOf(memberships.values()));
      if (accepted instanceof GmkAcceptance.Refused) {
        var _ = leaveGroup(invitation.creator());
      } else {
        receiver.invitations().remove(invitation.creator());
      }
      return accepted;
    } catch (VaultException e) {
      return new GmkAcceptance.Refused(GmkRefusal.NOT_STORED, String.valueOf(e.getMessage()));
    }
  }

  /// How invitations to ad-hoc groups are answered from now on; until then they are refused.
  public void invitedBy(InvitationPolicy policy) {
    receiver.invitedBy(policy);
  }

  /// The invitations that wait for the user's word.
  public List<Invitation> invitations() {
    return receiver.invitations().waiting();
  }

  /// The user says yes: this member joins the creator's group. What comes back is what [#accept]
  /// says of the message; its receipt goes to the creator. Empty where nothing waits.
  public Optional<GmkAcceptance> acceptInvitation(Identity creator) {
    Optional<Invitation> waiting =
        invitations().stream().filter(one -> one.creator().equals(creator)).findFirst();
    return waiting.flatMap(one ->
        receiver
            .invitations()
            .message(creator)
            .map(octets -> joined(new GmkAcceptance.Invited(one), octets)));
  }

  /// The user says no: that message is not shown again. False where nothing waits; durable on
  /// return.
  public boolean declineInvitation(Identity creator) throws VaultException {
    return receiver.invitations().decline(creator);
  }

  /// The GMK of a message to this member, for a look at it: nothing is accepted, nothing stored.
  /// The caller closes it; absent if the message was not encrypted to this member. Whether it was
  /// signed is not looked at.
  ///
  /// @throws MalformedMessage if its key parameters are wrong, or it is for another member
  /// @throws KeysMissing if there are no keys of the period of its T
  public Optional<GroupMasterKey> decrypt(UnverifiedGmkDistribution message)
      throws MalformedMessage, KeysMissing {
    SakkeReceiver own = keys.receiver(message.timestamp());
    List<Identity> groups = groupsSignedBy(message.initiator());
    for (Identity group : groups.subList(0, groups.size() - 1)) {
      try {
        return message.open(group, identity, own);
      } catch (MalformedMessage _) {
        // a manager of several groups says in the message which it is for
      }
    }
    return message.open(groups.getLast(), identity, own);
  }

  /// The same for a message of TS 33.180, which may bring a PCK or a CSK as well.
  ///
  /// @throws MalformedMessage if its key or the parameters are wrong, or it is for another one
  /// @throws KeysMissing if there are no keys of the period of its T
  public Optional<TransportedKey> decrypt(UnverifiedKeyTransport message)
      throws MalformedMessage, KeysMissing {
    return message.open(identity, keys.kms(), keys.receiver(message.timestamp()));
  }

  /// At least one: an identity that is not known as a manager may be a group of its own.
  private List<Identity> groupsSignedBy(Identity signer) {
    List<Identity> groups =
        memberships.values().stream()
            .filter(membership -> membership.signer().equals(signer))
            .map(GroupMembership::group)
            .toList();
    return groups.isEmpty() ? List.of(signer) : groups;
  }

  /// Zeroes keys and GMKs; the vault stays open.
  @Override
  public void close() {
    keys.close();
    book.close();
    receiver.close();
  }

  @Override
  public String toString() {
    return "Member[" + identity + "]";
  }
}
