package parley.keys.manager;

import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import parley.keys.member.KeysMissing;
import parley.keys.member.Member;
import parley.keys.vault.Vault;
import parley.keys.vault.VaultEdit;
import parley.keys.vault.VaultException;
import parley.mikey.eccsi.EccsiSigner;
import parley.mikey.group.GmkDistribution;
import parley.mikey.group.GmkOffer;
import parley.mikey.group.GmkReceipt;
import parley.mikey.group.GroupMasterKey;
import parley.mikey.group.UnverifiedGmkDistribution;
import parley.mikey.identity.Identity;
import parley.mikey.identity.KmsCertificate;
import parley.mikey.identity.NtpTimestamp;
import parley.mikey.message.MalformedMessage;

/// Manages one group: its members, its GMKs, and who has them.
///
/// Everything is in the vault before it is handed out: a restart repeats the very same I_MESSAGEs
/// and never a T. The group's signing keys are a [Member] in the same vault, so they follow T's key
/// period. All members have keys of the manager's own KMS.
///
/// Safe for use by many threads; one change at a time.
public final class GroupManager implements AutoCloseable {
  /// Messages of a new GMK that one processor makes at a time.
  private static final int SEALED_TOGETHER = 64;

  private final GroupStore store;
  private final GroupSettings settings;
  private final Member signer;
  private final InstantSource clock;
  private final SecureRandom random;
  private final TreeMap<Integer, GroupMasterKey> gmks = new TreeMap<>();
  private MemberList members;
  private NtpTimestamp lastT;

  private GroupManager(
      GroupStore store,
      GroupStore.Head head,
      Member signer,
      InstantSource clock,
      SecureRandom random) {
    this.store = store;
    this.settings = head.settings();
    this.lastT = head.lastT();
    this.signer = signer;
    this.clock = clock;
    this.random = random;
    this.members = store.members();
    store.gmks().forEach(gmk -> gmks.put(gmk.gmkId(), gmk));
  }

  /// Makes a group in `vault`, which already holds the signer's keys; durable on return. The vault
  /// stays the caller's and must stay open.
  ///
  /// @throws KeysMissing if the group's, or its manager's, identity has no keys there
  public static GroupManager create(
      Vault vault,
      GroupSettings settings,
      MemberList members,
      InstantSource clock,
      SecureRandom random)
      throws VaultException, KeysMissing {
    Member signer = Member.open(vault, settings.signer(), clock);
    boolean made = false;
    try {
      var store = new GroupStore(vault, settings.group());
      if (store.head().isPresent()) {
        throw store.alreadyThere();
      }
      var head = new GroupStore.Head(settings, new NtpTimestamp(Long.MIN_VALUE));
      try (VaultEdit edit = store.edit()) {
        store.putHead(edit, head);
        store.putMembers(edit, members);
        edit.commit();
      }
      var manager = new GroupManager(store, head, signer, clock, random);
      made = true;
      return manager;
    } finally {
      if (!made) {
        signer.close();
      }
    }
  }

  /// Opens the group that `vault` holds; the vault stays the caller's and must stay open.
  public static GroupManager open(
      Vault vault, Identity group, InstantSource clock, SecureRandom random)
      throws VaultException, KeysMissing {
    var store = new GroupStore(vault, group);
    Optional<GroupStore.Head> head = store.head();
    if (head.isEmpty()) {
      throw store.notThere();
    }
    Member signer = Member.open(vault, head.get().settings().signer(), clock);
    return new GroupManager(store, head.get(), signer, clock, random);
  }

  /// The groups that a vault manages.
  public static List<Identity> groups(Vault vault) {
    return GroupStore.groups(vault);
  }

  public Identity group() {
    return settings.group();
  }

  public GroupSettings settings() {
    return settings;
  }

  public synchronized MemberList members() {
    return members;
  }

  /// Takes another list; durable on return. Who is no longer in it keeps the GMK that it has:
  /// [#exclude] makes a new one.
  public synchronized void replaceMembers(MemberList list) throws VaultException {
    try (VaultEdit edit = store.edit()) {
      store.putMembers(edit, list);
      dropDeliveriesOutside(list, edit);
      edit.commit();
    }
    members = list;
  }

