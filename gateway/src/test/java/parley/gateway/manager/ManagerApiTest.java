package parley.gateway.manager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.gateway.cli.Run;
import parley.gateway.config.ConfigFile;
import parley.gateway.system.Await;
import parley.keys.audit.AuditReader;
import parley.keys.kms.KmsIssuer;
import parley.keys.kms.MemberKeys;
import parley.keys.manager.Delivery;
import parley.keys.manager.ManagerClient;
import parley.keys.manager.MemberList;
import parley.keys.manager.Permission;
import parley.keys.member.GroupMembership;
import parley.keys.member.Member;
import parley.keys.vault.Vault;
import parley.keys.vault.VaultKey;
import parley.mikey.identity.Identity;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What an operator does with a running manager: over its API with `curl`, by commands, by its
/// members file; and what members see of that.
class ManagerApiTest {
  private static final Identity GROUP = UeSwarm.GROUP;

  @TempDir Path folder;
  private ManagerLab lab;

  @BeforeEach
  void prepare() throws Exception {
    lab = new ManagerLab(folder, 3, GROUP, "");
    lab.start();
  }

  @AfterEach
  void end() throws Exception {
    lab.close();
  }

  static String encoded(Identity identity) {
    return URLEncoder.encode(identity.uri(), StandardCharsets.UTF_8);
  }

  private Identity ue(int i) {
    return lab.swarm().ues().get(i);
  }

  private String api(String method, String path) throws IOException {
    return lab.curl("-X", method, lab.api() + "/api/v1/groups/" + encoded(GROUP) + path);
  }

  private JsonNode done(String method, String path) throws IOException {
    String said = api(method, path);
    assertThat(said).endsWith("\n200");
    return JsonMapper.shared().readTree(said.substring(0, said.lastIndexOf('\n')));
  }

  private List<String> members() throws IOException {
    return done("GET", "/members")
        .get("members")
        .valueStream()
        .map(one -> one.get("identity").asString())
        .toList();
  }

  private MemberList file() throws Exception {
    return MemberList.load(folder.resolve("members.yaml"));
  }

  @Test
  void changesAMemberForGood() throws Exception {
    done("PUT", "/members/" + encoded(ue(0)) + "/listen,relay");
    assertThat(file().permissions(ue(0)))
        .containsExactlyInAnyOrder(Permission.LISTEN, Permission.RELAY);
    var dave = new Identity("sip:dave@example.org");
    assertThat(done("PUT", "/members/" + encoded(dave) + "/talk").get("members").size())
        .isEqualTo(4);
    lab.stop();
    lab.start();
    assertThat(members()).contains(dave.uri()).hasSize(4);
    assertThat(file().permissions(dave)).containsExactly(Permission.TALK);
    lab.stop();
    String act = "loopback: put member %s %s talk: ".formatted(GROUP, dave);
    assertThat(lab.audit()).contains(act + "begun", act + "done");
    assertThat(AuditReader.read(List.of(folder.resolve("manager.audit"))).isUnaltered()).isTrue();
  }

  @Test
  void excludesAndTheOthersGetANewGmk() throws Exception {
    lab.swarm().register(lab.server().local());
    Await.until(
        "all have it",
        () -> lab.swarm().ues().stream().allMatch(ue -> lab.swarm().accepted(ue).size() == 1));
    done("DELETE", "/members/" + encoded(ue(2)));
    Await.until(
        "the others have the new one",
        () -> List.of(ue(0), ue(1)).stream().allMatch(ue -> lab.swarm().accepted(ue).size() == 2));
    assertThat(lab.swarm().accepted(ue(2))).hasSize(1);
    assertThat(file().find(ue(2))).isEmpty();
    assertThat(api("DELETE", "/members/" + encoded(ue(2)))).endsWith("404");
    lab.stop();
    lab.start();
    assertThat(members()).containsExactly(ue(0).uri(), ue(1).uri());
  }

  @Test
  void rekeysAndShowsTheBoard() throws Exception {
    lab.swarm().register(lab.server().local());
    Await.until("one has it", () -> lab.swarm().accepted(ue(0)).size() == 1);
    assertThat(done("POST", "/rekey").get("gmks").size()).isEqualTo(2);
    Await.until("one has the new one", () -> lab.swarm().accepted(ue(0)).size() == 2);
    assertThat(done("GET", "").get("gmks").get(0).get("deliveries").size()).isEqualTo(3);
    String all = lab.curl(lab.api() + "/api/v1/groups");
    assertThat(all).contains("\"registered\":3", "\"members\":3");
    assertThat(lab.curl(lab.api() + "/metrics"))
        .contains(
            "parley_manager_registrations_total 3",
            "parley_manager_unconfirmed",
            "parley_https_certificate_left_seconds{port=\"https\"}",
            "parley_ready 1");
    assertThat(lab.curl(lab.api() + "/readyz")).endsWith("200");
    assertThat(lab.curl(lab.api() + "/api/v1/openapi.json"))
        .contains("/groups/{group}/members/{member}/{may}");
  }

  @Test
  void refusesWhatIsWrongAndChangesNothing() throws Exception {
    assertThat(api("PUT", "/members/" + encoded(ue(0)) + "/fly"))
        .contains("there is no such permission")
        .endsWith("422");
    assertThat(api("PUT", "/members/bob/talk")).endsWith("422");
    assertThat(lab.curl("-X", "POST", lab.api() + "/api/v1/groups/sip%3Ax%40y.org/rekey"))
        .contains("is not managed by this server")
        .endsWith("404");
    Path members = folder.resolve("members.yaml");
    String before = Files.readString(members);
    Files.writeString(members, "members: [{identity: 'sip:x@y', may: [fly]}]");
    assertThat(api("PUT", "/members/" + encoded(ue(0)) + "/talk"))
        .contains("correct it first")
        .endsWith("422");
    Files.writeString(members, before);
    assertThat(members()).hasSize(3);
  }

