package parley.gateway.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import parley.gateway.config.ConfigFile;
import parley.gateway.keying.GmkFolder;
import parley.gateway.keying.GmkInbox;
import parley.gateway.keying.MikeyHttpPort;
import parley.gateway.keying.MikeyInbox;
import parley.gateway.keying.MikeyPort;
import parley.gateway.keying.PortMouth;
import parley.gateway.keying.Registrar;
import parley.gateway.lab.Lab;
import parley.gateway.lab.LabMember;
import parley.gateway.manager.ManagerServer;
import parley.gateway.media.MediaTransport;
import parley.gateway.media.NettyTransport;
import parley.keys.manager.Delivery;
import parley.keys.member.GroupMembership;
import parley.keys.vault.Vault;
import parley.keys.vault.VaultKey;
import parley.mikey.identity.Identity;

/// One group, four members, each reached in another way: by UDP where it has registered, by HTTP,
/// by files, by SMS segments. All of them get the GMK, and all receipts come back.
class ManagerWaysTest {
  private static final Identity GROUP = new Identity("sip:fire@example.org");

  @TempDir Path folder;
  @RegisterExtension final Opened open = new Opened();
  private Lab lab;

  @BeforeEach
  void enrol() throws Exception {
    lab = open.add(new Lab(folder, Clock.systemUTC()));
    lab.release(lab.member(GROUP.uri()));
  }

  private LabMember member(String name) throws Exception {
    LabMember member = lab.member("sip:" + name + "@example.org");
    member.member().joinGroup(GroupMembership.of(GROUP, Lab.KMS_URI));
    return member;
  }

  private GmkInbox inbox(LabMember member) {
    return open.add(new GmkInbox(member.member()));
  }

  @Test
  void everyWayLeadsToAMember() throws Exception {
    LabMember alice = member("alice");
    LabMember bob = member("bob");
    LabMember carol = member("carol");
    LabMember dave = member("dave");
    MediaTransport transport = open.add(NettyTransport.select("auto", 1));
    var aliceMikey = new MikeyInbox(inbox(alice));
    MikeyPort alicePort = open.add(MikeyPort.open(transport, loopback(), aliceMikey));
    MikeyHttpPort bobPort =
        open.add(MikeyHttpPort.bind(loopback(), new MikeyInbox(inbox(bob)), lab.clock()));
    bobPort.start();
    open.add(GmkFolder.open(folder.resolve("files"), inbox(carol), lab.clock()));
    open.add(GmkFolder.open(folder.resolve("sms"), inbox(dave), lab.clock()));

    ManagerServer server = server(bobPort.local().getPort());
    var registrar =
        open.add(
            new Registrar(
                alice.member(),
                GroupMembership.of(GROUP, Lab.KMS_URI),
                server.local(),
                new PortMouth(alicePort, _ -> {}),
                lab.clock(),
                lab.random()));
    aliceMikey.registrationsOf(GROUP, registrar::answer);
    registrar.start();

    for (LabMember member : List.of(alice, bob, carol, dave)) {
      Await.until(
          member.identity() + " has the GMK", () -> member.member().sendingGmk(GROUP).isPresent());
    }
    Await.until(
        "all receipts are back",
        () ->
            server.deliveries(GROUP).stream()
                .allMatch(delivery -> delivery.state() == Delivery.State.CONFIRMED));
    assertThat(server.deliveries(GROUP)).hasSize(4);
    assertThat(server.counters().registrations()).isEqualTo(1);
  }

  private static InetSocketAddress loopback() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  private ManagerServer server(int http) throws Exception {
    Files.writeString(
        folder.resolve("members.yaml"),
        """
        members:
          - {identity: 'sip:alice@example.org', may: [talk, listen]}
          - {identity: 'sip:bob@example.org', may: [listen]}
          - {identity: 'sip:carol@example.org', may: [listen]}
          - {identity: 'sip:dave@example.org', may: [listen]}
        """);
    Path config =
        Files.writeString(
            folder.resolve("manager.yaml"),
            """
            vault: {file: %s, key-file: %s}
            listen: 127.0.0.1:0
            groups:
              - id: %s
                members: members.yaml
                pace: {first: 300ms, longest: 1s}
                ways:
                  sip:bob@example.org: http://127.0.0.1:%d/mikey
                  sip:carol@example.org: file:files/
                  sip:dave@example.org: sms:sms/
            """
                .formatted(lab.vaultFile(GROUP.uri()), lab.keyFile(), GROUP, http));
    Vault vault = open.add(Vault.open(lab.vaultFile(GROUP.uri()), VaultKey.keyFile(lab.keyFile())));
    return open.add(
        ManagerServer.start(
            ConfigFile.readManager(config), vault, "1.2.3", lab.clock(), new SecureRandom()));
  }
}