  /// Makes a GMK for the members as they are; durable on return. Belongs to this manager.
  ///
  /// `expiry` of [Instant#MAX] means none. GMKs that are over are forgotten, with their deliveries.
  public synchronized GroupMasterKey newGmk(Instant activation, Instant expiry)
      throws VaultException {
    return newGmk(members, activation, expiry);
  }

  /// Removes a member and makes a GMK for the rest, open at once, until the present one would have
  /// ended; both durable on return. The caller distributes it.
  ///
  /// @throws IllegalArgumentException if `who` is no member
  public synchronized GroupMasterKey exclude(Identity who) throws VaultException {
    if (members.find(who).isEmpty()) {
      throw new IllegalArgumentException(who + " is no member of " + group());
    }
    Instant now = clock.instant();
    Instant expiry =
        newestGmk().map(GroupMasterKey::expiry).filter(now::isBefore).orElse(Instant.MAX);
    return newGmk(members.without(who), now, expiry);
  }

  private GroupMasterKey newGmk(MemberList list, Instant activation, Instant expiry)
      throws VaultException {
    Instant now = clock.instant();
    NtpTimestamp t = nextT(now);
    GroupMasterKey gmk =
        new GmkDraw(random, signer.homeKms().userIdFormat())
            .draw(group(), t, activation, expiry, gmks.values(), recipients(list));
    Set<Integer> over =
        gmks.values().stream()
            .filter(old -> !now.isBefore(old.expiry()))
            .map(GroupMasterKey::gmkId)
            .collect(Collectors.toSet());
    try (VaultEdit edit = store.edit()) {
      store.putHead(edit, new GroupStore.Head(settings, t));
      store.putMembers(edit, list);
      store.putGmk(edit, gmk);
      dropDeliveriesOutside(list, edit);
      forget(over, edit);
      edit.commit();
    }
    over.forEach(this::closeGmk);
    gmks.put(gmk.gmkId(), gmk);
    members = list;
    lastT = t;
    return gmk;
  }

  /// All GMKs that are not over, the newest first. They belong to this manager.
  public synchronized List<GroupMasterKey> gmks() {
    return gmks.values().stream()
        .sorted(Comparator.comparing(GroupMasterKey::issued).reversed())
        .toList();
  }

  /// The messages that still have to be delivered for `gmk`: one for each member that needs it and
  /// has not confirmed. The same octets at each call; new ones are durable on return.
  ///
  /// Only the newest GMK is offered to members who never got a message: older ones are none of
  /// their business.
  ///
  /// @throws KeysMissing if the signer has no keys for the period of T
  public synchronized List<GmkMessage> distribute(GroupMasterKey gmk, Instant now)
      throws VaultException, KeysMissing {
    List<BoardEntry> board = entries(gmk);
    List<BoardEntry> made = new ArrayList<>();
    if (newestGmk().filter(newest -> newest.gmkId() == gmk.gmkId()).isPresent()) {
      Set<Identity> known = board.stream().map(BoardEntry::ue).collect(Collectors.toSet());
      List<Identity> newcomers =
          recipients(members).stream().filter(ue -> !known.contains(ue)).toList();
      made.addAll(seal(gmk, newcomers, now));
    }
    List<GmkMessage> messages = new ArrayList<>();
    board.stream().filter(entry -> !entry.isConfirmed()).forEach(e -> messages.add(e.message()));
    made.forEach(entry -> messages.add(entry.message()));
    return messages;
  }

  /// While T's key period lasts, everybody gets the T of the GMK; later newcomers have keys of
  /// later periods only, so they get a T of their own. It is still below that of any GMK to come.
  private List<BoardEntry> seal(GroupMasterKey gmk, List<Identity> ues, Instant now)
      throws VaultException, KeysMissing {
    if (ues.isEmpty()) {
      return List.of();
    }
    KmsCertificate kms = signer.homeKms();
    boolean samePeriod = kms.periodAt(gmk.issued().toInstant()).contains(now);
    NtpTimestamp t = samePeriod ? gmk.issued() : nextT(now);
    EccsiSigner asGroup = signer.signer(t);
    List<BoardEntry> made =
        partsOf(ues).parallelStream()
            .flatMap(part -> {
              List<byte[]> messages =
                  GmkDistribution.seal(offers(gmk, part), asGroup, kms, t, random);
              return IntStream.range(0, part.size())
                  .mapToObj(
                      i -> BoardEntry.pending(part.get(i), gmk.gmkId(), now, messages.get(i)));
            })
            .toList();
    NtpTimestamp last = t.compareTo(lastT) > 0 ? t : lastT;
    try (VaultEdit edit = store.edit()) {
      store.putHead(edit, new GroupStore.Head(settings, last));
      made.forEach(entry -> store.putEntry(edit, entry));
      edit.commit();
    }
    lastT = last;
    return made;
  }

