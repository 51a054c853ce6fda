package parley.gateway.demo;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import parley.gateway.keying.GmkInbox;
import parley.gateway.keying.MikeyInbox;
import parley.gateway.keying.MikeyPort;
import parley.gateway.manager.DeliveryRun;
import parley.gateway.media.PortUnavailable;
import parley.keys.manager.GroupManager;
import parley.keys.member.KeysMissing;
import parley.keys.member.Member;
import parley.keys.vault.VaultException;
import parley.mikey.group.GroupMasterKey;
import parley.mikey.identity.Identity;

/// The third act: each manager makes a group master key and sends it to every member, one
/// MIKEY-SAKKE message in one UDP datagram each, until every receipt is in.
final class GmkDelivery {
  private static final Duration PATIENCE = Duration.ofSeconds(15);
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
    manager.place(mailboxesOf(manager));
    var _ =
        new DeliveryRun(manager, stage.clock(), _ -> {})
            .run(stage.freeAddress(), Map.of(), PATIENCE);
    int missing = manager.pendingCount(gmk.gmkId());
    int members = manager.deliveries().size();
    String what =
        "%s: GMK %08x sent to %d members, %d receipts"
            .formatted(manager.group(), gmk.gmkId(), members, members - missing);
    return stage.terminal().check(missing == 0, what);
  }

  private Map<Identity, InetSocketAddress> mailboxesOf(GroupManager manager) {
    Map<Identity, InetSocketAddress> ofGroup = new HashMap<>(mailboxes);
    ofGroup.keySet().removeIf(ue -> manager.members().find(ue).isEmpty());
    return ofGroup;
  }
}
