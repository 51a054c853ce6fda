package parley.gateway.record;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import parley.gateway.keying.SrtpKeying;
import parley.keys.vault.RecordingKey;
import parley.keys.vault.VaultException;
import parley.mikey.secret.SecretBytes;
import parley.srtp.CipherEngine;
import parley.srtp.SrtpSession;

/// The SRTP keys of one recording, derived anew from its wrapped GSK: one session for each stream.
///
/// The GMK is not needed, expired or not.
final class RecordedKeys implements AutoCloseable {
  private final Map<Integer, SrtpSession> sessionsBySsrc;

  private RecordedKeys(Map<Integer, SrtpSession> sessionsBySsrc) {
    this.sessionsBySsrc = sessionsBySsrc;
  }

  /// @throws CannotDecrypt when another recording key wrapped the GSK
  static RecordedKeys of(RecordingHeader header, RecordingKey key, CipherEngine engine)
      throws CannotDecrypt, NotARecording {
    requireSameKey(header, key);
    try (SecretBytes gsk = key.unwrap(header.wrappedGsk())) {
      var sessions = new HashMap<Integer, SrtpSession>();
      for (RecordingHeader.Session session : header.sessions()) {
        sessions.put(
            session.ssrc(),
            SrtpKeying.session(
                header.policy(),
                header.mki(),
                gsk,
                header.prf(),
                session.csId(),
                header.csbId(),
                header.rand(),
                engine));
      }
      return new RecordedKeys(sessions);
    } catch (VaultException e) {
      throw new CannotDecrypt("the wrapped GSK of the recording is damaged: " + e.getMessage(), e);
    }
  }

  private static void requireSameKey(RecordingHeader header, RecordingKey key)
      throws CannotDecrypt, NotARecording {
    if (!Arrays.equals(header.recordingKeyId(), key.keyId())) {
      HexFormat hex = HexFormat.of();
      throw new CannotDecrypt(
          "the recording was made under recording key %s and this vault has %s; use the vault of the gateway that recorded it"
              .formatted(hex.formatHex(header.recordingKeyId()), hex.formatHex(key.keyId())));
    }
  }

  @Nullable SrtpSession session(int ssrc) {
    return sessionsBySsrc.get(ssrc);
  }

  @Override
  public void close() {
    sessionsBySsrc.values().forEach(SrtpSession::close);
  }
}
