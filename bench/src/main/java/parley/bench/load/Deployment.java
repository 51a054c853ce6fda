package parley.bench.load;

import java.util.List;

/// The gateway under load, with keys for talkers and listeners.
interface Deployment extends AutoCloseable {
  List<LoadGroup> groups();

  /// One line for the report.
  String description();

  /// What the gateway itself counted, for the report; empty where that is not known here.
  List<String> account();

  @Override
  void close();
}
