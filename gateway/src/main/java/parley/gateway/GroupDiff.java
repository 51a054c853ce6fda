package parley.gateway;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import parley.gateway.config.GroupConfig;
import parley.gateway.keying.JoinSettings;
import parley.gateway.media.Leg;

/// What is different between two configurations of one group, a sentence for each.
final class GroupDiff {
  private final String group;
  private final List<String> sentences = new ArrayList<>();

  private GroupDiff(String group) {
    this.group = group;
  }

  /// Empty when both come to the same.
  static List<String> between(GroupSetup before, GroupSetup after) {
    GroupDiff diff = new GroupDiff(after.id().uri());
    GroupConfig was = before.config();
    GroupConfig is = after.config();
    diff.elements("listen on", names(was.listen()), names(is.listen()));
    diff.settings(was.listen(), is.listen());
    diff.elements("relay to", names(was.relay()), names(is.relay()));
    diff.settings(was.relay(), is.relay());
    diff.elements(
        "bridge to",
        was.bridges().stream().map(id -> id.uri()).toList(),
        is.bridges().stream().map(id -> id.uri()).toList());
    diff.value("manager", from(was.manager()), from(is.manager()));
    diff.value(
        "manager-identity",
        String.valueOf(was.managerIdentity()),
        String.valueOf(is.managerIdentity()));
    diff.value("profiles", profiles(was), profiles(is));
    diff.value("record", String.valueOf(was.record()), String.valueOf(is.record()));
    diff.value("max-talkers", String.valueOf(was.maxTalkers()), String.valueOf(is.maxTalkers()));
    diff.value("grace", was.grace().toSeconds() + " s", is.grace().toSeconds() + " s");
    diff.value("window", was.window().toSeconds() + " s", is.window().toSeconds() + " s");
    diff.value("low-latency", String.valueOf(was.lowLatency()), String.valueOf(is.lowLatency()));
    diff.value("receivers", joins(was.receivers()), joins(is.receivers()));
    diff.value("members-from", from(was.membersFrom()), from(is.membersFrom()));
    if (!before.roster().equals(after.roster())) {
      diff.say("members changed");
    }
    return diff.sentences;
  }

  private void elements(String what, List<String> before, List<String> after) {
    for (String name : after) {
      if (!before.contains(name)) {
        say("%s %s added".formatted(what, name));
      }
    }
    for (String name : before) {
      if (!after.contains(name)) {
        say("%s %s removed".formatted(what, name));
      }
    }
  }

  /// Legs of the same name that are not the same.
  private void settings(List<Leg> before, List<Leg> after) {
    for (Leg leg : after) {
      boolean isKnown = before.stream().anyMatch(old -> old.name().equals(leg.name()));
      if (isKnown && !before.contains(leg)) {
        say("settings of %s changed".formatted(leg.name()));
      }
    }
  }

  private void value(String what, String before, String after) {
    if (!Objects.equals(before, after)) {
      say("%s is %s, was %s".formatted(what, after, before));
    }
  }

  private void say(String change) {
    sentences.add(group + ": " + change);
  }

  private static List<String> names(List<Leg> legs) {
    return legs.stream().map(Leg::name).toList();
  }

  private static String joins(@Nullable JoinSettings joins) {
    return joins == null
        ? "off"
        : "at most %d, %d of a member, %d at an address, for %d s"
            .formatted(
                joins.max(), joins.perMember(), joins.perSource(), joins.expire().toSeconds());
  }

  private static String from(@Nullable Object manager) {
    return manager == null ? "nowhere" : manager.toString();
  }

  private static String profiles(GroupConfig group) {
    return group.profiles().stream().map(GroupViews::profile).collect(Collectors.joining(", "));
  }
}
