package parley.srtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/// The packets of libsrtp's regression test, from master key to octets.
class LibsrtpPacketsVectorTest {
  static List<Object[]> names() {
    return Engines.with(
        Vectors.cases("libsrtp-packets.json").map(c -> c.get("name").asString()).toList());
  }

  @ParameterizedTest
  @MethodSource("names")
  void protectsToTheSameOctetsAndBack(Engines.Named named, String name) {
    JsonNode vector =
        Vectors.cases("libsrtp-packets.json")
            .filter(c -> c.get("name").asString().equals(name))
            .findFirst()
            .orElseThrow();
    byte[] plain = Vectors.octets(vector, "plaintext_packet");
    byte[] sealed = Vectors.octets(vector, "protected_packet");
    SrtpSession session = session(vector, named.engine());
    boolean isRtcp = vector.has("SRTCP_index");
    int ssrc = ByteBuffer.wrap(plain).getInt(isRtcp ? 4 : 8);
    CryptoContext sender =
        isRtcp
            ? SrtcpContext.sender(session, ssrc, Vectors.word(vector, "SRTCP_index"))
            : SrtpContext.sender(session, ssrc, 0);
    CryptoContext receiver =
        isRtcp ? SrtcpContext.receiver(session, ssrc) : SrtpContext.receiver(session, ssrc);

    assertThat(Streams.protect(sender, plain)).isEqualTo(sealed);

    PacketBatch batch = PacketBatch.allocate(1, sealed.length);
    batch.context(batch.add(sealed), receiver);
    Streams.transform(receiver, 1).unprotect(batch, batch);
    assertThat(batch.verdict(0)).isEqualTo(Verdict.ACCEPTED);
    assertThat(batch.octets(0)).isEqualTo(plain);
  }

  private static SrtpSession session(JsonNode vector, CipherEngine engine) {
    String profile = vector.get("profile").asString().replace(" with MKI", "");
    byte[] mki = Vectors.octets(vector, "MKI");
    MasterKey master =
        MasterKey.of(
            SrtpProfile.valueOf(profile),
            Vectors.octets(vector, "master_key"),
            Vectors.octets(vector, "master_salt"),
            mki);
    SrtpPolicy policy = new SrtpPolicy(master.profile(), false, mki.length);
    return SrtpSession.of(policy, master, engine);
  }
}
