package parley.gateway.system;

import static parley.keys.manager.Permission.LISTEN;
import static parley.keys.manager.Permission.RELAY;
import static parley.keys.manager.Permission.TALK;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import parley.gateway.Gateway;
import parley.gateway.GatewayServices;
import parley.gateway.admin.AdminServer;
import parley.gateway.admin.AdminServices;
import parley.gateway.admin.AuditedControl;
import parley.gateway.admin.LiveAccess;
import parley.gateway.config.AdminConfig;
import parley.gateway.config.ConfigFile;
import parley.gateway.config.GatewayConfig;
import parley.gateway.lab.Lab;
import parley.gateway.lab.LabEar;
import parley.gateway.lab.LabMember;
import parley.keys.FreePort;
import parley.keys.audit.AuditTrail;
import parley.keys.manager.GroupManager;
import parley.keys.manager.GroupMember;
import parley.keys.manager.GroupSettings;
import parley.keys.manager.MemberList;
import parley.keys.member.GroupMembership;
import parley.keys.vault.Vault;
import parley.keys.vault.VaultKey;
import parley.mikey.identity.Identity;

/// A KMS, two group managers, six enrolled people, and a gateway that runs from its configuration
/// file on loopback: fire is heard on a multicast island and on a unicast port, goes to another
/// island and to a unicast receiver, and is re-keyed into joint under another profile.
final class Town implements AutoCloseable {
  static final Identity GATEWAY = new Identity("sip:gpe1@example.org");
  static final Identity FIRE = new Identity("sip:fire@example.org");
  static final Identity JOINT = new Identity("sip:joint@example.org");

  final Lab lab;
  final LabMember alice;
  final LabMember bob;

  /// May listen, no more.
  final LabMember carol;

  final LabMember mallory;

  /// A member of joint alone.
  final LabMember dave;

  /// Has keys of the KMS and belongs to no group.
  final LabMember eve;

  final GroupManager fireManager;
  final GroupManager jointManager;

  /// Where the talkers of fire are.
  final Island talk = new Island("239.77.9.1");

  /// Where the gateway relays to.
  final Island far = new Island("239.77.9.2");

  final LabEar unicast = new LabEar();
  final LabEar joint = new LabEar();
  final LabEar mouth = new LabEar();

  /// Where fire is heard besides the island.
  final InetSocketAddress door = FreePort.udpAddress();

  final Gateway gateway;
  final AdminServer admin;
  private final Path folder;
  private final String io;
  private final Deque<AutoCloseable> open = new ArrayDeque<>();

  /// @param io the way of media, as `media.io` has it
  Town(Path folder, String io) throws Exception {
    this.folder = folder;
    this.io = io;
    open.addAll(List.of(talk, far, unicast, joint, mouth));
    lab = opened(new Lab(folder, Clock.systemUTC()));
    alice = lab.member("sip:alice@example.org");
    bob = lab.member("sip:bob@example.org");
    carol = lab.member("sip:carol@example.org");
    mallory = lab.member("sip:mallory@example.org");
    dave = lab.member("sip:dave@example.org");
    eve = lab.member("sip:eve@example.org");
    fireManager =
        manager(
            FIRE,
            GroupMember.of(alice.identity(), TALK, LISTEN),
            GroupMember.of(bob.identity(), TALK, LISTEN),
            GroupMember.of(mallory.identity(), TALK, LISTEN),
            GroupMember.of(carol.identity(), LISTEN),
            GroupMember.of(GATEWAY, LISTEN, RELAY));
    jointManager =
        manager(
            JOINT,
            GroupMember.of(dave.identity(), TALK, LISTEN),
            GroupMember.of(GATEWAY, TALK, LISTEN, RELAY));
    enrolGateway();
    GatewayConfig config = ConfigFile.read(config());
    Vault vault = opened(Vault.open(config.vault().file(), VaultKey.keyFile(lab.keyFile())));
    gateway = opened(Gateway.start(config, vault, GatewayServices.defaults()));
    admin = opened(admin(config.admin()));
  }

  private <T extends AutoCloseable> T opened(T part) {
    open.push(part);
    return part;
  }

  private AdminServer admin(AdminConfig config) throws Exception {
    Clock clock = Clock.systemUTC();
    var control = new AuditedControl(gateway.control(), AuditTrail.none(), clock);
    return AdminServer.start(
        LiveAccess.open(config, clock),
        new AdminServices(gateway.status(), control, "test", clock));
  }

  private GroupManager manager(Identity group, GroupMember... members) throws Exception {
    MemberList list = MemberList.of(List.of(members));
    list.save(membersFile(group));
    return opened(
        GroupManager.create(
            lab.member(group.uri()).vault(),
            GroupSettings.of(group),
            list,
            lab.clock(),
            lab.random()));
  }

  private Path membersFile(Identity group) {
    return folder.resolve(group.equals(FIRE) ? "fire.yaml" : "joint.yaml");
  }

  private void enrolGateway() throws Exception {
    LabMember enrolled = lab.member(GATEWAY.uri());
    enrolled.member().joinGroup(GroupMembership.of(FIRE, Lab.KMS_URI));
    enrolled.member().joinGroup(GroupMembership.of(JOINT, Lab.KMS_URI));
    lab.release(enrolled);
  }

  private Path config() throws IOException {
    return Files.writeString(
        folder.resolve("gateway.yaml"),
        """
        identity: %s
        vault: {file: '%s', key-file: '%s'}
        mikey: {listen: 127.0.0.1:0}
        admin: {listen: 127.0.0.1:0}
        record: {directory: recordings}
        media: {io: %s}
        groups:
          - id: %s
            members: fire.yaml
            listen:
              - {multicast: '%s', interface: %s}
              - {unicast: '%s'}
            relay:
              - {to: '%s'}
              - {multicast: '%s', interface: %s, ttl: 0}
              - {group: %s}
            record: {}
          - id: %s
            manager: {url: 'https://127.0.0.1:1', every: 1h}   # where nobody answers
            profiles: [AES_CM_128_HMAC_SHA1_80]
            members: joint.yaml
            relay: [{to: '%s'}]
            record: {}
        """
            .formatted(
                GATEWAY,
                lab.vaultFile(GATEWAY.uri()),
                lab.keyFile(),
                io,
                FIRE,
                text(talk.group()),
                Island.INTERFACE,
                text(door),
                text(unicast.address()),
                text(far.group()),
                Island.INTERFACE,
                JOINT,
                JOINT,
                text(joint.address())));
  }

  /// `127.0.0.1:5004`, as configurations and legs have it.
  static String text(InetSocketAddress address) {
    return address.getAddress().getHostAddress() + ":" + address.getPort();
  }

  Path recordings() {
    return folder.resolve("recordings");
  }

  @Override
  public void close() {
    while (!open.isEmpty()) {
      try {
        open.pop().close();
      } catch (Exception e) {
        throw new IllegalStateException("the town does not close", e);
      }
    }
  }
}
