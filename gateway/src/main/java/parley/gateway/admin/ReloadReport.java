package parley.gateway.admin;

import java.util.List;
import parley.mikey.identity.Identity;

/// What a reload has done.
///
/// @param changes one sentence for each change, `sip:fire@example.org: relay to 10.0.0.7:5004
///   added`
public record ReloadReport(
    List<Identity> added,
    List<Identity> removed,
    List<Identity> changed,
    List<Identity> unchanged,
    List<String> changes) {
  public ReloadReport {
    added = List.copyOf(added);
    removed = List.copyOf(removed);
    changed = List.copyOf(changed);
    unchanged = List.copyOf(unchanged);
    changes = List.copyOf(changes);
  }
}
