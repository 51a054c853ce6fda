package parley.bench.rig;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import parley.keys.kms.IssueRefused;
import parley.keys.kms.KmsIssuer;
import parley.keys.kms.KmsSettings;
import parley.keys.kms.MemberKeys;
import parley.keys.manager.GmkMessage;
import parley.keys.manager.GroupManager;
import parley.keys.manager.GroupSettings;
import parley.keys.manager.MemberList;
import parley.keys.member.GmkAcceptance;
import parley.keys.member.GroupMembership;
import parley.keys.member.KeysMissing;
import parley.keys.member.Member;
import parley.keys.vault.Vault;
import parley.keys.vault.VaultException;
import parley.keys.vault.VaultKey;
import parley.mikey.InvalidKey;
import parley.mikey.group.GroupMasterKey;
import parley.mikey.identity.Identity;
import parley.mikey.identity.KmsCertificate;

/// Real keys for a measurement: a KMS that issues them into vaults, which one key file opens, and
/// groups that get their GMK as any group does. Safe for use by many threads.
public final class KeyIssue implements AutoCloseable {
  private static final int KEY_FILE_OCTETS = 32;
  private static final Duration VALID = Duration.ofDays(1);

  private final Path keyFile;
  private final String kmsUri;
  private final SecureRandom random = new SecureRandom();
  private final InstantSource clock = InstantSource.system();
  private final Opened opened = new Opened();
  private final KmsIssuer kms;

  /// @param keyFile is written, and opens every vault made here
  /// @param kmsVault is made, and closed with this
  public KeyIssue(Path keyFile, Path kmsVault, String kmsUri) throws IOException, VaultException {
    this.keyFile = keyFile;
    this.kmsUri = kmsUri;
    byte[] key = new byte[KEY_FILE_OCTETS];
    random.nextBytes(key);
    Files.write(keyFile, key);
    kms =
        opened.keep(
            KmsIssuer.create(KmsSettings.monthly(kmsUri), opened.keep(vault(kmsVault)), random));
  }

  public Path keyFile() {
    return keyFile;
  }

  public SecureRandom random() {
    return random;
  }

  public InstantSource clock() {
    return clock;
  }

  /// A new vault, which is the caller's to close.
  public Vault vault(Path file) throws VaultException {
    try (VaultKey key = VaultKey.keyFile(keyFile)) {
      return Vault.create(file, key);
    }
  }

  /// A member with keys of its own in this vault; the caller's to close, before the vault.
  public Member member(Vault vault, Identity who)
      throws IssueRefused, InvalidKey, VaultException, KeysMissing {
    install(vault, who);
    return Member.open(vault, who, clock);
  }

  /// A manager of a group whose identity gets keys in this vault; the caller's to close, before the
  /// vault.
  public GroupManager manager(Vault vault, Identity group, MemberList members)
      throws IssueRefused, InvalidKey, VaultException, KeysMissing {
    install(vault, group);
    return GroupManager.create(vault, GroupSettings.of(group), members, clock, random);
  }

  private void install(Vault vault, Identity who) throws IssueRefused, InvalidKey, VaultException {
    Instant now = clock.instant();
    KmsCertificate certificate = kms.certificate();
    try (MemberKeys keys = kms.issue(who, certificate.periodAt(now), "device-1", now)) {
      Member.install(vault, certificate, keys);
    }
  }

  /// Makes this member one of all these groups, in one write of its vault; what [#distribute] does
  /// for each is spared then.
  public void join(Member member, Collection<Identity> groups) throws VaultException {
    member.joinGroups(groups.stream().map(group -> GroupMembership.of(group, kmsUri)).toList());
  }

  /// Makes the group's key, valid for a day, and gives it to all its members, who are these.
  public void distribute(GroupManager manager, Collection<Member> members)
      throws VaultException, InvalidKey, KeysMissing {
    Map<Identity, Member> byName = new HashMap<>();
    for (Member member : members) {
      member.joinGroup(GroupMembership.of(manager.group(), kmsUri));
      byName.put(member.identity(), member);
    }
    Instant now = clock.instant();
    GroupMasterKey gmk = manager.newGmk(now.minusSeconds(1), now.plus(VALID));
    for (GmkMessage message : manager.distribute(gmk, now)) {
      Member member = byName.get(message.ue());
      if (member == null
          || !(member.accept(message.octets()) instanceof GmkAcceptance.Accepted accepted)
          || !manager.confirm(accepted.receipt())) {
        throw new IllegalStateException(message.ue() + " has no GMK of " + manager.group());
      }
    }
  }

  @Override
  public void close() {
    opened.close();
  }
}
