package parley.gateway.demo;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.nio.channels.DatagramChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.gateway.media.MediaTransport;
import parley.gateway.media.NettyTransport;
import parley.keys.vault.Vault;
import parley.keys.vault.VaultException;
import parley.keys.vault.VaultKey;
import parley.mikey.identity.Identity;
import parley.srtp.CipherEngine;
import parley.srtp.CipherEngines;

/// What all acts stand on: a directory, the loopback interface, free ports, clock and randomness.
///
/// Whatever an act opens it gives to [#keep]; the stage closes it in the end, the last first.
final class Stage implements AutoCloseable {
  /// What the admin servers say that they are.
  static final String VERSION = "demo";

  private static final Logger log = LoggerFactory.getLogger(Stage.class);
  private static final int KEY_FILE_OCTETS = 32;

  private final Path directory;
  private final Terminal terminal;
  private final NetworkInterface loopback;
  private final SecureRandom random = new SecureRandom();
  private final InstantSource clock = InstantSource.system();
  private final CipherEngine engine = CipherEngines.select("auto");
  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private final Set<Integer> dealtPorts = new HashSet<>();
  private final MediaTransport transport;

  Stage(Path directory, Terminal terminal) throws IOException {
    this.directory = directory;
    this.terminal = terminal;
    this.loopback = NetworkInterface.getByInetAddress(InetAddress.getLoopbackAddress());
    this.transport = keep(NettyTransport.select("auto", 2));
  }

  Path directory() {
    return directory;
  }

  Terminal terminal() {
    return terminal;
  }

  NetworkInterface loopback() {
    return loopback;
  }

  SecureRandom random() {
    return random;
  }

  InstantSource clock() {
    return clock;
  }

  CipherEngine engine() {
    return engine;
  }

  /// The event loops of all terminals; the gateway has its own.
  MediaTransport transport() {
    return transport;
  }

  <T extends AutoCloseable> T keep(T resource) {
    open.push(resource);
    return resource;
  }

  /// A new vault for one role, under a key file of its own beside it.
  Vault vault(String role) throws IOException, VaultException {
    return keep(Vault.create(vaultFile(role), VaultKey.keyFile(keyFile(role))));
  }

  /// Opens the vault of a role that has closed it; the caller closes it.
  Vault reopenVault(String role) throws IOException, VaultException {
    try (VaultKey key = VaultKey.keyFile(keyFile(role))) {
      return Vault.open(vaultFile(role), key);
    }
  }

  Path vaultFile(String role) throws IOException {
    return Files.createDirectories(directory.resolve("vaults").resolve(role)).resolve("vault");
  }

  /// Written at the first call.
  Path keyFile(String role) throws IOException {
    Path file = vaultFile(role).resolveSibling("vault.key");
    if (Files.notExists(file)) {
      byte[] key = new byte[KEY_FILE_OCTETS];
      random.nextBytes(key);
      Files.write(file, key);
    }
    return file;
  }

  /// Where a group's manager and the gateway read who may do what.
  Path membersFile(Identity group) {
    return directory.resolve("members-" + Cast.shortName(group) + ".yaml");
  }

  /// A UDP address on loopback that nobody uses, and that is not dealt twice.
  InetSocketAddress freeAddress() throws IOException {
    while (true) {
      try (DatagramChannel probe =
          DatagramChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
        var address = (InetSocketAddress) probe.getLocalAddress();
        if (address.getPort() % 2 == 0 && dealtPorts.add(address.getPort())) {
          return address;
        }
      }
    }
  }

  /// A multicast address for this run alone (RFC 2365, 6.2: the organization's own), on a free
  /// port.
  InetSocketAddress freeMulticast() throws IOException {
    byte[] group = {
      (byte) 239, (byte) 192, (byte) random.nextInt(), (byte) (1 + random.nextInt(250))
    };
    return new InetSocketAddress(InetAddress.getByAddress(group), freeAddress().getPort());
  }

  /// A TCP address on loopback that nobody uses.
  InetSocketAddress freeTcp() throws IOException {
    try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return (InetSocketAddress) probe.getLocalSocketAddress();
    }
  }

  /// A quote inside a quoted text is written twice (YAML 1.2, 7.3.2).
  static String quoted(Path path) {
    return path.toString().replace("'", "''");
  }

  @Override
  public void close() {
    while (!open.isEmpty()) {
      AutoCloseable resource = open.pop();
      try {
        resource.close();
      } catch (Exception e) {
        log.warn("{} did not close: {}", resource, e.toString());
      }
    }
  }
}
