package parley.bench.relay;

import static parley.keys.manager.Permission.LISTEN;
import static parley.keys.manager.Permission.RELAY;
import static parley.keys.manager.Permission.TALK;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import parley.bench.rig.KeyIssue;
import parley.bench.rig.Opened;
import parley.bench.rig.Talk;
import parley.keys.manager.GroupManager;
import parley.keys.manager.GroupMember;
import parley.keys.manager.MemberList;
import parley.keys.member.Member;
import parley.keys.vault.Vault;
import parley.mikey.group.MediaPolicy;
import parley.mikey.group.MediaSuite;
import parley.mikey.identity.Identity;

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
  private final Testbed bed;
  private final KeyIssue issue;
  private final Opened opened = new Opened();
  private final Path gatewayVault;
  private final Path talkMembers;
  private final Path jointMembers;
  private final Member talker;
  private final Member listener;

  private RelayKeys(Testbed bed) throws Exception {
    this.bed = bed;
    issue = opened.keep(new KeyIssue(bed.file("vault.key"), bed.file("kms.vault"), KMS_URI));
    talker = member(TALKER);
    listener = member(LISTENER);
    gatewayVault = bed.file("gateway.vault");
    talkMembers = bed.file("talk.yaml");
    jointMembers = bed.file("joint.yaml");
    try (Vault vault = issue.vault(gatewayVault);
        Member gateway = issue.member(vault, GATEWAY)) {
      issue.distribute(
          manager(
              TALK_GROUP,
              talkMembers,
              GroupMember.of(TALKER, TALK, LISTEN),
              GroupMember.of(GATEWAY, LISTEN, RELAY)),
          List.of(gateway, talker));
      issue.distribute(
          manager(
              JOINT_GROUP,
              jointMembers,
              GroupMember.of(LISTENER, LISTEN),
              GroupMember.of(GATEWAY, TALK, RELAY)),
          List.of(gateway, listener));
    }
  }

  static RelayKeys make(Testbed bed) throws Exception {
    return bed.keep(new RelayKeys(bed));
  }

  Member listener() {
    return listener;
  }

  /// Of the talker in its group.
  Talk talk() {
    return new Talk(talker, TALK_GROUP, POLICY, issue.random(), issue.clock());
  }

  Path keyFile() {
    return issue.keyFile();
  }

  Path members(Identity group) {
    return group.equals(TALK_GROUP) ? talkMembers : jointMembers;
  }

  /// A vault for one more gateway, closed.
  Path newGatewayVault() throws IOException {
    return Files.copy(gatewayVault, bed.file("gateway.vault"));
  }

  private Member member(Identity who) throws Exception {
    return opened.keep(issue.member(opened.keep(issue.vault(bed.file("member.vault"))), who));
  }

  private GroupManager manager(Identity group, Path file, GroupMember... list) throws Exception {
    MemberList members = MemberList.of(List.of(list));
    members.save(file);
    Vault vault = opened.keep(issue.vault(bed.file("manager.vault")));
    return opened.keep(issue.manager(vault, group, members));
  }

  @Override
  public void close() {
    opened.close();
  }
}
