package parley.gateway.keying;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import parley.mikey.group.GroupSessionKey;
import parley.mikey.group.MediaPolicy;
import parley.mikey.secret.SecretBytes;
import parley.srtp.CipherBatch;
import parley.srtp.CipherEngine;
import parley.srtp.CipherEngines;
import parley.srtp.EngineKey;
import parley.srtp.SrtpProfile;

class SrtpKeyingTest {
  /// Notes the session keys that it is given.
  private static final class KeyNotes implements CipherEngine {
    final Set<ByteBuffer> keys = new HashSet<>();
    private final CipherEngine engine = CipherEngines.jce();

    @Override
    public String name() {
      return engine.name();
    }

    @Override
    public EngineKey key(SrtpProfile profile, byte[] encryptionKey, byte[] authenticationKey) {
      keys.add(ByteBuffer.wrap(encryptionKey.clone()));
      return engine.key(profile, encryptionKey, authenticationKey);
    }

    @Override
    public void seal(CipherBatch descriptors) {
      engine.seal(descriptors);
    }

    @Override
    public void open(CipherBatch descriptors) {
      engine.open(descriptors);
    }
  }

  @Test
  void oneGskGivesOtherKeysForEachCryptoSessionCsbAndRand() {
    for (MediaPolicy policy : MediaPolicy.ALL) {
      KeyNotes notes = new KeyNotes();
      int sessions = 0;
      for (int csId = 4; csId < 8; csId++) {
        for (int csbId = 1; csbId < 5; csbId++) {
          for (int rand = 0; rand < 4; rand++) {
            derive(policy, csId, csbId, rand, notes);
            sessions++;
          }
        }
      }
      assertThat(notes.keys).as("SRTP and SRTCP keys, all different").hasSize(2 * sessions);
    }
  }

  private static void derive(
      MediaPolicy policy, int csId, int csbId, int rand, CipherEngine engine) {
    byte[] octets = new byte[32];
    octets[31] = (byte) rand;
    try (GroupSessionKey gsk =
        GroupSessionKey.of(0xf0000001, SecretBytes.copyOf(new byte[16], "GSK"))) {
      SrtpKeying.session(policy, SrtpKeying.MKI_OCTETS, gsk, csId, csbId, octets, engine).close();
    }
  }
}
