package parley.gateway.demo;

import static parley.keys.manager.Permission.LISTEN;
import static parley.keys.manager.Permission.RELAY;
import static parley.keys.manager.Permission.TALK;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import parley.gateway.config.ConfigFile;
import parley.gateway.manager.ManagerServer;
import parley.keys.manager.GroupMember;
import parley.keys.manager.MemberList;
import parley.keys.store.StoreException;
import parley.keys.vault.Vault;
import parley.mikey.identity.Identity;

/// The group manager: it fetches the keys of both groups by itself, and makes a group master key
/// for each.
final class ManagerStart {
  private final Stage stage;
  private final KeyPlane keys;
  private final Addresses addresses;

  ManagerStart(Stage stage, KeyPlane keys, Addresses addresses) {
    this.stage = stage;
    this.keys = keys;
    this.addresses = addresses;
  }

  /// What everybody has to know before: who belongs to which group, at the KMS and in files.
  void announceGroups() throws IOException, StoreException {
    group(
        Cast.FIRE_OPS,
        GroupMember.of(Cast.ALICE, TALK, LISTEN),
        GroupMember.of(Cast.BOB, TALK, LISTEN),
        GroupMember.of(Cast.CAROL, LISTEN),
        GroupMember.of(Cast.DAVE, LISTEN),
        GroupMember.of(Cast.MALLORY, TALK, LISTEN),
        GroupMember.of(Cast.GATEWAY, LISTEN, RELAY));
    group(
        Cast.JOINT_OPS,
        GroupMember.of(Cast.DAVE, LISTEN),
        GroupMember.of(Cast.GATEWAY, TALK, RELAY));
  }

  private void group(Identity group, GroupMember... members) throws IOException, StoreException {
    MemberList list = MemberList.of(List.of(members));
    list.save(stage.membersFile(group));
    keys.group(
        group,
        Cast.MANAGER,
        addresses.managerUrl(),
        list.members().stream().map(GroupMember::identity).toList());
    stage
        .terminal()
        .step("%s: %d members, signed for by the group itself".formatted(group, members.length));
  }

  /// Starts it; the stage closes it.
  void play() throws Exception {
    Vault vault = stage.vault("manager");
    Path config = stage.directory().resolve("manager.yaml");
    Files.writeString(config, yaml());
    var _ =
        stage.keep(
            ManagerServer.start(
                ConfigFile.readManager(config),
                vault,
                Stage.VERSION,
                stage.clock(),
                stage.random()));
    stage
        .terminal()
        .step(
            "manager %s has fetched the keys of both groups: %s and %s"
                .formatted(
                    Cast.MANAGER, Addresses.text(addresses.manager()), addresses.managerUrl()));
  }

  private String yaml() throws IOException, StoreException {
    return """
    vault: {file: '%s', key-file: '%s'}
    kms: {%s, identity: %s, device: manager-1}
    listen: '%s'
    https: {listen: '%s', %s}
    groups:
      - {id: %s, members: '%s'}
      - {id: %s, members: '%s'}
    """
        .formatted(
            Stage.quoted(stage.vaultFile("manager")),
            Stage.quoted(stage.keyFile("manager")),
            keys.yaml(Cast.MANAGER),
            Cast.MANAGER,
            Addresses.text(addresses.manager()),
            Addresses.text(addresses.managerHttps()),
            keys.certificate("manager"),
            Cast.FIRE_OPS,
            Stage.quoted(stage.membersFile(Cast.FIRE_OPS)),
            Cast.JOINT_OPS,
            Stage.quoted(stage.membersFile(Cast.JOINT_OPS)));
  }
}
