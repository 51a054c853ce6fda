package parley.gateway;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.gateway.admin.ManagerContact;
import parley.keys.manager.HeldMemberList;
import parley.keys.manager.ManagerClient;
import parley.keys.manager.MemberListKeeper;
import parley.keys.manager.MemberListVerdict;
import parley.keys.member.KeysMissing;
import parley.keys.vault.VaultException;
import parley.mikey.identity.Identity;

/// Fetches the signed list of members. A manager that is away changes nothing: the list that is
/// held goes on.
final class MemberListFetch implements ManagerQuestion {
  private static final Logger LOG = LoggerFactory.getLogger(MemberListFetch.class);

  private final Identity group;
  private final Duration every;
  private final MemberListKeeper keeper;
  private final Runnable news;
  private volatile @Nullable Instant heldUntil;

  /// `news` is run, on the asking thread, when a newer list is on the disk.
  MemberListFetch(Identity group, Duration every, MemberListKeeper keeper, Runnable news) {
    this.group = group;
    this.every = every;
    this.keeper = keeper;
    this.news = news;
    this.heldUntil = keeper.held(group).map(HeldMemberList::notAfter).orElse(null);
  }

  @Override
  public String what() {
    return ManagerContact.MEMBERS;
  }

  @Override
  public Duration every() {
    return every;
  }

  @Override
  public void ask(ManagerClient manager)
      throws IOException, InterruptedException, KeysMissing, VaultException {
    switch (keeper.take(group, manager.members())) {
      case MemberListVerdict.Taken(HeldMemberList list) -> {
        heldUntil = list.notAfter();
        LOG.atInfo()
            .addKeyValue("group", group.uri())
            .addKeyValue("changed", list.version())
            .addKeyValue("members", list.members().members().size())
            .log("list of members taken");
        news.run();
      }
      case MemberListVerdict.Known _ -> {}
      case MemberListVerdict.Refused(var _, var detail) -> throw new IOException(detail);
    }
  }

  @Override
  public @Nullable Instant heldUntil() {
    return heldUntil;
  }

  @Override
  public String meanwhile() {
    return heldUntil == null ? "no list" : "the list that is held, until " + heldUntil;
  }
}
