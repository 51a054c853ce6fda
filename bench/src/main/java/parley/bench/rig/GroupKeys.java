package parley.bench.rig;

import static parley.keys.manager.Permission.LISTEN;
import static parley.keys.manager.Permission.RELAY;
import static parley.keys.manager.Permission.TALK;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import parley.keys.kms.IssueRefused;
import parley.keys.manager.GroupManager;
import parley.keys.manager.GroupMember;
import parley.keys.manager.MemberList;
import parley.keys.member.KeysMissing;
import parley.keys.member.Member;
import parley.keys.vault.Vault;
import parley.keys.vault.VaultException;
import parley.mikey.InvalidKey;
import parley.mikey.group.MediaPolicy;
import parley.mikey.identity.Identity;

/// Real keys for a load on loopback: a KMS, a talker, a listener and a gateway, members of as many
/// groups as wanted.
public final class GroupKeys implements AutoCloseable {
  public static final Identity GATEWAY = new Identity("sip:gateway@load.example.org");
  private static final Identity TALKER = new Identity("sip:talker@load.example.org");
  private static final Identity LISTENER = new Identity("sip:listener@load.example.org");
  private static final String KMS_URI = "kms.load.example.org";
  private static final int TOLD_EVERY = 50;

  private final Path folder;
  private final Opened opened = new Opened();
  private final List<Identity> groups;
  private final KeyIssue issue;
  private final Member talker;
  private final Member listener;

  private GroupKeys(Path folder, List<Identity> groups)
      throws IOException, VaultException, IssueRefused, InvalidKey, KeysMissing {
    this.folder = folder;
    this.groups = groups;
    members(true).save(membersFile());
    issue = opened.keep(new KeyIssue(folder.resolve("vault.key"), file("kms"), KMS_URI));
    talker = member("talker", TALKER);
    listener = member("listener", LISTENER);
  }

  private static MemberList members(boolean withTerminals) {
    GroupMember gateway = GroupMember.of(GATEWAY, LISTEN, RELAY);
    return MemberList.of(
        withTerminals
            ? List.of(GroupMember.of(TALKER, TALK), GroupMember.of(LISTENER, LISTEN), gateway)
            : List.of(gateway));
  }

  private Member member(String name, Identity who)
      throws IssueRefused, InvalidKey, VaultException, KeysMissing {
    return opened.keep(issue.member(opened.keep(issue.vault(file(name))), who));
  }

  /// Makes vaults in `folder`, with all processors; takes about a quarter of a processor's second
  /// for each group.
  public static GroupKeys make(Path folder, int groups)
      throws IOException, VaultException, IssueRefused, InvalidKey, KeysMissing {
    return make(folder, groups, groups);
  }

  /// The same, and the talker and the listener get the keys of the first `heard` groups only, which
  /// spares most of that time.
  public static GroupKeys make(Path folder, int groups, int heard)
      throws IOException, VaultException, IssueRefused, InvalidKey, KeysMissing {
    var keys = new GroupKeys(folder, all(groups));
    List<Identity> heardGroups = keys.groups.subList(0, Math.min(heard, groups));
    try (Vault vault = keys.issue.vault(keys.gatewayVault());
        Member gateway = keys.issue.member(vault, GATEWAY)) {
      keys.issue.join(gateway, keys.groups);
      keys.issue.join(keys.talker, heardGroups);
      keys.issue.join(keys.listener, heardGroups);
      keys.foundAll(gateway, heardGroups.size());
    }
    return keys;
  }

  private static List<Identity> all(int groups) {
    return IntStream.rangeClosed(1, groups)
        .mapToObj("sip:group-%d@load.example.org"::formatted)
        .map(Identity::new)
        .toList();
  }

  private void foundAll(Member gateway, int heard) {
    var told = new AtomicInteger();
    IntStream.range(0, groups.size())
        .parallel()
        .forEach(i -> {
          found(i, gateway, i < heard);
          int done = told.incrementAndGet();
          if (done % TOLD_EVERY == 0) {
            System.err.printf("parley bench: keys for group %d of %d ...%n", done, groups.size());
          }
        });
  }

  /// A manager that makes the group's key, gives it to all, and is needed no more.
  private void found(int i, Member gateway, boolean isHeard) {
    try (Vault vault = issue.vault(file("manager-" + (i + 1)));
        GroupManager manager = issue.manager(vault, groups.get(i), members(isHeard))) {
      issue.distribute(manager, isHeard ? List.of(gateway, talker, listener) : List.of(gateway));
    } catch (VaultException | IssueRefused | InvalidKey | KeysMissing e) {
      throw new IllegalStateException("no key for " + groups.get(i), e);
    }
  }

  public List<Identity> groups() {
    return groups;
  }

  public Member talker() {
    return talker;
  }

  public Member listener() {
    return listener;
  }

  /// Of the talker in a group whose key it has.
  public Talk talk(Identity group, MediaPolicy policy) {
    return new Talk(talker, group, policy, issue.random(), issue.clock());
  }

  public Path keyFile() {
    return issue.keyFile();
  }

  /// All three, for the gateway.
  public Path membersFile() {
    return folder.resolve("members.yaml");
  }

  public Path gatewayVault() {
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
