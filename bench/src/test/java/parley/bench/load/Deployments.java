package parley.bench.load;

import java.util.List;

/// Deployments of tests.
final class Deployments {
  private Deployments() {}

  /// This one group, and nothing to close.
  static Deployment of(LoadGroup group) {
    return new Deployment() {
      @Override
      public List<LoadGroup> groups() {
        return List.of(group);
      }

      @Override
      public String description() {
        return "of a test";
      }

      @Override
      public List<String> account() {
        return List.of();
      }

      @Override
      public void close() {}
    };
  }
}
