package parley.gateway.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/// Answers of the control API as lines for people. What a gateway says is printed without control
/// characters, as a terminal would obey them.
final class ControlPrinter {
  private final PrintWriter out;

  ControlPrinter(PrintWriter out) {
    this.out = out;
  }

  @SuppressWarnings("AnnotateFormatMethod") // its annotation is in no library that we have
  private void line(String format, Object... values) {
    out.println(format.formatted(values).replaceAll("\\p{Cntrl}", "?"));
  }

  void status(JsonNode all) {
    line(
        "version: %s on Java %s",
        text(all.path("version"), "version"), text(all.path("version"), "java"));
    JsonNode readiness = all.path("readiness");
    line("ready: %s", readiness.path("ready").asBoolean(false) ? "yes" : "no");
    readiness.path("missing").forEach(missing -> line("  %s", missing.asString()));
    drain(all.path("drain"));
    JsonNode recorder = all.path("recorder");
    if (recorder.path("recording").asBoolean(false)) {
      line(
          "recorder: %d of %d octets queued, %d packets lost",
          recorder.path("queuedOctets").asLong(),
          recorder.path("capacityOctets").asLong(),
          recorder.path("lost").asLong());
    }
    groups(all.path("groups"));
  }

  void drain(JsonNode drain) {
    String until = drain.path("deadline").isString() ? ", until " + text(drain, "deadline") : "";
    line(
        "bursts: %d, %s since %s%s",
        drain.path("bursts").asInt(), text(drain, "state"), text(drain, "since"), until);
  }

  void groups(JsonNode groups) {
    for (JsonNode group : groups) {
      JsonNode gmk = group.path("gmk");
      line(
          "%-40s %3d bursts %3d legs%s%s  GMK %s",
          text(group, "id"),
          group.path("bursts").asInt(),
          group.path("legs").asInt(),
          counted(group.path("faultyLegs").asInt(), "faulty"),
          counted(group.path("muted").size(), "muted"),
          gmk.isObject() ? text(gmk, "gmkId") + expiry(gmk) : "none");
    }
  }

  private static String counted(long count, String what) {
    return count == 0 ? "" : ", %d %s".formatted(count, what);
  }

  private static String expiry(JsonNode gmk) {
    return gmk.path("expiry").isString() ? " until " + text(gmk, "expiry") : "";
  }

  void group(JsonNode group) {
    line("%s", text(group, "id"));
    line("bridges: %s", list(group.path("bridges")));
    line("muted: %s", list(group.path("muted")));
    for (JsonNode leg : group.path("legs")) {
      String fault = leg.path("fault").isString() ? "  FAULT: " + text(leg, "fault") : "";
      line(
          "leg   %-3s %-32s %10d packets %12d octets%s%s",
          text(leg, "direction"),
          text(leg, "name"),
          leg.path("packets").asLong(),
          leg.path("octets").asLong(),
          counted(leg.path("receiveFull").asLong(), "dropped by the kernel"),
          fault);
    }
    for (JsonNode gmk : group.path("gmks")) {
      line(
          "GMK   %s %-8s issued %s%s",
          text(gmk, "gmkId"), text(gmk, "state"), text(gmk, "issued"), expiry(gmk));
    }
    burstLines(group.path("bursts"));
  }

  void bursts(JsonNode groups) {
    int count = 0;
    for (JsonNode group : groups) {
      if (!group.path("bursts").isEmpty()) {
        line("%s", text(group, "group"));
        burstLines(group.path("bursts"));
        count += group.path("bursts").size();
      }
    }
    line("%d bursts", count);
  }

  private void burstLines(JsonNode bursts) {
    for (JsonNode burst : bursts) {
      line(
          "burst %s %-40s %s %d packets since %s%s%s",
          text(burst, "csbId"),
          text(burst, "speaker"),
          text(burst, "profile"),
          burst.path("packets").asLong(),
          text(burst, "startedAt"),
          burst.path("disputed").asBoolean(false) ? "  DISPUTED" : "",
          burst.path("muted").asBoolean(false) ? "  muted" : "");
    }
  }

  void reload(JsonNode report) {
    report.path("changes").forEach(change -> line("%s", change.asString()));
    line(
        "reloaded: %d groups added, %d removed, %d changed, %d unchanged",
        report.path("added").size(),
        report.path("removed").size(),
        report.path("changed").size(),
        report.path("unchanged").size());
  }

  void muted(JsonNode muted) {
    line(
        "%s is %s in %s",
        text(muted, "talker"),
        muted.path("muted").asBoolean(false) ? "muted" : "heard again",
        text(muted, "group"));
  }

  void receivers(JsonNode receivers) {
    for (JsonNode one : receivers) {
      line(
          "%-24s %-13s %s%s",
          text(one, "address"),
          text(one, "by"),
          text(one, "member"),
          one.path("since").isString() ? " since " + text(one, "since") : "");
    }
    line("%d receivers", receivers.size());
  }

  void receives(JsonNode receiver) {
    line(
        "%s %s %s",
        text(receiver, "address"),
        receiver.path("receives").asBoolean(false) ? "receives" : "no longer receives",
        text(receiver, "group"));
  }

  private static String list(JsonNode items) {
    List<String> texts = items.valueStream().map(JsonNode::asString).toList();
    return texts.isEmpty() ? "none" : texts.stream().collect(Collectors.joining(", "));
  }

  private static String text(JsonNode node, String field) {
    return node.path(field).asString("");
  }
}
