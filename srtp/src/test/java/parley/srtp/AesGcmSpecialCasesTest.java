package parley.srtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/// AES-GCM at its edges: lengths around block and vector sizes, IVs of zeros and ones, tags that
/// are all zeros or ones though correct, tags, ciphertexts and headers with one bit changed. All
/// cases of one key length go through the engine in one batch, packets close to each other.
class AesGcmSpecialCasesTest {
  private static final int TAG_OCTETS = 16;
  private static final byte UNTOUCHED = 0x5a;

  static List<Engines.Named> engines() {
    return Engines.named();
  }

  @ParameterizedTest
  @MethodSource("engines")
  void sealsAsTwoOthersDo(Engines.Named named) {
    List<JsonNode> cases = cases().filter(c -> c.get("valid").asBoolean()).toList();
    try (Arena arena = Arena.ofConfined()) {
      CipherBatch descriptors = describe(cases, named.engine(), arena, "msg");
      named.engine().seal(descriptors);
      for (int i = 0; i < cases.size(); i++) {
        JsonNode known = cases.get(i);
        assertThat(descriptors.result(i)).as(name(known)).isEqualTo(CipherBatch.OK);
        assertThat(output(descriptors, i, descriptors.payloadOctets(i) + TAG_OCTETS))
            .as(name(known))
            .isEqualTo(join(Vectors.octets(known, "ct"), Vectors.octets(known, "tag")));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("engines")
  void opensWhatIsValidAndLeavesTheRestAlone(Engines.Named named) {
    List<JsonNode> cases = cases().toList();
    try (Arena arena = Arena.ofConfined()) {
      CipherBatch descriptors = describe(cases, named.engine(), arena, "ct");
      named.engine().open(descriptors);
      for (int i = 0; i < cases.size(); i++) {
        JsonNode known = cases.get(i);
        boolean isValid = known.get("valid").asBoolean();
        byte[] untouched = new byte[descriptors.payloadOctets(i)];
        Arrays.fill(untouched, UNTOUCHED);
        assertThat(descriptors.result(i))
            .as(name(known))
            .isEqualTo(isValid ? CipherBatch.OK : CipherBatch.BAD_TAG);
        assertThat(output(descriptors, i, descriptors.payloadOctets(i)))
            .as(name(known))
            .isEqualTo(isValid ? Vectors.octets(known, "msg") : untouched);
      }
    }
  }

  private static java.util.stream.Stream<JsonNode> cases() {
    return Vectors.cases("aes-gcm-special.json");
  }

  private static String name(JsonNode known) {
    return known.get("name").asString();
  }

  /// Header, `body` and, for opening, tag of each case; the destination has the header alone.
  private static CipherBatch describe(
      List<JsonNode> cases, CipherEngine engine, Arena arena, String body) {
    int total = 0;
    for (JsonNode known : cases) {
      total += octets(known);
    }
    MemorySegment source = arena.allocate(total);
    MemorySegment destination = arena.allocate(total).fill(UNTOUCHED);
    CipherBatch descriptors = new CipherBatch(cases.size());
    descriptors.begin(source, destination);
    int at = 0;
    for (JsonNode known : cases) {
      byte[] key = Vectors.octets(known, "key");
      byte[] aad = Vectors.octets(known, "aad");
      byte[] payload = Vectors.octets(known, body);
      SrtpProfile profile =
          key.length == 16 ? SrtpProfile.AEAD_AES_128_GCM : SrtpProfile.AEAD_AES_256_GCM;
      write(source, at, aad, payload, Vectors.octets(known, "tag"));
      write(destination, at, aad);
      EngineKey engineKey = engine.key(profile, key, new byte[0]);
      ByteBuffer iv = ByteBuffer.wrap(Arrays.copyOf(Vectors.octets(known, "iv"), 16));
      descriptors.add(
          0,
          at,
          at,
          engineKey,
          engineKey.handle(),
          iv.getLong(0),
          iv.getLong(8),
          CipherBatch.pair(aad.length, payload.length),
          CipherBatch.pair(aad.length + payload.length, TAG_OCTETS),
          0);
      at += octets(known);
    }
    return descriptors;
  }

  private static int octets(JsonNode known) {
    return Vectors.octets(known, "aad").length + Vectors.octets(known, "msg").length + TAG_OCTETS;
  }

  private static void write(MemorySegment memory, int at, byte[]... parts) {
    byte[] octets = join(parts);
    MemorySegment.copy(octets, 0, memory, ValueLayout.JAVA_BYTE, at, octets.length);
  }

  private static byte[] join(byte[]... parts) {
    int total = 0;
    for (byte[] part : parts) {
      total += part.length;
    }
    ByteBuffer whole = ByteBuffer.allocate(total);
    for (byte[] part : parts) {
      whole.put(part);
    }
    return whole.array();
  }

  private static byte[] output(CipherBatch descriptors, int i, int octets) {
    long at = descriptors.destinationOffset(i) + descriptors.aadOctets(i);
    return descriptors.destination().asSlice(at, octets).toArray(ValueLayout.JAVA_BYTE);
  }
}
