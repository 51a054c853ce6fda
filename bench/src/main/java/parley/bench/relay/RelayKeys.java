package parley.bench.relay;

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
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
import parley.keys.member.Member;
import parley.keys.vault.Vault;
import parley.keys.vault.VaultKey;
import parley.mikey.group.GroupMasterKey;
import parley.mikey.group.MediaPolicy;
import parley.mikey.group.MediaSuite;
import parley.mikey.identity.Identity;
import parley.mikey.identity.KmsCertificate;

/// Real keys for gateways under test: a KMS, two groups with managers and GMKs, a talker, a
/// listener, and a gateway's vault to copy for each gateway.
final class RelayKeys implements AutoCloseable {
  static final Identity TALK_GROUP = new Identity("sip:talk@bench.example.org");
  static final Identity JOINT_GROUP = new Identity("sip:joint@bench.example.org");
  static final Identity GATEWAY = new Identity("sip:gateway@bench.example.org");
  static final Identity TALKER = new Identity("sip:talker@bench.example.org");
  static final Identity LISTENER = new Identity("sip:listener@bench.example.org");

  /// The suite that rtpengine has too.
  static final MediaPolicy POLICY = new MediaPolicy(MediaSuite.AES_CM_128_HMAC_SHA1_80, false);

  /// Tag and MKI of [#POLICY].
  static final int TRAILER_OCTETS = 10 + 4;

  private static final String KMS_URI = "kms.bench.example.org";
  private static final Duration VALID = Duration.ofDays(1);

  private final Testbed bed;
  private final SecureRandom random = new SecureRandom();
  private final InstantSource clock = InstantSource.system();
  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private final Path keyFile;
  private final Path gatewayVault;
  private final Path talkMembers;
  private final Path jointMembers;
  private final KmsIssuer kms;
  private final Member talker;
  private final Member listener;

  private RelayKeys(Testbed bed) throws Exception {
    this.bed = bed;
    keyFile = bed.file("vault.key");
    byte[] key = new byte[32];
    random.nextBytes(key);
    Files.write(keyFile, key);
    kms = keep(KmsIssuer.create(KmsSettings.monthly(KMS_URI), vault("kms"), random));
    talker = member(TALKER);
    listener = member(LISTENER);
    gatewayVault = bed.file("gateway.vault");
    talkMembers = bed.file("talk.yaml");
    jointMembers = bed.file("joint.yaml");
    try (Vault vault = Vault.create(gatewayVault, VaultKey.keyFile(keyFile))) {
      install(vault, GATEWAY);
      try (Member gateway = Member.open(vault, GATEWAY, clock)) {
        distribute(
            manager(
                TALK_GROUP,
                talkMembers,
                GroupMember.of(TALKER, TALK, LISTEN),
                GroupMember.of(GATEWAY, LISTEN, RELAY)),
            gateway,
            talker);
        distribute(
            manager(
                JOINT_GROUP,
                jointMembers,
                GroupMember.of(LISTENER, LISTEN),
                GroupMember.of(GATEWAY, TALK, RELAY)),
            gateway,
            listener);
      }
    }
  }

  static RelayKeys make(Testbed bed) throws Exception {
    return bed.keep(new RelayKeys(bed));
  }

  Member talker() {
    return talker;
  }

  Member listener() {
    return listener;
  }

  InstantSource clock() {
    return clock;
  }

  SecureRandom random() {
    return random;
  }

  Path keyFile() {
    return keyFile;
  }

  Path members(Identity group) {
    return group.equals(TALK_GROUP) ? talkMembers : jointMembers;
  }

  /// A vault for one more gateway, closed.
  Path newGatewayVault() throws IOException {
    return Files.copy(gatewayVault, bed.file("gateway.vault"));
  }

  private <T extends AutoCloseable> T keep(T part) {
    open.push(part);
    return part;
  }

  private Vault vault(String role) throws Exception {
    return keep(Vault.create(bed.file(role + ".vault"), VaultKey.keyFile(keyFile)));
  }

  private Member member(Identity who) throws Exception {
    Vault vault = vault("member");
    install(vault, who);
    return keep(Member.open(vault, who, clock));
  }

  private void install(Vault vault, Identity who) throws Exception {
    Instant now = clock.instant();
    KmsCertificate certificate = kms.certificate();
    try (MemberKeys keys = kms.issue(who, certificate.periodAt(now), "device-1", now)) {
      Member.install(vault, certificate, keys);
    }
  }

  private GroupManager manager(Identity group, Path file, GroupMember... list) throws Exception {
    MemberList members = MemberList.of(List.of(list));
    members.save(file);
    Vault vault = vault("manager");
    install(vault, group);
    return keep(GroupManager.create(vault, GroupSettings.of(group), members, clock, random));
  }

  private void distribute(GroupManager manager, Member... members) throws Exception {
    Map<Identity, Member> byName = new HashMap<>();
    for (Member member : members) {
      member.joinGroup(GroupMembership.of(manager.group(), KMS_URI));
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
    open.forEach(Testbed::end);
    open.clear();
  }
}
