package parley.gateway;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import parley.gateway.admin.ManagerContact;
import parley.gateway.config.ManagerWay;
import parley.gateway.keying.GmkInbox;
import parley.keys.manager.ManagerClient;
import parley.keys.member.KeysMissing;
import parley.keys.member.Member;
import parley.mikey.identity.Identity;

/// Fetches the GMK messages that wait, hands in their receipts, and says where MIKEY is heard where
/// the configuration tells it.
final class GmkPull implements ManagerQuestion {
  /// Registered anew when a third of the time is over for which the manager keeps it.
  private static final int PART = 3;

  private final Member member;
  private final Identity group;
  private final ManagerWay.Https way;
  private final GmkInbox inbox;
  private final InstantSource clock;
  private Instant registerAt = Instant.MIN;

  GmkPull(
      Member member, Identity group, ManagerWay.Https way, GmkInbox inbox, InstantSource clock) {
    this.member = member;
    this.group = group;
    this.way = way;
    this.inbox = inbox;
    this.clock = clock;
  }

  @Override
  public String what() {
    return ManagerContact.GMK;
  }

  @Override
  public Duration every() {
    return way.manager().every();
  }

  /// A receipt that does not arrive is made again: its message goes on waiting. A registration that
  /// is refused keeps no message away.
  @Override
  public void ask(ManagerClient manager) throws IOException, InterruptedException, KeysMissing {
    List<byte[]> receipts = new ArrayList<>();
    for (byte[] message : manager.pull()) {
      inbox.accept(way.manager().server().url(), message, receipts::add);
    }
    for (byte[] receipt : receipts) {
      manager.receipt(receipt);
    }
    InetSocketAddress heardAt = way.heardAt();
    Instant now = clock.instant();
    if (heardAt != null && !now.isBefore(registerAt)) {
      registerAt = now.plus(manager.register(heardAt).dividedBy(PART));
    }
  }

  @Override
  public String meanwhile() {
    return member
        .sendingGmk(group)
        .map(gmk -> "GMK %08x until %s".formatted(gmk.gmkId(), gmk.expiry()))
        .orElse("no GMK");
  }
}
