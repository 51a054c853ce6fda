package parley.bench.load;

import static parley.keys.manager.Permission.LISTEN;
import static parley.keys.manager.Permission.RELAY;
import static parley.keys.manager.Permission.TALK;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import parley.bench.rig.KeyIssue;
import parley.bench.rig.Opened;
import parley.keys.kms.IssueRefused;
import parley.keys.manager.GroupManager;
import parley.keys.manager.GroupMember;
import parley.keys.manager.MemberList;
import parley.keys.member.KeysMissing;
import parley.keys.member.Member;
import parley.keys.vault.Vault;
import parley.keys.vault.VaultException;
import parley.mikey.InvalidKey;
import parley.mikey.identity.Identity;

/// Real keys for a load on loopback: a KMS, a talker, a listener and a gateway, members of as many
/// groups as wanted.
final class OwnKeys implements AutoCloseable {
  static final Identity GATEWAY = new Identity("sip:gateway@load.example.org");
  private static final Identity TALKER = new Identity("sip:talker@load.example.org");
  private static final Identity LISTENER = new Identity("sip:listener@load.example.org");
  private static final String KMS_URI = "kms.load.example.org";
  private static final int TOLD_EVERY = 50;

  private final Path folder;
  private final Opened opened = new Opened();
  private final List<Identity> groups = new ArrayList<>();
  private final MemberList members =
      MemberList.of(
          List.of(
              GroupMember.of(TALKER, TALK),
              GroupMember.of(LISTENER, LISTEN),
              GroupMember.of(GATEWAY, LISTEN, RELAY)));
  private final KeyIssue issue;
  private final Member talker;
  private final Member listener;

  private OwnKeys(Path folder)
      throws IOException, VaultException, IssueRefused, InvalidKey, KeysMissing {
    this.folder = folder;
    members.save(membersFile());
    issue = opened.keep(new KeyIssue(folder.resolve("vault.key"), file("kms"), KMS_URI));
    talker = member("talker", TALKER);
    listener = member("listener", LISTENER);
  }

  private Member member(String name, Identity who)
      throws IssueRefused, InvalidKey, VaultException, KeysMissing {
    return opened.keep(issue.member(opened.keep(issue.vault(file(name))), who));
  }

  /// Makes vaults in `folder`; takes about a tenth of a second for each group.
  static OwnKeys make(Path folder, int groups)
      throws IOException, VaultException, IssueRefused, InvalidKey, KeysMissing {
    var keys = new OwnKeys(folder);
    try (Vault vault = keys.issue.vault(keys.gatewayVault());
        Member gateway = keys.issue.member(vault, GATEWAY)) {
      for (int i = 1; i <= groups; i++) {
        if (i % TOLD_EVERY == 0) {
          System.err.printf("parley bench: keys for group %d of %d ...%n", i, groups);
        }
        keys.found(new Identity("sip:group-%d@load.example.org".formatted(i)), gateway);
      }
    }
    return keys;
  }

  /// A manager that makes the group's key, gives it to all, and is needed no more.
  private void found(Identity group, Member gateway)
      throws VaultException, IssueRefused, InvalidKey, KeysMissing {
    groups.add(group);
    try (Vault vault = issue.vault(file("manager-" + groups.size()));
        GroupManager manager = issue.manager(vault, group, members)) {
      issue.distribute(manager, List.of(gateway, talker, listener));
    }
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
    return issue.keyFile();
  }

  Path membersFile() {
    return folder.resolve("members.yaml");
  }

  Path gatewayVault() {
    return file("gateway");
  }

  private Path file(String name) {
    return folder.resolve(name + ".vault");
  }

  @Override
  public void close() {
    opened.close();
  }
}
