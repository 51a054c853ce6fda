package parley.gateway.keying;

import org.jspecify.annotations.Nullable;
import parley.keys.vault.RecordingKey;
import parley.mikey.secret.SecretBytes;

/// Wraps the GSKs of new bursts for the recorder, as soon as there is a recording key.
///
/// A key that came stays: only its owner, the vault, ends it. Any thread.
public final class GskWrapping {
  private volatile @Nullable RecordingKey key;

  public static GskWrapping none() {
    return new GskWrapping();
  }

  /// From the next burst on, in every group.
  public void use(RecordingKey recordingKey) {
    key = recordingKey;
  }

  byte @Nullable [] wrap(SecretBytes gsk) {
    RecordingKey now = key;
    return now == null ? null : now.wrap(gsk);
  }

  byte[] keyId() {
    RecordingKey now = key;
    return now == null ? new byte[0] : now.keyId();
  }
}