  private static List<List<Identity>> partsOf(List<Identity> ues) {
    List<List<Identity>> parts = new ArrayList<>();
    for (int from = 0; from < ues.size(); from += SEALED_TOGETHER) {
      parts.add(ues.subList(from, Math.min(ues.size(), from + SEALED_TOGETHER)));
    }
    return parts;
  }

  private List<GmkOffer> offers(GroupMasterKey gmk, List<Identity> ues) {
    return ues.stream().map(ue -> new GmkOffer(group(), settings.signer(), ue, gmk)).toList();
  }

  /// Notes a receipt on the board; durable on return. True when it proves that the UE holds the GMK
  /// of a message we sent, whether or not that was known before.
  public synchronized boolean confirm(byte[] receipt) throws VaultException {
    GmkReceipt answer;
    try {
      answer = GmkReceipt.read(receipt);
    } catch (MalformedMessage _) {
      return false;
    }
    for (BoardEntry entry : store.boardOf(answer.ue())) {
      if (isAnswered(entry, answer)) {
        noteConfirmed(entry);
        return true;
      }
    }
    return false;
  }

  private boolean isAnswered(BoardEntry entry, GmkReceipt answer) {
    GroupMasterKey gmk = gmks.get(entry.gmkId());
    try {
      return gmk != null && answer.isValid(UnverifiedGmkDistribution.read(entry.iMessage()), gmk);
    } catch (MalformedMessage e) {
      throw new IllegalStateException("a message of our own is malformed", e);
    }
  }

  private void noteConfirmed(BoardEntry entry) throws VaultException {
    if (entry.isConfirmed()) {
      return;
    }
    try (VaultEdit edit = store.edit()) {
      store.putEntry(edit, entry.confirmed(clock.instant()));
      edit.commit();
    }
  }

  /// The delivery board: every UE that was sent a GMK which is not over, and whether it confirmed.
  public synchronized List<Delivery> deliveries() {
    return store.board().stream().map(BoardEntry::delivery).toList();
  }

  /// Zeroes the GMKs; the vault stays open.
  @Override
  public synchronized void close() {
    gmks.values().forEach(GroupMasterKey::close);
    signer.close();
  }

  @Override
  public String toString() {
    return "GroupManager[" + group() + "]";
  }

  private Optional<GroupMasterKey> newestGmk() {
    return gmks.values().stream().max(Comparator.comparing(GroupMasterKey::issued));
  }

  /// Strictly later than every T of this group before, whatever the clock does.
  private NtpTimestamp nextT(Instant now) {
    return NtpTimestamp.of(now).after(lastT);
  }

  private static List<Identity> recipients(MemberList list) {
    return list.members().stream()
        .filter(GroupMember::needsGmk)
        .map(GroupMember::identity)
        .toList();
  }

  private List<BoardEntry> entries(GroupMasterKey gmk) {
    return store.board().stream().filter(entry -> entry.gmkId() == gmk.gmkId()).toList();
  }

  private void dropDeliveriesOutside(MemberList list, VaultEdit edit) {
    Set<Identity> inside = Set.copyOf(recipients(list));
    store.removeEntries(
        edit, store.board().stream().filter(entry -> !inside.contains(entry.ue())).toList());
  }

  private void forget(Set<Integer> over, VaultEdit edit) {
    over.forEach(gmkId -> store.removeGmk(edit, gmkId));
    store.removeEntries(
        edit, store.board().stream().filter(entry -> over.contains(entry.gmkId())).toList());
  }

  private void closeGmk(int gmkId) {
    GroupMasterKey gone = gmks.remove(gmkId);
    if (gone != null) {
      gone.close();
    }
  }
}
