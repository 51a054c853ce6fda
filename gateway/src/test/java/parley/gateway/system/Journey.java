package parley.gateway.system;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.MulticastSocket;
import java.net.NetworkInterface;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import parley.gateway.Gateway;
import parley.gateway.GatewayServices;
import parley.gateway.config.ConfigFile;
import parley.gateway.lab.Lab;
import parley.gateway.lab.LabListener;
import parley.gateway.lab.LabMember;
import parley.gateway.media.GroupCounters;
import parley.gateway.media.LegCounters;
import parley.gateway.net.ImpairedWire;
import parley.gateway.net.Netns;
import parley.mikey.identity.Identity;

/// Talkers in the field, a gateway at its site and listeners in the centre, each in a network of
/// its own, with the keys of one group. The field is behind the site's `eth0` (10.6.1.0/24), the
/// centre behind its `eth1` (10.6.2.0/24).
final class Journey {
  static final String FIRE = "sip:fire@example.org";
  static final int PORT = 5004;
  static final String SITE = "10.6.1.1";
  static final String CENTRE = "10.6.2.2";

  private static final byte MIKEY = 1;
  private static final int PATIENCE_MILLIS = 30_000;
  private static final int SILENCE_MILLIS = 500;
  private static final int BUFFER_OCTETS = 4 << 20;

  final Netns field;
  final Netns site;
  final Netns centre;
  final Lab lab;
  final LabMember alice;
  final LabMember bob;
  final LabMember carol;
  private final LabMember gpe;
  private final Opened open;
  private final Path folder;
  private final String io;

  /// Networks without cables. All that is opened here is closed by `open`.
  ///
  /// @param io the gateway's way of media, as `media.io` has it
  Journey(Opened open, Path folder, String io) throws Exception {
    this.open = open;
    this.folder = folder;
    this.io = io;
    field = open.add(Netns.create());
    site = open.add(Netns.create());
    centre = open.add(Netns.create());
    lab = open.add(new Lab(folder, Clock.systemUTC()));
    gpe = lab.member("sip:gpe1@example.org");
    alice = lab.member("sip:alice@example.org");
    bob = lab.member("sip:bob@example.org");
    carol = lab.member("sip:carol@example.org");
    lab.group(FIRE, gpe, alice, bob, carol);
  }

  // ---- cables ----

  void cableToField() throws Exception {
    Netns.cable(field, "radio", site, "eth0");
    addressField();
  }

  /// A cable that harms what is sent to these ports, once it is told how. [Direction#FORTH] is to
  /// the site.
  ///
  /// [Direction#FORTH]: ImpairedWire.Direction#FORTH
  ImpairedWire wireToField(long seed, Integer... ports) throws Exception {
    ImpairedWire wire =
        open.add(ImpairedWire.betweenCables(field, "radio", site, "eth0", seed, Set.of(ports)));
    addressField();
    return wire;
  }

  private void addressField() throws Exception {
    field.address("radio", "10.6.1.2/24");
    site.address("eth0", "10.6.1.1/24");
    field.address("radio", "fd06::2/64");
    site.address("eth0", "fd06::1/64");
  }

  void cableToCentre() throws Exception {
    Netns.cable(site, "eth1", centre, "lan");
    addressCentre();
  }

  /// As in the field; forth is to the centre.
  ImpairedWire wireToCentre(long seed, Integer... ports) throws Exception {
    ImpairedWire wire =
        open.add(ImpairedWire.betweenCables(site, "eth1", centre, "lan", seed, Set.of(ports)));
    addressCentre();
    return wire;
  }

  void addressCentre() throws Exception {
    site.address("eth1", "10.6.2.1/24");
    centre.address("lan", "10.6.2.2/24");
    site.address("eth1", "fd06:2::1/64");
    centre.address("lan", "fd06:2::2/64");
  }

  // ---- the gateway ----

