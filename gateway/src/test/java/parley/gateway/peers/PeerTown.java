package parley.gateway.peers;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import parley.gateway.Gateway;
import parley.gateway.GatewayServices;
import parley.gateway.config.ConfigFile;
import parley.gateway.config.GatewayConfig;
import parley.gateway.lab.Lab;
import parley.gateway.lab.LabMember;
import parley.keys.FreePort;
import parley.keys.vault.Vault;
import parley.keys.vault.VaultKey;

/// A group on loopback: alice and bob hold its GMK in vaults that are closed, so that commands may
/// open them, and a gateway runs from its configuration. It hears a unicast port, on which an MKI
/// is optional, and relays to a multicast group and to a unicast port.
final class PeerTown implements AutoCloseable {
  static final String GROUP = "sip:fire@example.org";
  static final String ALICE = "sip:alice@example.org";
  static final String BOB = "sip:bob@example.org";
  private static final String GATEWAY = "sip:gpe1@example.org";

  final Lab lab;

  /// Where the gateway hears the talkers.
  final InetSocketAddress door = free("127.0.0.1");

  final InetSocketAddress multicast = free("239.77.12.1");
  final InetSocketAddress unicast = free("127.0.0.1");
  final Gateway gateway;
  private final Path folder;
  private final Deque<AutoCloseable> open = new ArrayDeque<>();

  PeerTown(Path folder) throws Exception {
    this.folder = folder;
    lab = opened(new Lab(folder, Clock.systemUTC()));
    LabMember alice = lab.member(ALICE);
    LabMember bob = lab.member(BOB);
    LabMember self = lab.member(GATEWAY);
    lab.group(GROUP, alice, bob, self);
    lab.release(alice);
    lab.release(bob);
    lab.release(self);
    GatewayConfig config = ConfigFile.read(config());
    Vault vault = opened(Vault.open(config.vault().file(), VaultKey.keyFile(lab.keyFile())));
    gateway = opened(Gateway.start(config, vault, GatewayServices.defaults()));
  }

  private <T extends AutoCloseable> T opened(T part) {
    open.push(part);
    return part;
  }

  static InetSocketAddress free(String address) throws IOException {
    return new InetSocketAddress(InetAddress.getByName(address), FreePort.udp());
  }

  private Path config() throws IOException {
    return Files.writeString(
        folder.resolve("gateway.yaml"),
        """
        identity: %s
        vault: {file: '%s', key-file: '%s'}
        mikey: {listen: 127.0.0.1:0}
        groups:
          - id: %s
            profiles: [AEAD_AES_128_GCM, AEAD_AES_256_GCM, AES_CM_128_HMAC_SHA1_80]
            listen: [{unicast: '%s', mki: optional}]
            relay:
              - {multicast: '%s', interface: lo, ttl: 0}
              - {to: '%s'}
        """
            .formatted(
                GATEWAY,
                lab.vaultFile(GATEWAY),
                lab.keyFile(),
                GROUP,
                text(door),
                text(multicast),
                text(unicast)));
  }

  /// `127.0.0.1:5004`.
  static String text(InetSocketAddress address) {
    return address.getAddress().getHostAddress() + ":" + address.getPort();
  }

  /// `parley announce` as alice, to the gateway's door; ends with the engine.
  CommandRun announce(Object... more) throws Exception {
    return CommandRun.start(words("announce", ALICE, more)).await();
  }

  /// `parley listen` as bob, until it has heard one burst; returns when it listens.
  CommandRun listen(Object... more) throws Exception {
    CommandRun run = CommandRun.start(words("listen", BOB, more));
    run.awaitLine("listens to");
    return run;
  }

  private Object[] words(String command, String who, Object... more) {
    Object[] own = {
      command,
      "--vault",
      lab.vaultFile(who),
      "--key-file",
      lab.keyFile(),
      "--identity",
      who,
      "--group",
      GROUP
    };
    Object[] all = Arrays.copyOf(own, own.length + more.length);
    System.arraycopy(more, 0, all, own.length, more.length);
    return all;
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
