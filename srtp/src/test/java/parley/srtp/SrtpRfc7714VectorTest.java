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

/// RFC 7714, sections 16 and 17, whose keys and salts are session keys and salts.
///
/// The encrypted packets go through contexts. Those that are only tagged (an SRTCP packet with E
/// clear, an RTP packet without encryption) no context of ours sends or accepts: they go to the
/// engine as they are.
class SrtpRfc7714VectorTest {
  private static final String FILE = "rfc7714-aes-gcm.json";

  static List<Object[]> encrypted() {
    return Engines.with(names("encrypt", "decrypt"));
  }

  static List<Object[]> tagged() {
    return Engines.with(names("tag", "verify_tag"));
  }

  private static List<String> names(String... operations) {
    return Vectors.cases(FILE)
        .filter(c -> List.of(operations).contains(c.get("operation").asString()))
        .map(c -> c.get("name").asString())
        .toList();
  }

  @ParameterizedTest
  @MethodSource("encrypted")
  void sealsAndOpensPackets(Engines.Named named, String name) {
    JsonNode vector = Vectors.named(FILE, name);
    boolean isSeal = vector.get("operation").asString().equals("encrypt");
    byte[] plain = plainPacket(vector);
    byte[] sealed = Vectors.octets(vector, isSeal ? "output_packet" : "input_packet");
    SrtpSession session = session(vector, named.engine());
    int ssrc = Vectors.word(vector, "SSRC");

    if (vector.has("SRTCP_index")) {
      int index = Vectors.word(vector, "SRTCP_index");
      assertThat(Streams.protect(SrtcpContext.sender(session, ssrc, index), plain))
          .isEqualTo(sealed);
      assertOpens(SrtcpContext.receiver(session, ssrc), sealed, plain);
    } else {
      long index = PacketIndex.of(Vectors.word(vector, "ROC"), Vectors.word(vector, "SEQ"));
      assertThat(Streams.protect(SrtpContext.sender(session, ssrc, index), plain))
          .isEqualTo(sealed);
      assertOpens(SrtpContext.receiver(session, ssrc), sealed, plain);
    }
  }

  private static void assertOpens(CryptoContext receiver, byte[] sealed, byte[] plain) {
    PacketBatch batch = PacketBatch.allocate(1, sealed.length);
    batch.context(batch.add(sealed), receiver);
    Streams.transform(receiver, 1).unprotect(batch, batch);
    assertThat(batch.verdict(0)).isEqualTo(Verdict.ACCEPTED);
    assertThat(batch.octets(0)).isEqualTo(plain);
  }

  /// Decryption cases of SRTP give the payload alone: the header is what both packets share.
  private static byte[] plainPacket(JsonNode vector) {
    byte[] input = Vectors.octets(vector, "input_packet");
    if (vector.get("operation").asString().equals("encrypt")) {
      return input;
    }
    byte[] output = Vectors.octets(vector, "output_packet");
    if (vector.has("SRTCP_index")) {
      return output;
    }
    return ByteBuffer.allocate(12 + output.length).put(input, 0, 12).put(output).array();
  }

  private static SrtpSession session(JsonNode vector, CipherEngine engine) {
    SrtpProfile profile = profile(vector);
    byte[] salt = Arrays.copyOf(Vectors.octets(vector, "salt"), 16);
    SessionKey key = new SessionKey(engineKey(vector, engine), true, salt, 10);
    return new SrtpSession(new SrtpPolicy(profile, false, 0), engine, new byte[0], key, key, null);
  }

  @ParameterizedTest
  @MethodSource("tagged")
  void tagsAndVerifiesAssociatedDataAlone(Engines.Named named, String name) {
    CipherEngine engine = named.engine();
    JsonNode vector = Vectors.named(FILE, name);
    byte[] packet = taggedOctets(vector);
    byte[] tag = Vectors.octets(vector, "authentication_tag");
    MemorySegment memory = Arena.ofAuto().allocate(packet.length + tag.length);
    MemorySegment.copy(packet, 0, memory, ValueLayout.JAVA_BYTE, 0, packet.length);

    CipherBatch descriptors = describe(vector, engine, memory, packet.length);
    engine.seal(descriptors);
    assertThat(memory.asSlice(packet.length).toArray(ValueLayout.JAVA_BYTE)).isEqualTo(tag);

    engine.open(descriptors);
    assertThat(descriptors.result(0)).isEqualTo(CipherBatch.OK);

    memory.set(ValueLayout.JAVA_BYTE, 5, (byte) (packet[5] ^ 1));
    engine.open(descriptors);
    assertThat(descriptors.result(0)).isEqualTo(CipherBatch.BAD_TAG);
  }

  private static byte[] taggedOctets(JsonNode vector) {
    byte[] aad = Vectors.octets(vector, "AAD");
    return vector.has("SRTCP_index") ? Arrays.copyOf(aad, aad.length - 4) : aad;
  }

  private static CipherBatch describe(
      JsonNode vector, CipherEngine engine, MemorySegment memory, int octets) {
    ByteBuffer iv = ByteBuffer.wrap(Arrays.copyOf(Vectors.octets(vector, "IV"), 16));
    boolean isRtcp = vector.has("SRTCP_index");
    CipherBatch descriptors = new CipherBatch(1);
    descriptors.begin(memory, memory);
    EngineKey engineKey = engineKey(vector, engine);
    descriptors.add(
        0,
        0,
        0,
        engineKey,
        engineKey.handle(),
        iv.getLong(0),
        iv.getLong(8),
        CipherBatch.pair(octets, 0),
        CipherBatch.pair(octets, 16),
        isRtcp ? CipherBatch.fourOctets(Vectors.word(vector, "ESRTCP_word")) : 0);
    return descriptors;
  }

  private static EngineKey engineKey(JsonNode vector, CipherEngine engine) {
    return engine.key(profile(vector), Vectors.octets(vector, "key"), new byte[0]);
  }

  private static SrtpProfile profile(JsonNode vector) {
    return vector.get("name").asString().contains("128")
        ? SrtpProfile.AEAD_AES_128_GCM
        : SrtpProfile.AEAD_AES_256_GCM;
  }
}
