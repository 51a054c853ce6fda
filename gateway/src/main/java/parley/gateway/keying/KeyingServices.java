package parley.gateway.keying;

import java.security.SecureRandom;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import parley.keys.member.Member;
import parley.keys.vault.RecordingKey;
import parley.mikey.eccsi.EccsiVerifier;
import parley.mikey.secret.SecretBytes;
import parley.srtp.CipherEngine;

/// What the keying of every group shares. `recordingKey` is null where nothing is recorded.
public record KeyingServices(
    Member member,
    VerifyPool pool,
    EccsiVerifier eccsi,
    CipherEngine engine,
    BridgeCoordinator coordinator,
    @Nullable RecordingKey recordingKey,
    SecureRandom random,
    InstantSource clock) {

  /// The same for a group that is not recorded.
  public KeyingServices withoutRecording() {
    return new KeyingServices(member, pool, eccsi, engine, coordinator, null, random, clock);
  }

  byte @Nullable [] wrap(SecretBytes gsk) {
    return recordingKey == null ? null : recordingKey.wrap(gsk);
  }

  byte[] recordingKeyId() {
    return recordingKey == null ? new byte[0] : recordingKey.keyId();
  }
}
