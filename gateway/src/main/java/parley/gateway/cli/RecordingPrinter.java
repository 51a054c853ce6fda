package parley.gateway.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import parley.gateway.record.ExportReport;
import parley.gateway.record.Integrity;
import parley.gateway.record.RecordingSummary;

/// Recordings and exports as lines for people and JSON for programs.
final class RecordingPrinter {
  private final PrintWriter out;

  RecordingPrinter(PrintWriter out) {
    this.out = out;
  }

  void table(List<RecordingSummary> recordings) {
    for (RecordingSummary summary : recordings) {
      out.printf(
          Locale.ROOT,
          "%-24s %7.1f s %7d packets  %-9s %s -> %s%n    %s%n",
          summary.header().started(),
          seconds(summary),
          summary.srtpPackets(),
          state(summary.integrity()),
          summary.header().speaker(),
          summary.header().group(),
          summary.file());
    }
    out.printf("%d recordings%n", recordings.size());
    out.flush();
  }

  void details(RecordingSummary summary) {
    Integrity integrity = summary.integrity();
    summary.headerLines().forEach(out::println);
    out.println();
    out.printf("state: %s%n", state(integrity));
    summary.endReason().ifPresent(reason -> out.printf("ended by: %s%n", reason));
    out.printf(Locale.ROOT, "duration: %.3f s%n", seconds(summary));
    out.printf(
        "packets: %d SRTP (%d octets), %d SRTCP, %d announcements%n",
        summary.srtpPackets(),
        summary.srtpOctets(),
        summary.srtcpPackets(),
        summary.announcements());
    out.printf(
        "lost before recording: %d packets in %d gaps%n", summary.lostPackets(), summary.gaps());
    if (integrity.truncatedOctets() > 0) {
      out.printf(
          "cut off: the last %d octets are of a block that was never completed%n",
          integrity.truncatedOctets());
    }
    out.printf("blocks: %d in %d octets%n", integrity.blocks(), integrity.octets());
    out.printf("chain head: %s%n", integrity.chainHead());
    integrity.damages().forEach(damage -> out.println(Colours.alarm("ALTERED: " + damage)));
    out.flush();
  }

  void json(List<RecordingSummary> recordings) {
    Json.print(out, recordings.stream().map(RecordingPrinter::map).toList());
  }

  void json(RecordingSummary summary) {
    Map<String, Object> map = map(summary);
    map.put("header", summary.headerLines());
    Json.print(out, map);
  }

  void export(Path recording, ExportReport report) {
    out.printf(
        "%s: %d of %d packets verified and decrypted, %d announcements of %s verified%n",
        recording.getFileName(),
        report.opened(),
        report.packets(),
        report.announcements(),
        report.header().talker());
    line("missing on the way", report.missing());
    line("lost before recording", report.lost());
    line("unreadable payloads", report.unreadable());
    line("packets of a payload type that this format cannot hold", report.unsupported());
    line("packets whose time was taken already", report.overlapping());
    line("restarts of the timestamps", report.timestampJumps());
    report.refused().forEach((reason, count) -> line("refused as " + reason, count));
    report.refusedAnnouncements().forEach(why -> out.printf("  announcement refused: %s%n", why));
    report.integrity().damages().forEach(damage -> out.printf("  ALTERED: %s%n", damage));
    if (report.files().isEmpty()) {
      out.println("  nothing in it fits this format; no file written");
    }
    report.files().forEach(file -> out.printf("  wrote %s%n", file));
    out.flush();
  }

  private void line(String what, long count) {
    if (count > 0) {
      out.printf("  %d %s%n", count, what);
    }
  }

  private static String state(Integrity integrity) {
    return integrity.isUnaltered() ? integrity.state().name().toLowerCase(Locale.ROOT) : "ALTERED";
  }

  private static double seconds(RecordingSummary summary) {
    return summary.duration().toNanos() / 1e9;
  }

  private static Map<String, Object> map(RecordingSummary summary) {
    Integrity integrity = summary.integrity();
    var map = new LinkedHashMap<String, Object>();
    map.put("file", summary.file().toString());
    map.put("part", summary.header().part());
    map.put("continues", summary.header().continued().orElse(""));
    map.put("started", summary.header().started().toString());
    map.put("group", summary.header().group().uri());
    map.put("talker", summary.header().talker().uri());
    map.put("speaker", summary.header().speaker());
    map.put("csbId", "%08x".formatted(summary.header().csbId()));
    map.put("state", integrity.state().name().toLowerCase(Locale.ROOT));
    map.put("unaltered", integrity.isUnaltered());
    map.put("altered", integrity.damages());
    map.put("truncatedOctets", integrity.truncatedOctets());
    map.put("chainHead", integrity.chainHead());
    map.put("endReason", summary.endReason().orElse(""));
    map.put("durationSeconds", seconds(summary));
    map.put("srtpPackets", summary.srtpPackets());
    map.put("srtpOctets", summary.srtpOctets());
    map.put("srtcpPackets", summary.srtcpPackets());
    map.put("announcements", summary.announcements());
    map.put("gaps", summary.gaps());
    map.put("lostPackets", summary.lostPackets());
    return map;
  }
}