  /// The file is the list: an act of the API takes along what was altered in it by hand.
  @Test
  void keepsWhatWasWrittenByHand() throws Exception {
    lab.swarm().writeMembers(List.of(ue(0), ue(1)));
    var dave = new Identity("sip:dave@example.org");
    done("PUT", "/members/" + encoded(dave) + "/listen");
    assertThat(members()).containsExactly(ue(0).uri(), ue(1).uri(), dave.uri());
    lab.server().reload(ConfigFile.readManager(lab.config()));
    assertThat(members()).hasSize(3);
  }

  private Run manager(Object... words) {
    Object[] all = new Object[words.length + 6];
    System.arraycopy(words, 0, all, 0, words.length);
    Object[] own = {
      "--vault",
      folder.resolve("manager.vault"),
      "--key-file",
      folder.resolve("key"),
      "--group",
      GROUP
    };
    System.arraycopy(own, 0, all, words.length, own.length);
    Run run = Run.of(all);
    assertThat(run.exitCode()).as(run.err()).isZero();
    return run;
  }

  @Test
  void commandsChangeTheRunningServer() throws Exception {
    assertThat(manager("manager", "member", "--add", "sip:dave@example.org", "--may", "talk").out())
        .contains("sip:dave@example.org");
    assertThat(manager("manager", "member", "--exclude", ue(1)).out()).doesNotContain(ue(1).uri());
    assertThat(manager("manager", "member", "--json").out()).contains("sip:dave@example.org");
    assertThat(file().members()).hasSize(3);
    assertThat(
            Run.of(
                    "manager",
                    "member",
                    "--vault",
                    folder.resolve("manager.vault"),
                    "--key-file",
                    folder.resolve("key"),
                    "--group",
                    GROUP,
                    "--exclude",
                    "sip:nobody@example.org")
                .err())
        .contains("is no member of");
    lab.stop();
    assertThat(lab.audit())
        .contains(
            "socket file: put %s sip:dave@example.org talk: begun".formatted(GROUP),
            "socket file: put %s sip:dave@example.org talk: done".formatted(GROUP),
            "socket file: exclude %s %s: done".formatted(GROUP, ue(1)),
            "socket file: exclude %s sip:nobody@example.org: refused: sip:nobody@example.org is no member of %s"
                .formatted(GROUP, GROUP));
  }

  /// The same UE with a vault of its own, as the command line has it.
  private Path vaultOf(Identity ue) throws Exception {
    Path file = folder.resolve("alone.vault");
    try (VaultKey key = VaultKey.keyFile(folder.resolve("key"));
        Vault kmsVault = Vault.open(folder.resolve("kms.vault"), key);
        KmsIssuer kms = KmsIssuer.open(kmsVault);
        Vault own = Vault.create(file, key)) {
      var now = InstantSource.system().instant();
      try (MemberKeys keys = kms.issue(ue, kms.certificate().periodAt(now), "device", now)) {
        Member.install(own, kms.certificate(), keys);
      }
      try (Member member = Member.open(own, ue, InstantSource.system())) {
        member.joinGroup(GroupMembership.of(GROUP, kms.certificate().kmsUri()));
      }
    }
    return file;
  }

  private Run group(String verb, Path vault, Identity ue, Object... more) {
    var words =
        new ArrayList<Object>(
            List.of(
                "group",
                verb,
                "--vault",
                vault,
                "--key-file",
                folder.resolve("key"),
                "--identity",
                ue,
                "--group",
                GROUP));
    words.addAll(List.of(more));
    return Run.of(words.toArray());
  }

  @Test
  void aTerminalPullsAndHoldsTheSignedList() throws Exception {
    Identity ue = ue(0);
    Path vault = vaultOf(ue);
    Path ca = folder.resolve("ca.pem");
    Await.until("messages are made", () -> lab.server().deliveries(GROUP).size() == 3);
    Run pulled = group("pull", vault, ue, "--manager", lab.https(), "--ca", ca);
    assertThat(pulled.exitCode()).as(pulled.err()).isZero();
    assertThat(pulled.out()).contains("GMK ").contains(GROUP.uri());
    Await.until(
        "its receipt came",
        () ->
            lab.server().deliveries(GROUP).stream()
                .anyMatch(d -> d.state() == Delivery.State.CONFIRMED));
    assertThat(group("pull", vault, ue, "--manager", lab.https(), "--ca", ca).out())
        .contains("nothing waits");

    Path before = folder.resolve("before.list");
    manager("manager", "signed-members", "--out", before);
    done("DELETE", "/members/" + encoded(ue(2)));
    Run fetched = group("members", vault, ue, "--manager", lab.https(), "--ca", ca);
    assertThat(fetched.exitCode()).as(fetched.err()).isZero();
    assertThat(fetched.out()).contains("in force until", ue.uri()).doesNotContain(ue(2).uri());
    Run older = group("members", vault, ue, "--file", before);
    assertThat(older.exitCode()).isNotZero();
    assertThat(older.err()).contains("the list is not taken").contains("is held");
    assertThat(group("members", vault, ue, "--json").out()).contains("\"inForce\" : true");
    try (ManagerClient out = lab.client(ue(2))) {
      assertThatThrownBy(out::members).hasMessageContaining("answers 403");
    }
  }
}
