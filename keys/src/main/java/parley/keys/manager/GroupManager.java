package parley.keys.manager;

import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
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
import parley.mikey.group.RegistrationVerb;
import parley.mikey.group.UnverifiedGmkDistribution;
import parley.mikey.group.UnverifiedRegistration;
import parley.mikey.identity.Identity;
import parley.mikey.identity.KmsCertificate;
import parley.mikey.identity.NtpTimestamp;
import parley.mikey.message.MalformedMessage;

/// Manages one group: its members and where they are, its GMKs, and who has them.
///
/// Everything is in the vault before it is handed out: a restart repeats the very same I_MESSAGEs
/// and never a T. The group's signing keys are a [Member] in the same vault, so they follow T's key
/// period. All members have keys of the manager's own KMS.
///
/// The group's identity may be the identity of a UE: then that UE manages its own **ad-hoc group**,
/// of which it has one at a time, and [#dissolve] ends it.
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
  private final DeliveryBoard board;
  private final RegistrationDesk desk;
  private final MemberListSigner lists;
  private final TreeMap<Integer, GroupMasterKey> gmks = new TreeMap<>();
  private final List<GroupMasterKey> replaced = new ArrayList<>();
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
    this.board = new DeliveryBoard(store.board());
    this.desk = new RegistrationDesk(store, signer, clock, random);
    this.lists = new MemberListSigner(store, signer, clock, random);
    store.gmks().forEach(gmk -> gmks.put(gmk.gmkId(), gmk));
  }

  /// Makes a group in `vault`, which already holds the signer's keys; durable on return. The vault
  /// stays the caller's and must stay open. A group that was dissolved may be made again.
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
      NtpTimestamp lastT = new NtpTimestamp(Long.MIN_VALUE);
      if (store.head().isPresent()) {
        lastT = store.head().get().lastT();
        requireDissolved(store);
      }
      var head = new GroupStore.Head(settings, lastT);
      try (VaultEdit edit = store.edit()) {
        store.clear(edit);
        store.putHead(edit, head);
        store.putMembers(edit, members);
        var _ = new MemberListSigner(store, signer, clock, random).change(edit);
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

  private static void requireDissolved(GroupStore store) throws VaultException {
    List<GroupMasterKey> gmks = store.gmks();
    boolean dissolved = isDissolved(gmks);
    gmks.forEach(GroupMasterKey::close);
    if (!dissolved) {
      throw store.alreadyThere();
    }
  }

  private static boolean isDissolved(Collection<GroupMasterKey> gmks) {
    return !gmks.isEmpty() && gmks.stream().allMatch(GroupMasterKey::isRevoked);
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
    @Nullable NtpTimestamp version;
    try (VaultEdit edit = store.edit()) {
      version = change(list, edit);
      edit.commit();
    }
    changed(list, version);
  }

  /// Makes a GMK for the members as they are; durable on return. Belongs to this manager.
  ///
  /// `expiry` of [Instant#MAX] means none. GMKs that are over are forgotten, with their deliveries.
  public synchronized GroupMasterKey newGmk(Instant activation, Instant expiry)
      throws VaultException {
    return newGmk(members, activation, expiry);
  }

  public synchronized GroupMasterKey newGmk(GmkPeriod period) throws VaultException {
    return newGmk(period.activation(), period.expiry());
  }

  /// Removes a member and makes a GMK for the rest, open at once, until the present one would have
  /// ended; both durable on return. The caller distributes it.
  ///
  /// @throws IllegalArgumentException if `who` is no member
  public synchronized GroupMasterKey exclude(Identity who) throws VaultException {
    if (members.find(who).isEmpty()) {
      throw new IllegalArgumentException(who + " is no member of " + group());
    }
    GmkPeriod rest = restOfTerm();
    return newGmk(members.without(who), rest.activation(), rest.expiry());
  }

  /// From now until the newest GMK ends: the period of one that takes its place before its time.
  public synchronized GmkPeriod restOfTerm() {
    Instant now = clock.instant();
    Instant expiry =
        newestGmk().map(GroupMasterKey::expiry).filter(now::isBefore).orElse(Instant.MAX);
    return new GmkPeriod(now, expiry);
  }

  /// Takes another list, and makes a GMK for it where somebody who could have the present one is
  /// not in it any more, or where the GUK-ID of somebody new is another's already (TS 33.180); both
  /// durable on return, as one.
  ///
  /// @param atOnce the period of that GMK
  public synchronized Optional<GroupMasterKey> changeMembers(MemberList list, GmkPeriod atOnce)
      throws VaultException {
    Set<Identity> staying = Set.copyOf(recipients(list));
    boolean isAnybodyOut = !staying.containsAll(recipients(members)) && !gmks.isEmpty();
    boolean collides = newestGmk().filter(gmk -> !draw().isGood(gmk, recipients(list))).isPresent();
    if (isAnybodyOut || collides) {
      return Optional.of(newGmk(list, atOnce.activation(), atOnce.expiry()));
    }
    if (!list.equals(members)) {
      replaceMembers(list);
    }
    return Optional.empty();
  }

  private GroupMasterKey newGmk(MemberList list, Instant activation, Instant expiry)
      throws VaultException {
    if (isDissolved()) {
      throw new IllegalStateException(group() + " was dissolved; make it again first");
    }
    Instant now = clock.instant();
    NtpTimestamp t = nextT(now);
    GroupMasterKey gmk =
        draw().draw(group(), t, activation, expiry, gmks.values(), recipients(list));
    Set<Integer> over =
        gmks.values().stream()
            .filter(old -> !now.isBefore(old.expiry()))
            .map(GroupMasterKey::gmkId)
            .collect(Collectors.toSet());
    Set<Integer> superseded = activation.isAfter(now) ? superseded(now) : Set.copyOf(gmks.keySet());
    List<BoardEntry> gone =
        board.all(
            e -> over.contains(e.gmkId()) || (superseded.contains(e.gmkId()) && !e.isConfirmed()));
    @Nullable NtpTimestamp version;
    try (VaultEdit edit = store.edit()) {
      store.putHead(edit, new GroupStore.Head(settings, t));
      version = change(list, edit);
      store.putGmk(edit, gmk);
      over.forEach(gmkId -> store.removeGmk(edit, gmkId));
      store.removeEntries(edit, gone);
      edit.commit();
    }
    board.remove(gone);
    changed(list, version);
    over.forEach(this::closeGmk);
    gmks.put(gmk.gmkId(), gmk);
    lastT = t;
    return gmk;
  }

  private GmkDraw draw() {
    return new GmkDraw(random, signer.homeKms().userIdFormat());
  }

  /// The version of the list, where it is another one than before.
  private @Nullable NtpTimestamp change(MemberList list, VaultEdit edit) {
    NtpTimestamp version = null;
    if (!list.equals(members)) {
      store.putMembers(edit, list);
      version = lists.change(edit);
    }
    store.removeEntries(edit, deliveriesOutside(list));
    desk.dropOutside(list, edit);
    return version;
  }

  private void changed(MemberList list, @Nullable NtpTimestamp version) {
    if (version != null) {
      lists.changed(version);
    }
    board.remove(deliveriesOutside(list));
    desk.forgetOutside(list);
    members = list;
  }

  /// Revokes every GMK of this group, so that nobody speaks or listens under one any more; durable
  /// on return. The caller distributes the revocations of those that are not over. No GMK is made
  /// after that.
  public synchronized void dissolve() throws VaultException {
    Instant now = clock.instant();
    List<GroupMasterKey> revoked = new ArrayList<>();
    NtpTimestamp t = lastT;
    for (GroupMasterKey gmk : gmks.values()) {
      if (!gmk.isRevoked()) {
        t = NtpTimestamp.of(now).after(t);
        revoked.add(gmk.revoked(t));
      }
    }
    Set<Integer> ids = revoked.stream().map(GroupMasterKey::gmkId).collect(Collectors.toSet());
    List<BoardEntry> outdated = board.all(entry -> ids.contains(entry.gmkId()));
    try (VaultEdit edit = store.edit()) {
      store.putHead(edit, new GroupStore.Head(settings, t));
      revoked.forEach(gmk -> store.putGmk(edit, gmk));
      store.removeEntries(edit, outdated);
      edit.commit();
    }
    board.remove(outdated);
    lastT = t;
    for (GroupMasterKey gmk : revoked) {
      replaced.add(gmks.put(gmk.gmkId(), gmk));
    }
  }

  /// Whether all GMKs of this group are revoked.
  public synchronized boolean isDissolved() {
    return isDissolved(gmks.values());
  }

  /// All GMKs that are not over, the newest first. They belong to this manager.
  public synchronized List<GroupMasterKey> gmks() {
    return gmks.values().stream()
        .sorted(Comparator.comparing(GroupMasterKey::issued).reversed())
        .toList();
  }

  /// The newest GMK, whether it is open already or not.
  public synchronized Optional<GroupMasterKey> newestGmk() {
    return gmks.values().stream().max(Comparator.comparing(GroupMasterKey::issued));
  }

  /// The GMKs that members still have to get at `now`: those that a newer one has replaced are none
  /// of them, revocations are.
  public synchronized List<GroupMasterKey> deliverable(Instant now) {
    Set<Integer> superseded = superseded(now);
    return gmks().stream()
        .filter(gmk -> now.isBefore(gmk.expiry()) && !superseded.contains(gmk.gmkId()))
        .toList();
  }

  private Set<Integer> superseded(Instant now) {
    Optional<NtpTimestamp> active =
        gmks.values().stream()
            .filter(gmk -> gmk.isOpen(now))
            .map(GroupMasterKey::issued)
            .max(Comparator.naturalOrder());
    return gmks.values().stream()
        .filter(gmk -> !gmk.isRevoked())
        .filter(gmk -> active.filter(t -> gmk.issued().compareTo(t) < 0).isPresent())
        .map(GroupMasterKey::gmkId)
        .collect(Collectors.toSet());
  }

  /// The messages that still have to be delivered for `gmk`: one for each member that needs it and
  /// has not confirmed. The same octets at each call; new ones are durable on return.
  ///
  /// @throws KeysMissing if the signer has no keys for the period of T
  public List<GmkMessage> distribute(GroupMasterKey gmk, Instant now)
      throws VaultException, KeysMissing {
    var _ = seal(gmk, now, Integer.MAX_VALUE);
    return pending(gmk);
  }

  /// Makes at most so many of the messages of `gmk` that are not made yet; durable on return. True
  /// when more are to be made.
  ///
  /// Only the newest GMK is offered to members who never got a message: older ones are none of
  /// their business. A revocation goes to all.
  ///
  /// @throws KeysMissing if the signer has no keys for the period of T
  public synchronized boolean seal(GroupMasterKey gmk, Instant now, int most)
      throws VaultException, KeysMissing {
    boolean isOffered =
        gmk.isRevoked() || newestGmk().filter(n -> n.gmkId() == gmk.gmkId()).isPresent();
    if (!isOffered) {
      return false;
    }
    List<Identity> newcomers =
        recipients(members).stream().filter(ue -> !board.knows(gmk.gmkId(), ue)).toList();
    seal(gmk, newcomers.subList(0, Math.min(most, newcomers.size())), now);
    return newcomers.size() > most;
  }

  /// Makes all messages that are not made yet of everything that is deliverable at `now`.
  ///
  /// @throws KeysMissing if the signer has no keys for the period of T
  public void sealAll(Instant now) throws VaultException, KeysMissing {
    for (GroupMasterKey gmk : deliverable(now)) {
      var _ = seal(gmk, now, Integer.MAX_VALUE);
    }
  }

  /// Everything that somebody still has to get at `now`, of what is made.
  public synchronized List<GmkMessage> pending(Instant now) {
    return deliverable(now).stream().flatMap(gmk -> pending(gmk).stream()).toList();
  }

  /// The messages of `gmk` that nobody has confirmed yet.
  public synchronized List<GmkMessage> pending(GroupMasterKey gmk) {
    return board.pending(gmk.gmkId()).stream().map(BoardEntry::message).toList();
  }

  /// What `ue` still has to get at `now`, oldest T first.
  public synchronized List<GmkMessage> pending(Identity ue, Instant now) {
    return deliverable(now).reversed().stream()
        .flatMap(gmk -> board.find(gmk.gmkId(), ue).stream())
        .filter(entry -> !entry.isConfirmed())
        .map(BoardEntry::message)
        .toList();
  }

  /// How many members have not confirmed this GMK.
  public synchronized int pendingCount(int gmkId) {
    return board.pending(gmkId).size();
  }

  /// While T's key period lasts, everybody gets the T of the GMK; later newcomers have keys of
  /// later periods only, so they get a T of their own. It is still below that of any GMK to come.
  private void seal(GroupMasterKey gmk, List<Identity> ues, Instant now)
      throws VaultException, KeysMissing {
    if (ues.isEmpty()) {
      return;
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
    board.put(made);
    lastT = last;
  }

  private static List<List<Identity>> partsOf(List<Identity> ues) {
    List<List<Identity>> parts = new ArrayList<>();
    for (int from = 0; from < ues.size(); from += SEALED_TOGETHER) {
      parts.add(ues.subList(from, Math.min(from + SEALED_TOGETHER, ues.size())));
    }
    return parts;
  }

  private List<GmkOffer> offers(GroupMasterKey gmk, List<Identity> ues) {
    return ues.stream().map(ue -> new GmkOffer(group(), settings.signer(), ue, gmk)).toList();
  }

  /// Notes a receipt on the board; durable on return. True when it proves that the UE holds the GMK
  /// of a message we sent, whether or not that was known before.
  public boolean confirm(byte[] receipt) throws VaultException {
    return !confirm(List.of(receipt)).isEmpty();
  }

  /// Notes these receipts on the board, in one write; durable on return. What they prove, each UE
  /// and GMK once; what was known before is among it.
  public synchronized List<Delivery> confirm(Collection<byte[]> receipts) throws VaultException {
    Map<String, BoardEntry> proved = new TreeMap<>();
    List<BoardEntry> changed = new ArrayList<>();
    for (byte[] receipt : receipts) {
      for (BoardEntry entry : answered(receipt)) {
        BoardEntry now = entry.isConfirmed() ? entry : entry.confirmed(clock.instant(), receipt);
        if (proved.putIfAbsent(entry.ue() + " " + entry.gmkId(), now) == null && now != entry) {
          changed.add(now);
        }
      }
    }
    if (!changed.isEmpty()) {
      try (VaultEdit edit = store.edit()) {
        changed.forEach(entry -> store.putEntry(edit, entry));
        edit.commit();
      }
      board.put(changed);
    }
    return proved.values().stream().map(BoardEntry::delivery).toList();
  }

  /// The line of the board that `receipt` answers, if any.
  private List<BoardEntry> answered(byte[] receipt) {
    try {
      GmkReceipt answer = GmkReceipt.read(receipt);
      return board.of(answer.ue()).stream()
          .filter(entry -> isAnswered(entry, answer, receipt))
          .limit(1)
          .toList();
    } catch (MalformedMessage _) {
      return List.of();
    }
  }

  private boolean isAnswered(BoardEntry entry, GmkReceipt answer, byte[] receipt) {
    GroupMasterKey gmk = gmks.get(entry.gmkId());
    if (gmk == null || entry.isConfirmed()) {
      return entry.isConfirmedBy(receipt);
    }
    try {
      return answer.isValid(UnverifiedGmkDistribution.read(entry.iMessage()), gmk);
    } catch (MalformedMessage e) {
      throw new IllegalStateException("a message of our own is malformed", e);
    }
  }

  /// Takes registrations of UEs, in one write; durable on return. An outcome for each, in order.
  public synchronized List<RegistrationOutcome> register(List<byte[]> registrations)
      throws VaultException {
    return desk.receive(registrations, members);
  }

  /// Notes where an operator says that members are, until they register themselves; durable on
  /// return.
  public synchronized void place(Map<Identity, InetSocketAddress> addresses) throws VaultException {
    desk.put(
        addresses.entrySet().stream()
            .filter(entry -> !isAt(entry.getKey(), entry.getValue()))
            .map(entry -> desk.placed(entry.getKey(), entry.getValue()))
            .toList());
  }

  private boolean isAt(Identity ue, InetSocketAddress address) {
    return desk.address(ue).map(known -> known.address().equals(address)).orElse(false);
  }

  /// Answers a question of a member (wire profile, section 10). Nothing changes on the disk, but
  /// where the signed list is made for the first time.
  public synchronized QuestionOutcome ask(UnverifiedRegistration question) throws VaultException {
    RegistrationRefusal refusal = desk.judge(question, members);
    if (refusal != null) {
      return new QuestionOutcome.Refused(refusal, question.toString());
    }
    try {
      return question.verb() == RegistrationVerb.PULL
          ? new QuestionOutcome.Waiting(question.ue(), pending(question.ue(), clock.instant()))
          : new QuestionOutcome.Listed(question.ue(), signedMembers());
    } catch (KeysMissing e) {
      return new QuestionOutcome.Refused(
          RegistrationRefusal.KEYS_MISSING, String.valueOf(e.getMessage()));
    }
  }

  /// The list of members, signed by whoever signs the group's GMKs, in force for a week.
  ///
  /// @throws KeysMissing if the signer has no keys of the present period
  public synchronized UnverifiedMemberList signedMembers() throws VaultException, KeysMissing {
    return lists.sign(members);
  }

  /// The KMS of the group's signer, and so of all members.
  public KmsCertificate homeKms() {
    return signer.homeKms();
  }

  /// Where `ue` is reached now.
  public synchronized Optional<InetSocketAddress> address(Identity ue) {
    return desk.address(ue).map(RegisteredAddress::address);
  }

  /// All addresses that count now.
  public synchronized List<RegisteredAddress> addresses() {
    return desk.all();
  }

  /// The delivery board: every UE that was sent a GMK which is not over, and whether it confirmed.
  public synchronized List<Delivery> deliveries() {
    return board.all(_ -> true).stream().map(BoardEntry::delivery).toList();
  }

  /// Zeroes the GMKs; the vault stays open.
  @Override
  public synchronized void close() {
    gmks.values().forEach(GroupMasterKey::close);
    replaced.forEach(GroupMasterKey::close);
    signer.close();
  }

  @Override
  public String toString() {
    return "GroupManager[" + group() + "]";
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

  private List<BoardEntry> deliveriesOutside(MemberList list) {
    Set<Identity> inside = Set.copyOf(recipients(list));
    return board.all(entry -> !inside.contains(entry.ue()));
  }

  private void closeGmk(int gmkId) {
    GroupMasterKey gone = gmks.remove(gmkId);
    if (gone != null) {
      gone.close();
    }
  }
}
