package parley.mikey.group;

import org.jspecify.annotations.Nullable;
import parley.mikey.identity.KmsCertificate;

/// The key management services that a receiver accepts, by the URI that messages name. Thread-safe.
@FunctionalInterface
public interface KmsDirectory {
  /// The certificate of that KMS, or null if it is none of ours.
  @Nullable KmsCertificate find(String kmsUri);
}
