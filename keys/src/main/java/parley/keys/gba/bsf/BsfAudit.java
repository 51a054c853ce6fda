package parley.keys.gba.bsf;

import java.io.IOException;

/// The audit log of a BSF, and its counters. What was given is noted before it leaves: an exception
/// ends the request, and no key of it goes out. Safe for use by many threads.
///
/// So there may be a line for something that a crash has kept from its asker; never the reverse.
@FunctionalInterface
public interface BsfAudit {
  /// Notes `event`; for one that is [BsfEvent.Outcome#DONE] durable on return. Of the others there
  /// are as many as strangers like to send, so whoever notes them limits them.
  void note(BsfEvent event) throws IOException;

  /// For tests and NAFs in the same process.
  static BsfAudit none() {
    return _ -> {};
  }
}
