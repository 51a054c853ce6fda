package parley.keys.gba.push;

import java.io.IOException;
import parley.keys.gba.push.GpiOutcome.Reason;

/// Where a UE hears pushes, on a thread of its own until it is closed. The counts are for any
/// thread.
public sealed interface PushEar extends AutoCloseable permits PushPort, PushFolder {
  /// How many pushes were followed.
  long good();

  /// How many were not, for this reason.
  long refused(Reason reason);

  /// Returns when the push that is being followed has come to its end.
  @Override
  void close() throws IOException;
}
