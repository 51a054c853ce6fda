package parley.keys.kms.front;

import java.io.IOException;

/// The audit log of a KMS. What cannot be noted is not given: an exception ends the request, and no
/// key of it leaves. Safe for use by many threads.
@FunctionalInterface
public interface KmsAudit {
  /// Notes `event`; durable on return.
  void note(KmsEvent event) throws IOException;
}
