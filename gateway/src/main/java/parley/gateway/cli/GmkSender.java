package parley.gateway.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import parley.keys.manager.Delivery;
import parley.keys.manager.GmkMessage;
import parley.keys.manager.GroupManager;
import parley.keys.vault.VaultException;
import parley.mikey.identity.Identity;

/// Sends I_MESSAGEs as UDP datagrams and repeats each until its receipt comes: after half a second,
/// then twice as long each time, up to four seconds. Shows each receipt.
final class GmkSender {
  private static final int MAX_DATAGRAM_OCTETS = 65_535;
  private static final long FIRST_REPEAT_MILLIS = 500;
  private static final long SLOWEST_REPEAT_MILLIS = 4000;

  private final GroupManager manager;
  private final PrintWriter out;

  GmkSender(GroupManager manager, PrintWriter out) {
    this.manager = manager;
    this.out = out;
  }

  /// True when every message with an address was confirmed before `patience` was over, and every
  /// message had one.
  boolean send(
      List<GmkMessage> messages, Map<Identity, InetSocketAddress> addresses, Duration patience)
      throws IOException, VaultException {
    List<GmkMessage> reachable =
        messages.stream().filter(message -> addresses.containsKey(message.ue())).toList();
    messages.stream()
        .filter(message -> !addresses.containsKey(message.ue()))
        .forEach(message -> out.println("no address of " + message.ue() + "; give --to"));
    if (reachable.isEmpty() && messages.isEmpty()) {
      out.println("every member has confirmed already");
    }
    Set<Identity> waiting = new HashSet<>();
    reachable.forEach(message -> waiting.add(message.ue()));
    try (var socket = new DatagramSocket()) {
      long end = System.nanoTime() + patience.toNanos();
      long pause = FIRST_REPEAT_MILLIS;
      while (!waiting.isEmpty() && System.nanoTime() < end) {
        sendTo(waiting, reachable, addresses, socket);
        long repeat = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(pause);
        receive(waiting, socket, Math.min(repeat, end), reachable.size());
        pause = Math.min(2 * pause, SLOWEST_REPEAT_MILLIS);
      }
    }
    waiting.stream().sorted().forEach(ue -> out.println("no receipt from " + ue));
    return waiting.isEmpty() && reachable.size() == messages.size();
  }

  private static void sendTo(
      Set<Identity> waiting,
      List<GmkMessage> messages,
      Map<Identity, InetSocketAddress> addresses,
      DatagramSocket socket)
      throws IOException {
    for (GmkMessage message : messages) {
      InetSocketAddress to = addresses.get(message.ue());
      if (to != null && waiting.contains(message.ue())) {
        byte[] octets = message.octets();
        socket.send(new DatagramPacket(octets, octets.length, to));
      }
    }
  }

  private void receive(Set<Identity> waiting, DatagramSocket socket, long until, int of)
      throws IOException, VaultException {
    var packet = new DatagramPacket(new byte[MAX_DATAGRAM_OCTETS], MAX_DATAGRAM_OCTETS);
    while (!waiting.isEmpty() && System.nanoTime() < until) {
      long left = TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime());
      socket.setSoTimeout((int) Math.max(1, left));
      try {
        packet.setLength(MAX_DATAGRAM_OCTETS);
        socket.receive(packet);
      } catch (SocketTimeoutException _) {
        return;
      }
      if (manager.confirm(Arrays.copyOf(packet.getData(), packet.getLength()))) {
        showConfirmed(waiting, of);
      }
    }
  }

  private void showConfirmed(Set<Identity> waiting, int of) {
    for (Delivery delivery : manager.deliveries()) {
      boolean confirmed = delivery.state() == Delivery.State.CONFIRMED;
      if (confirmed && isNewest(delivery) && waiting.remove(delivery.ue())) {
        out.printf("%s has the GMK (%d of %d)%n", delivery.ue(), of - waiting.size(), of);
        out.flush();
      }
    }
  }

  private boolean isNewest(Delivery delivery) {
    return delivery.gmkId() == manager.gmks().getFirst().gmkId();
  }
}
