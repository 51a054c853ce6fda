package parley.bench.load;

import static parley.keys.manager.Permission.LISTEN;
import static parley.keys.manager.Permission.RELAY;
import static parley.keys.manager.Permission.TALK;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import parley.keys.kms.IssueRefused;
import parley.keys.kms.KmsIssuer;
import parley.keys.kms.KmsSettings;
import parley.keys.kms.MemberKeys;
import parley.keys.manager.GmkMessage;
import parley.keys.manager.GroupManager;
import parley.keys.manager.GroupMember;
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

/// Real keys for a load on loopback: a KMS, a talker, a listener and a gateway, members of as many
/// groups as wanted.
final class OwnKeys implements AutoCloseable {
  static final Identity GATEWAY = new Identity("sip:gateway@load.example.org");
  private static final Identity TALKER = new Identity("sip:talker@load.example.org");
  private static final Identity LISTENER = new Identity("sip:listener@load.example.org");
  private static final String KMS_URI = "kms.load.example.org";
  private static final Duration VALID = Duration.ofDays(1);
  private static final int TOLD_EVERY = 50;
  private static final int KEY_FILE_OCTETS = 32;

  private final Path folder;
  private final SecureRandom random = new SecureRandom();
  private final InstantSource clock = InstantSource.system();
  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private final List<Identity> groups = new ArrayList<>();
  private final MemberList members =
      MemberList.of(
          List.of(
              GroupMember.of(TALKER, TALK),
              GroupMember.of(LISTENER, LISTEN),
              GroupMember.of(GATEWAY, LISTEN, RELAY)));
  private final KmsIssuer kms;
  private final Member talker;
  private final Member listener;

  private OwnKeys(Path folder)
      throws IOException, VaultException, IssueRefused, InvalidKey, KeysMissing {
    this.folder = folder;
    byte[] key = new byte[KEY_FILE_OCTETS];
    random.nextBytes(key);
    Files.write(keyFile(), key);
    members.save(membersFile());
    kms = keep(KmsIssuer.create(KmsSettings.monthly(KMS_URI), keep(vault("kms")), random));
    talker = keep(member(keep(vault("talker")), TALKER));
    listener = keep(member(keep(vault("listener")), LISTENER));
  }

  /// Makes vaults in `folder`; takes about a tenth of a second for each group.
  static OwnKeys make(Path folder, int groups)
      throws IOException, VaultException, IssueRefused, InvalidKey, KeysMissing {
    var keys = new OwnKeys(folder);
    try (Vault vault = keys.vault("gateway");
        Member gateway = keys.member(vault, GATEWAY)) {
      for (int i = 1; i <= groups; i++) {
        if (i % TOLD_EVERY == 0) {
          System.err.printf("parley bench: keys for group %d of %d ...%n", i, groups);
        }
        var group = new Identity("sip:group-%d@load.example.org".formatted(i));
        keys.groups.add(group);
        keys.found(group, Map.of(GATEWAY, gateway, TALKER, keys.talker, LISTENER, keys.listener));
      }
    }
    return keys;
  }

  List<Identity> groups() {
    return groups;
  }

  Member talker() {
    return talker;
  }

  Member listener() {
    return listener;
  }

  Path keyFile() {
    return folder.resolve("vault.key");
  }

  Path membersFile() {
    return folder.resolve("members.yaml");
  }

  Path gatewayVault() {
    return folder.resolve("gateway.vault");
  }

  private <T extends AutoCloseable> T keep(T part) {
    open.push(part);
    return part;
  }

  private Vault vault(String name) throws VaultException {
    try (VaultKey key = VaultKey.keyFile(keyFile())) {
      return Vault.create(folder.resolve(name + ".vault"), key);
    }
  }

  private Member member(Vault vault, Identity who)
      throws IssueRefused, InvalidKey, VaultException, KeysMissing {
    install(vault, who);
    return Member.open(vault, who, clock);
  }

  private void install(Vault vault, Identity who) throws IssueRefused, InvalidKey, VaultException {
    Instant now = clock.instant();
    KmsCertificate certificate = kms.certificate();
    try (MemberKeys keys = kms.issue(who, certificate.periodAt(now), "device-1", now)) {
      Member.install(vault, certificate, keys);
    }
  }

  /// A manager that makes the group's key, gives it to all, and is needed no more.
  private void found(Identity group, Map<Identity, Member> all)
      throws VaultException, IssueRefused, InvalidKey, KeysMissing {
    for (Member member : all.values()) {
      member.joinGroup(GroupMembership.of(group, KMS_URI));
    }
    try (Vault vault = vault("manager-" + groups.size())) {
      install(vault, group);
      try (GroupManager manager =
          GroupManager.create(vault, GroupSettings.of(group), members, clock, random)) {
        Instant now = clock.instant();
        GroupMasterKey gmk = manager.newGmk(now.minusSeconds(1), now.plus(VALID));
        for (GmkMessage message : manager.distribute(gmk, now)) {
          Member member = all.get(message.ue());
          if (member == null
              || !(member.accept(message.octets()) instanceof GmkAcceptance.Accepted)) {
            throw new IllegalStateException(message.ue() + " has no key of " + group);
          }
        }
      }
    }
  }

  @Override
  public void close() {
    while (!open.isEmpty()) {
      try {
        open.pop().close();
      } catch (Exception e) {
        System.err.println("parley bench: did not close: " + e);
      }
    }
  }
}
