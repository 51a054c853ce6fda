package parley.gateway;

import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import parley.gateway.config.GroupConfig;
import parley.gateway.config.MemberSource;
import parley.keys.manager.HeldMemberList;
import parley.keys.manager.MemberList;
import parley.keys.manager.MemberListKeeper;
import parley.keys.member.GroupMembership;
import parley.keys.member.Member;
import parley.keys.vault.Vault;
import parley.mikey.identity.Identity;

/// The lists of members of the groups that say `members-from`: held in the vault, and fetched.
final class MemberListFetches implements AutoCloseable {
  private final Member member;
  private final MemberListKeeper keeper;
  private final Runnable news;
  private final InstantSource clock;
  private final SecureRandom random;
  private final Map<Identity, MemberListFetch> running = new HashMap<>();
  private Map<Identity, MemberSource> wanted = Map.of();
  private boolean isStarted;

  /// @param news run on some thread when a newer list is on the disk
  MemberListFetches(
      Vault vault, Member member, Runnable news, InstantSource clock, SecureRandom random) {
    this.member = member;
    this.keeper = new MemberListKeeper(vault, member, clock);
    this.news = news;
    this.clock = clock;
    this.random = random;
  }

  /// The newest list of `group`, in force or not; empty where none has come yet.
  Optional<MemberList> held(Identity group) {
    return keeper.held(group).map(HeldMemberList::members);
  }

  /// Fetches for these groups, and no longer for others, once it is started.
  synchronized void follow(List<GroupConfig> groups) {
    Map<Identity, MemberSource> next = new HashMap<>();
    for (GroupConfig group : groups) {
      MemberSource source = group.membersFrom();
      if (source != null) {
        next.put(group.id(), source);
      }
    }
    wanted = next;
    if (isStarted) {
      become();
    }
  }

  synchronized void start() {
    isStarted = true;
    become();
  }

  private void become() {
    Map<Identity, GroupMembership> memberships = member.memberships();
    running
        .entrySet()
        .removeIf(entry -> {
          MemberSource source = wanted.get(entry.getKey());
          GroupMembership group = memberships.get(entry.getKey());
          boolean stays = source != null && group != null && entry.getValue().isOf(group, source);
          if (!stays) {
            entry.getValue().close();
          }
          return !stays;
        });
    wanted.forEach((id, source) -> {
      GroupMembership group = memberships.get(id);
      if (group != null && !running.containsKey(id)) {
        running.put(
            id, new MemberListFetch(member, group, source, keeper, news, clock, random).start());
      }
    });
  }

  /// When nothing is reloaded any more.
  @Override
  public void close() {
    List<MemberListFetch> ending;
    synchronized (this) {
      ending = List.copyOf(running.values());
      running.clear();
      isStarted = false;
    }
    ending.forEach(MemberListFetch::close);
    ending.forEach(MemberListFetch::awaitEnd);
  }
}
