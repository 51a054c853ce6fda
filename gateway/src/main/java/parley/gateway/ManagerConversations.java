package parley.gateway;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import parley.gateway.admin.ManagerContact;
import parley.gateway.config.GroupConfig;
import parley.gateway.config.HttpsManager;
import parley.gateway.config.ManagerWay;
import parley.gateway.config.PeerConfig;
import parley.gateway.keying.GmkInbox;
import parley.keys.manager.HeldMemberList;
import parley.keys.manager.MemberListKeeper;
import parley.keys.member.GroupMembership;
import parley.keys.member.Member;
import parley.keys.vault.Vault;
import parley.mikey.identity.Identity;

/// The managers that are asked over HTTPS: for GMKs where a group says `manager: https://`, for its
/// list of members where it says `members-from`. Of one server both are one conversation.
final class ManagerConversations implements AutoCloseable {
  private final Member member;
  private final MemberListKeeper keeper;
  private final GmkInbox inbox;
  private final Runnable news;
  private final InstantSource clock;
  private final SecureRandom random;
  private final Map<Line, Running> running = new HashMap<>();
  private Map<Line, Wanted> wanted = Map.of();
  private boolean isStarted;

  /// From one group to one server.
  private record Line(Identity group, PeerConfig server) {}

  /// @param gmk how GMKs are fetched; null where they are not
  /// @param membersEvery how often the list of members is; null where it is not
  private record Wanted(ManagerWay.@Nullable Https gmk, @Nullable Duration membersEvery) {}

  /// What is going on, and for whom and what it was begun.
  private record Running(GroupMembership group, Wanted wanted, ManagerConversation conversation) {}

  /// @param inbox takes the GMKs
  /// @param news run on some thread when a newer list of members is on the disk
  ManagerConversations(
      Vault vault,
      Member member,
      GmkInbox inbox,
      Runnable news,
      InstantSource clock,
      SecureRandom random) {
    this.member = member;
    this.keeper = new MemberListKeeper(vault, member, clock);
    this.inbox = inbox;
    this.news = news;
    this.clock = clock;
    this.random = random;
  }

  /// The newest list of members of `group`, in force or not; empty where none has come yet.
  Optional<HeldMemberList> held(Identity group) {
    return keeper.held(group);
  }

  /// How it goes with the manager of `group`; empty where it is not asked.
  synchronized List<ManagerContact> contacts(Identity group) {
    return running.values().stream()
        .filter(known -> known.group().group().equals(group))
        .flatMap(known -> known.conversation().contacts().stream())
        .toList();
  }

  /// Asks for these groups, and no longer for others, once it is started.
  synchronized void follow(List<GroupConfig> groups) {
    Map<Line, Wanted> next = new HashMap<>();
    for (GroupConfig group : groups) {
      if (group.manager() instanceof ManagerWay.Https way) {
        next.put(new Line(group.id(), way.manager().server()), new Wanted(way, null));
      }
      HttpsManager members = group.membersFrom();
      if (members != null) {
        next.merge(
            new Line(group.id(), members.server()),
            new Wanted(null, members.every()),
            (known, _) -> new Wanted(known.gmk(), members.every()));
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
          Line line = entry.getKey();
          Running known = entry.getValue();
          boolean stays =
              known.wanted().equals(wanted.get(line))
                  && known.group().equals(memberships.get(line.group()));
          if (!stays) {
            known.conversation().close();
          }
          return !stays;
        });
    wanted.forEach((line, asked) -> {
      GroupMembership group = memberships.get(line.group());
      if (group != null && !running.containsKey(line)) {
        var conversation =
            new ManagerConversation(
                line.server(), group, member, questions(line.group(), asked), clock, random);
        running.put(line, new Running(group, asked, conversation.start()));
      }
    });
  }

  private List<ManagerQuestion> questions(Identity group, Wanted asked) {
    List<ManagerQuestion> questions = new ArrayList<>();
    if (asked.membersEvery() != null) {
      questions.add(new MemberListFetch(group, asked.membersEvery(), keeper, news));
    }
    if (asked.gmk() != null) {
      questions.add(new GmkPull(member, group, asked.gmk(), inbox, clock));
    }
    return questions;
  }

  /// When nothing is reloaded any more.
  @Override
  public void close() {
    List<ManagerConversation> ending;
    synchronized (this) {
      ending = running.values().stream().map(Running::conversation).toList();
      running.clear();
      isStarted = false;
    }
    ending.forEach(ManagerConversation::close);
    ending.forEach(ManagerConversation::awaitEnd);
  }
}
