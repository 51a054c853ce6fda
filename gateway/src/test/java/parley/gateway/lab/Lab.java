package parley.gateway.lab;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import parley.keys.member.GmkAcceptance;
import parley.keys.member.GroupMembership;
import parley.keys.member.Member;
import parley.keys.vault.Vault;
import parley.keys.vault.VaultKey;
import parley.mikey.group.GmkDistribution;
import parley.mikey.group.GmkOffer;
import parley.mikey.group.GroupMasterKey;
import parley.mikey.identity.Identity;
import parley.mikey.identity.KmsCertificate;
import parley.mikey.identity.NtpTimestamp;
import parley.mikey.secret.SecretBytes;

/// A KMS, members with vaults of their own, and groups whose GMKs travel as real I_MESSAGEs.
public final class Lab implements AutoCloseable {
  public static final String KMS_URI = "kms.example.org";

  private final Path folder;
  private final InstantSource clock;
  private final SecureRandom random = new SecureRandom();
  private final LabKeys keys = LabKeys.shared();
  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private final Map<Identity, LabMember> members = new HashMap<>();
  private final Map<Identity, NtpTimestamp> lastT = new HashMap<>();

  public Lab(Path folder, InstantSource clock) {
    this.folder = folder;
    this.clock = clock;
  }

  private <T extends AutoCloseable> T opened(T part) {
    open.push(part);
    return part;
  }

  public InstantSource clock() {
    return clock;
  }

  public SecureRandom random() {
    return random;
  }

  public Path folder() {
    return folder;
  }

  public Path keyFile() {
    return keys.keyFile();
  }

  public KmsCertificate certificate() {
    return keys.certificate();
  }

  /// The file of a member's vault.
  public Path vaultFile(String uri) {
    return folder.resolve(uri.replaceAll("[^a-z0-9]", "_") + ".vault");
  }

  /// A member with keys for now and the next period, made at the first call.
  public LabMember member(String uri) throws Exception {
    Identity who = new Identity(uri);
    LabMember known = members.get(who);
    if (known != null) {
      return known;
    }
    Files.copy(keys.vaultOf(who, clock.instant()), vaultFile(uri));
    Vault vault = opened(Vault.open(vaultFile(uri), VaultKey.keyFile(keyFile())));
    LabMember made = new LabMember(this, vault, opened(Member.open(vault, who, clock)));
    members.put(who, made);
    return made;
  }

  /// Closes a member and its vault, so that another process may open it.
  public void release(LabMember member) {
    members.remove(member.identity());
    open.remove(member.member());
    open.remove(member.vault());
    member.member().close();
    member.vault().close();
  }

  /// A GMK of `group` that is open from now for an hour, known to nobody yet.
  public GroupMasterKey newGmk(String group) throws Exception {
    return newGmk(
        group, clock.instant().minusSeconds(1), clock.instant().plus(Duration.ofHours(1)));
  }

  public GroupMasterKey newGmk(String group, Instant activation, Instant expiry) throws Exception {
    Identity id = new Identity(group);
    member(group);
    NtpTimestamp now = NtpTimestamp.of(clock.instant());
    NtpTimestamp before = lastT.get(id);
    NtpTimestamp t = before == null ? now : now.after(before);
    lastT.put(id, t);
    int gmkId = random.nextInt() & 0x0fff_ffff;
    SecretBytes key = SecretBytes.random(16, random, "GMK of " + group);
    return GroupMasterKey.of(id, gmkId, key, t, activation, expiry, false);
  }

  /// Gives `gmk` to members as the group's manager would: signed, encrypted, accepted.
  public void distribute(GroupMasterKey gmk, LabMember... to) throws Exception {
    for (LabMember member : to) {
      member.member().joinGroup(GroupMembership.of(gmk.group(), KMS_URI));
      GmkAcceptance acceptance = member.member().accept(iMessage(gmk, member));
      if (!(acceptance instanceof GmkAcceptance.Accepted)) {
        throw new AssertionError(member.identity() + " refuses its GMK: " + acceptance);
      }
    }
  }

  /// The I_MESSAGE that brings `gmk` to `to`.
  public byte[] iMessage(GroupMasterKey gmk, LabMember to) throws Exception {
    return iMessageTo(gmk, to.identity().uri());
  }

  /// The same for somebody whose vault may be elsewhere.
  public byte[] iMessageTo(GroupMasterKey gmk, String uri) throws Exception {
    NtpTimestamp t = gmk.issued();
    return GmkDistribution.seal(
        GmkOffer.of(new Identity(uri), gmk),
        member(gmk.group().uri()).member().signer(t),
        certificate(),
        t,
        random);
  }

  /// A new GMK of `group` for all of `to`.
  public GroupMasterKey group(String group, LabMember... to) throws Exception {
    GroupMasterKey gmk = newGmk(group);
    distribute(gmk, to);
    return gmk;
  }

  @Override
  public void close() {
    while (!open.isEmpty()) {
      try {
        open.pop().close();
      } catch (Exception e) {
        throw new IllegalStateException("the lab does not close", e);
      }
    }
  }
}
