package parley.keys.manager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import parley.mikey.identity.Identity;

class MemberListTest {
  private static final Identity ALICE = new Identity("sip:alice@example.org");
  private static final Identity GATEWAY = new Identity("sip:gpe1@example.org");

  @TempDir Path directory;

  @Test
  void readsAMembersFile() throws WrongSetting {
    MemberList list =
        MemberList.parse(
            """
            # the fire brigade
            members:
              - {identity: sip:alice@example.org, may: [talk, listen]}
              - identity: sip:gpe1@example.org
                may: [listen, relay]
            """);
    assertThat(list.permissions(ALICE)).containsOnly(Permission.TALK, Permission.LISTEN);
    assertThat(list.may(GATEWAY, Permission.RELAY)).isTrue();
    assertThat(list.may(GATEWAY, Permission.TALK)).isFalse();
    assertThat(list.permissions(new Identity("sip:mallory@example.org"))).isEmpty();
    assertThat(list.members()).extracting(GroupMember::identity).containsExactly(ALICE, GATEWAY);
  }

  @Test
  void writesWhatItReads() throws WrongSetting, IOException {
    MemberList list =
        MemberList.of(
            List.of(
                GroupMember.of(ALICE, Permission.MANAGE, Permission.TALK),
                GroupMember.of(new Identity("sip:o'neil,{x}@[2001:db8::1]"), Permission.LISTEN)));
    Path file = directory.resolve("members.yaml");
    list.save(file);
    list.save(file);
    assertThat(MemberList.load(file)).isEqualTo(list);
    assertThat(MemberList.parse(MemberList.of(List.of()).toYaml()).members()).isEmpty();
  }

  @Test
  void changesInCopies() {
    MemberList one = MemberList.of(List.of(GroupMember.of(ALICE, Permission.TALK)));
    MemberList two = one.with(GroupMember.of(GATEWAY, Permission.RELAY));
    MemberList changed = two.with(GroupMember.of(ALICE, Permission.LISTEN));
    assertThat(one.members()).hasSize(1);
    assertThat(changed.permissions(ALICE)).isEqualTo(Set.of(Permission.LISTEN));
    assertThat(changed.without(ALICE).without(GATEWAY).members()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "members: [{identity: 'sip:a@b', may: [talk]}, {identity: 'sip:c@b', may: [listen]},"
            + " {identity: 'sip:d@b', may: [speak]}] | members[2].may[0]: unknown permission"
            + " \"speak\"; use talk, listen, relay or manage",
        "members: [{identity: 'sip:a@b', may: [talk, 7]}] | members[0].may[1]: unknown permission"
            + " \"7\"; use talk, listen, relay or manage",
        "members: [{identity: 'sip:a@b', may: talk}] | members[0].may: not a list; write a list,"
            + " for example [talk, listen]",
        "members: [{identity: 'sip:a@b', may: []}] | members[0].may: empty; name a permission or"
            + " remove the member",
        "members: [{identity: 'sip:a@b'}] | members[0].may: missing; write for example [talk,"
            + " listen]",
        "members: [{may: [talk]}] | members[0].identity: missing; write a URI such as"
            + " sip:alice@example.org",
        "members: [{identity: 'SIP:a@B', may: [talk]}] | members[0].identity: identity \"SIP:a@B\""
            + " is not canonical; write \"sip:a@b\"",
        "members: [{identity: 12, may: [talk]}] | members[0].identity: not text; write a URI such"
            + " as sip:alice@example.org",
        "members: [{identity: 'sip:a@b', may: [talk], role: x}] | members[0].role: unknown"
            + " setting; use identity and may",
        "members: [{identity: 'sip:a@b', may: [talk]}, {identity: 'sip:a@b', may: [listen]}] |"
            + " members[1].identity: sip:a@b is members[0] already; keep one of the two",
        "members: [alice] | members[0]: not a member; write {identity: ..., may: [...]}",
        "members: 3 | members: not a list; write a list of {identity: ..., may: [...]}",
        "member: [] | member: unknown setting; use members",
        "{} | members: missing; write a list of members, or [] for none",
        "[] | no members here; write members: [{identity: ..., may: [...]}]",
      })
  void namesThePathAndTheRemedy(String yaml, String message) {
    assertThatThrownBy(() -> MemberList.parse(yaml))
        .isInstanceOf(WrongSetting.class)
        .hasMessage(message);
  }

  @Test
  void refusesWhatIsNoYaml() {
    for (String yaml : new String[] {"", "members: [", "a: 1\na: 2", "\t", "members: &a [*a]"}) {
      assertThatThrownBy(() -> MemberList.parse(yaml)).isInstanceOf(WrongSetting.class);
    }
  }

  @Test
  void namesTheFile() throws IOException {
    Path file = Files.writeString(directory.resolve("members.yaml"), "members: 3");
    assertThatThrownBy(() -> MemberList.load(file))
        .hasMessageStartingWith(file + ": members: not a list");
  }
}