  /// A gateway that runs at the site.
  ///
  /// @param listen where the field is heard
  /// @param relay legs, as a configuration has them
  Gateway gateway(String listen, String... relay) throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("gateway.yaml"),
            """
            identity: %s
            vault: {file: %s, key-file: %s}
            mikey: {listen: 127.0.0.1:0}
            media: {io: %s}
            groups:
              - id: "%s"
                listen: [%s]
                relay: [%s]
            """
                .formatted(
                    gpe.identity(),
                    lab.vaultFile(gpe.identity().uri()),
                    lab.keyFile(),
                    io,
                    FIRE,
                    listen,
                    String.join(", ", relay)));
    return open.add(
        site.in(
            () -> Gateway.start(ConfigFile.read(file), gpe.vault(), GatewayServices.defaults())));
  }

  /// A leg that hears the field at that address, unicast or multicast.
  static String hears(String address) throws IOException {
    String place = place(address, PORT);
    return InetAddress.getByName(address).isMulticastAddress()
        ? "{multicast: '%s', interface: eth0}".formatted(place)
        : "{unicast: '%s'}".formatted(place);
  }

  private static String place(String address, int port) {
    return (address.contains(":") ? "[" + address + "]" : address) + ":" + port;
  }

  /// A leg that a multicast group in the centre is served by.
  static String toGroup(String group, int port) {
    return "{multicast: '%s', interface: eth1}".formatted(place(group, port));
  }

  static String to(String address) {
    return "{to: '%s'}".formatted(place(address, PORT));
  }

  static GroupCounters counters(Gateway gateway) {
    return gateway.plane(new Identity(FIRE)).media().counters();
  }

  /// The first leg at that address.
  static LegCounters leg(Gateway gateway, String address) throws IOException {
    InetAddress wanted = InetAddress.getByName(address);
    return counters(gateway).legs().stream()
        .filter(leg -> leg.leg().address().getAddress().equals(wanted))
        .findFirst()
        .orElseThrow();
  }

  // ---- who talks and who hears ----

  /// A socket in the field.
  DatagramSocket mouth() throws Exception {
    return open.add(
        field.in(() -> {
          DatagramSocket socket = new DatagramSocket();
          socket.setOption(
              StandardSocketOptions.IP_MULTICAST_IF, NetworkInterface.getByName("radio"));
          return socket;
        }));
  }

  /// A socket that hears unicast in `where`.
  DatagramSocket ear(Netns where, String address, int port) throws Exception {
    return listening(
        open.add(where.in(() -> new DatagramSocket(new InetSocketAddress(address, port)))));
  }

  DatagramSocket ear() throws Exception {
    return ear(centre, CENTRE, PORT);
  }

  /// A member of a multicast group in the centre.
  DatagramSocket member(String group, int port) throws Exception {
    return listening(
        open.add(
            centre.in(() -> {
              MulticastSocket socket = new MulticastSocket(port);
              socket.joinGroup(
                  new InetSocketAddress(group, port), NetworkInterface.getByName("lan"));
              return socket;
            })));
  }

  private static DatagramSocket listening(DatagramSocket ear) throws IOException {
    ear.setReceiveBufferSize(BUFFER_OCTETS);
    return ear;
  }

  static void say(DatagramSocket mouth, byte[] octets, String to) throws IOException {
    mouth.send(new DatagramPacket(octets, octets.length, InetAddress.getByName(to), PORT));
  }

  /// The next datagram; a test fails that waits thirty seconds for it.
  static byte[] hear(DatagramSocket ear) throws IOException {
    ear.setSoTimeout(PATIENCE_MILLIS);
    DatagramPacket packet = new DatagramPacket(new byte[2048], 2048);
    ear.receive(packet);
    return Arrays.copyOf(packet.getData(), packet.getLength());
  }

  /// The media of everything that was sent: it is in the socket already, or comes at once.
  static List<byte[]> drain(DatagramSocket ear) throws IOException {
    List<byte[]> heard = new ArrayList<>();
    DatagramPacket packet = new DatagramPacket(new byte[2048], 2048);
    ear.setSoTimeout(SILENCE_MILLIS);
    try {
      while (true) {
        ear.receive(packet);
        byte[] octets = Arrays.copyOf(packet.getData(), packet.getLength());
        if (octets[0] != MIKEY) {
          heard.add(octets);
        }
      }
    } catch (SocketTimeoutException _) {
      return heard;
    }
  }

  /// What the talker numbered this packet with; it must open.
  static int number(LabListener listener, byte[] packet) {
    return ByteBuffer.wrap(listener.payload(packet)).getInt(4);
  }
}
