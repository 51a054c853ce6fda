package parley.gateway.demo;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import parley.gateway.keying.GmkInbox;
import parley.gateway.keying.MikeyInbox;
import parley.gateway.keying.MikeyPort;
import parley.gateway.media.PortUnavailable;
import parley.keys.manager.GmkMessage;
import parley.keys.manager.GroupManager;
import parley.keys.member.KeysMissing;
import parley.keys.member.Member;
import parley.keys.vault.VaultException;
import parley.mikey.group.GroupMasterKey;
import parley.mikey.identity.Identity;

/// The third act: each manager makes a group master key and sends it to every member, one
/// MIKEY-SAKKE message in one UDP datagram each, until every receipt is in.
final class GmkDelivery {
  private static final int ROUNDS = 5;
  private static final int ANSWER_WITHIN_MILLIS = 3000;
  private static final Duration VALID = Duration.ofDays(1);

  private final Stage stage;
  private final Roles roles;
  private final Map<Identity, InetSocketAddress> mailboxes = new HashMap<>();

  GmkDelivery(Stage stage, Roles roles, InetSocketAddress gatewayMikey) {
    this.stage = stage;
    this.roles = roles;
    mailboxes.put(Cast.GATEWAY, gatewayMikey);
  }

  /// Returns whether everybody has confirmed.
  boolean play() throws IOException, VaultException, KeysMissing, PortUnavailable {
    stage.terminal().act("3. Group master keys, as MIKEY-SAKKE over UDP");
    for (Map.Entry<Identity, Member> terminal : roles.members().entrySet()) {
      mailboxes.put(terminal.getKey(), mailbox(terminal.getValue()));
    }
    boolean fireOps = deliver(roles.fireOps());
    boolean jointOps = deliver(roles.jointOps());
    return fireOps && jointOps;
  }

  private InetSocketAddress mailbox(Member member) throws IOException, PortUnavailable {
    GmkInbox gmks = stage.keep(new GmkInbox(member));
    return stage
        .keep(MikeyPort.open(stage.transport(), stage.freeAddress(), new MikeyInbox(gmks)))
        .local();
  }

  private boolean deliver(GroupManager manager) throws IOException, VaultException, KeysMissing {
    Instant now = stage.clock().instant();
    GroupMasterKey gmk = manager.newGmk(now.minusSeconds(1), now.plus(VALID));
    int members = manager.distribute(gmk, now).size();
    try (DatagramSocket socket = new DatagramSocket(stage.freeAddress())) {
      socket.setSoTimeout(ANSWER_WITHIN_MILLIS);
      for (int round = 0; round < ROUNDS; round++) {
        List<GmkMessage> unconfirmed = manager.distribute(gmk, now);
        if (unconfirmed.isEmpty()) {
          break;
        }
        sendAndConfirm(socket, manager, unconfirmed);
      }
    }
    int missing = manager.distribute(gmk, now).size();
    String what =
        "%s: GMK %08x sent to %d members, %d receipts"
            .formatted(manager.group(), gmk.gmkId(), members, members - missing);
    return stage.terminal().check(missing == 0, what);
  }

  private void sendAndConfirm(
      DatagramSocket socket, GroupManager manager, List<GmkMessage> messages)
      throws IOException, VaultException {
    for (GmkMessage message : messages) {
      InetSocketAddress mailbox = mailboxes.get(message.ue());
      if (mailbox == null) {
        throw new IllegalStateException(message.ue() + " has no mailbox");
      }
      byte[] octets = message.octets();
      socket.send(new DatagramPacket(octets, octets.length, mailbox));
    }
    DatagramPacket answer = new DatagramPacket(new byte[2048], 2048);
    try {
      for (int confirmed = 0; confirmed < messages.size(); ) {
        socket.receive(answer);
        confirmed += manager.confirm(Arrays.copyOf(answer.getData(), answer.getLength())) ? 1 : 0;
      }
    } catch (SocketTimeoutException _) {
      // the next round repeats what was not confirmed
    }
  }
}
