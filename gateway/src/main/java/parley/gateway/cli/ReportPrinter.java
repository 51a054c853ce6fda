package parley.gateway.cli;

import java.io.PrintWriter;
import java.util.Locale;
import parley.gateway.manager.GroupReport;

/// Prints how a group stands, for people.
final class ReportPrinter {
  private ReportPrinter() {}

  static void print(PrintWriter out, GroupReport report) {
    if (report.dissolved()) {
      out.println(report.group() + " is dissolved");
    }
    for (GroupReport.Gmk gmk : report.gmks()) {
      out.printf(
          "GMK %s issued %s, from %s%s%s%n",
          gmk.gmkId(),
          gmk.issued(),
          gmk.activation(),
          gmk.expiry() == null ? ", unlimited" : " until " + gmk.expiry(),
          gmk.revoked() ? ", revoked" : "");
      for (GroupReport.Line line : gmk.deliveries()) {
        out.printf(
            "  %-9s %s %s%s%n",
            line.state().toUpperCase(Locale.ROOT),
            line.since(),
            line.ue(),
            line.address() == null ? "" : " at " + line.address());
      }
    }
    out.flush();
  }
}
