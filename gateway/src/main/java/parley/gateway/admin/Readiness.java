package parley.gateway.admin;

import java.util.List;

/// Whether the gateway does its job now; `missing` says in one sentence each what it still waits
/// for.
public record Readiness(List<String> missing) {
  public static final Readiness READY = new Readiness(List.of());

  public Readiness {
    missing = List.copyOf(missing);
  }

  public boolean isReady() {
    return missing.isEmpty();
  }
}
