package parley.gateway.demo;

import static parley.keys.manager.Permission.LISTEN;
import static parley.keys.manager.Permission.RELAY;
import static parley.keys.manager.Permission.TALK;

import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import parley.keys.kms.IssueRefused;
import parley.keys.kms.KmsIssuer;
import parley.keys.kms.KmsSettings;
import parley.keys.kms.MemberKeys;
import parley.keys.manager.GroupManager;
import parley.keys.manager.GroupMember;
import parley.keys.manager.GroupSettings;
import parley.keys.manager.MemberList;
import parley.keys.member.GroupMembership;
import parley.keys.member.KeysMissing;
import parley.keys.member.Member;
import parley.keys.vault.Vault;
import parley.keys.vault.VaultException;
import parley.mikey.InvalidKey;
import parley.mikey.identity.Identity;
import parley.mikey.identity.KmsCertificate;

/// The first act: a KMS with fresh master secrets, keys for everybody, two groups with their
/// members.
///
/// Each role has a vault of its own; the gateway's is closed again, because the gateway will open
/// it.
final class Enrolment {
  private final Stage stage;

  Enrolment(Stage stage) {
    this.stage = stage;
  }

  Roles play() throws IOException, VaultException, IssueRefused, InvalidKey, KeysMissing {
    stage.terminal().act("1. Keys: the KMS, two group managers, a gateway and four terminals");
    KmsIssuer kms =
        stage.keep(
            KmsIssuer.create(
                KmsSettings.monthly(Cast.KMS_URI), stage.vault("kms"), stage.random()));
    stage.terminal().step("KMS " + Cast.KMS_URI + " has made its master secrets");
    GroupManager fireOps = group(kms, Cast.FIRE_OPS, fireOpsMembers());
    GroupManager jointOps = group(kms, Cast.JOINT_OPS, jointOpsMembers());
    gateway(kms);
    Map<Identity, Member> members = new HashMap<>();
    for (Identity ue : Cast.UES) {
      members.put(ue, terminal(kms, ue));
    }
    stage
        .terminal()
        .step(names(Cast.UES) + " are enrolled: receiver and signing keys, verified and stored");
    members.put(Cast.MALLORY, terminal(kms, Cast.MALLORY));
    members.put(Cast.EVE, terminal(kms, Cast.EVE));
    stage.terminal().step("so is Mallory, a member gone bad, and Eve, whom no group knows");
    Roles roles = new Roles(fireOps, jointOps, Map.copyOf(members));
    join(roles);
    return roles;
  }

  private static MemberList fireOpsMembers() {
    return MemberList.of(
        List.of(
            GroupMember.of(Cast.ALICE, TALK, LISTEN),
            GroupMember.of(Cast.BOB, TALK, LISTEN),
            GroupMember.of(Cast.CAROL, LISTEN),
            GroupMember.of(Cast.DAVE, LISTEN),
            GroupMember.of(Cast.MALLORY, TALK, LISTEN),
            GroupMember.of(Cast.GATEWAY, LISTEN, RELAY)));
  }

  private static MemberList jointOpsMembers() {
    return MemberList.of(
        List.of(GroupMember.of(Cast.DAVE, LISTEN), GroupMember.of(Cast.GATEWAY, TALK, RELAY)));
  }

  private GroupManager group(KmsIssuer kms, Identity group, MemberList members)
      throws IOException, VaultException, IssueRefused, InvalidKey, KeysMissing {
    Vault vault = stage.vault("manager-" + Cast.shortName(group));
    install(kms, vault, group);
    members.save(stage.membersFile(group));
    GroupManager manager =
        stage.keep(
            GroupManager.create(
                vault, GroupSettings.of(group), members, stage.clock(), stage.random()));
    stage
        .terminal()
        .step(
            "%s: %d members, signed for by the group itself"
                .formatted(group, members.members().size()));
    return manager;
  }

  private void gateway(KmsIssuer kms)
      throws IOException, VaultException, IssueRefused, InvalidKey, KeysMissing {
    try (Vault vault = stage.vault("gateway")) {
      install(kms, vault, Cast.GATEWAY);
      try (Member member = Member.open(vault, Cast.GATEWAY, stage.clock())) {
        member.joinGroup(GroupMembership.of(Cast.FIRE_OPS, Cast.KMS_URI));
        member.joinGroup(GroupMembership.of(Cast.JOINT_OPS, Cast.KMS_URI));
      }
    }
    stage.terminal().step("gateway " + Cast.GATEWAY + " is enrolled, a member of both groups");
  }

  private Member terminal(KmsIssuer kms, Identity who)
      throws IOException, VaultException, IssueRefused, InvalidKey, KeysMissing {
    Vault vault = stage.vault(Cast.shortName(who));
    install(kms, vault, who);
    return stage.keep(Member.open(vault, who, stage.clock()));
  }

  private void install(KmsIssuer kms, Vault vault, Identity who)
      throws IssueRefused, InvalidKey, VaultException {
    Instant now = stage.clock().instant();
    KmsCertificate certificate = kms.certificate();
    try (MemberKeys keys =
        kms.issue(who, certificate.periodAt(now), Cast.shortName(who) + "-1", now)) {
      Member.install(vault, certificate, keys);
    }
  }

  private static void join(Roles roles) throws VaultException {
    for (Identity who : List.of(Cast.ALICE, Cast.BOB, Cast.CAROL, Cast.DAVE, Cast.MALLORY)) {
      roles.member(who).joinGroup(GroupMembership.of(Cast.FIRE_OPS, Cast.KMS_URI));
    }
    roles.member(Cast.DAVE).joinGroup(GroupMembership.of(Cast.JOINT_OPS, Cast.KMS_URI));
  }

  private static String names(List<Identity> who) {
    return who.stream().map(Cast::shortName).collect(Collectors.joining(", "));
  }
}
