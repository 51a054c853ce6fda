package parley.keys.audit;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What files of an audit log say of themselves.
///
/// @param lines the good ones, in their order
/// @param damages one sentence for each place where the chain does not hold
/// @param torn how many octets of a line that was never completed are at the very end
/// @param head hash of the last good line
public record AuditReport(
    List<AuditLine> lines, List<String> damages, int torn, @Nullable String head) {
  public AuditReport {
    lines = List.copyOf(lines);
    damages = List.copyOf(damages);
  }

  public boolean isUnaltered() {
    return damages.isEmpty();
  }

  public List<AuditLine> seals() {
    return lines.stream().filter(AuditLine::isSeal).toList();
  }

  /// Whether a head that was kept elsewhere, in the gateway's log for example, is in the chain.
  public boolean holds(String head) {
    return lines.stream().anyMatch(line -> line.hash().equalsIgnoreCase(head));
  }
}
