package parley.srtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import tools.jackson.databind.JsonNode;

/// The AES-CM key stream as an engine makes it, against a vector: some blocks, and the digest of
/// the whole.
final class Keystreams {
  private Keystreams() {}

  static void check(JsonNode vector, SrtpProfile profile, CipherEngine engine)
      throws GeneralSecurityException {
    byte[] stream =
        make(
            profile,
            engine,
            Vectors.octets(vector, "session_key"),
            Vectors.octets(vector, "session_salt_shifted"),
            vector.get("keystream_octets").asInt());
    byte[] first = Vectors.octets(vector, "IV_offset");
    for (JsonNode block : vector.get("blocks").values()) {
      int number = lastTwo(Vectors.octets(block, "counter")) - lastTwo(first);
      assertThat(Arrays.copyOfRange(stream, 16 * number, 16 * number + 16))
          .as("block %s", block.get("counter"))
          .isEqualTo(Vectors.octets(block, "keystream"));
    }
    assertThat(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(stream)))
        .isEqualTo(vector.get("keystream_sha256").asString());
  }

  private static int lastTwo(byte[] counter) {
    return Short.toUnsignedInt(ByteBuffer.wrap(counter).getShort(14));
  }

  /// Enciphers zeros in one descriptor.
  private static byte[] make(
      SrtpProfile profile, CipherEngine engine, byte[] key, byte[] iv, int octets) {
    MemorySegment memory = Arena.ofAuto().allocate(octets + 32L);
    CipherBatch descriptors = new CipherBatch(1);
    descriptors.begin(memory, memory);
    EngineKey engineKey = engine.key(profile, key, new byte[20]);
    descriptors.add(
        0,
        0,
        0,
        engineKey,
        engineKey.handle(),
        ByteBuffer.wrap(iv).getLong(0),
        ByteBuffer.wrap(iv).getLong(8),
        CipherBatch.pair(0, octets),
        CipherBatch.pair(octets, 10),
        CipherBatch.fourOctets(0));
    engine.seal(descriptors);
    return memory.asSlice(0, octets).toArray(ValueLayout.JAVA_BYTE);
  }
}
