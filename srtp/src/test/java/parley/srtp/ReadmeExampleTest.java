package parley.srtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// The lines of the module's README, so that they keep compiling and keep their word.
class ReadmeExampleTest {
  @Test
  void protectsAndUnprotects() {
    byte[] key = Streams.key(SrtpProfile.AEAD_AES_128_GCM, 1);
    byte[] salt = Streams.salt(SrtpProfile.AEAD_AES_128_GCM, 1);
    byte[] mki = Streams.MKI;
    byte[] rtp = Streams.rtp(0x1234, 0);

    var engine = CipherEngines.select("auto");
    var policy = new SrtpPolicy(SrtpProfile.AEAD_AES_128_GCM, false, mki.length);
    var master = MasterKey.of(policy.profile(), key, salt, mki);
    var session = SrtpSession.of(policy, master, engine);
    var transform = new SrtpTransform(engine, 32);
    var batch = PacketBatch.allocate(32, 1500);
    batch.context(batch.add(rtp), SrtpContext.sender(session, 0x1234, 0));
    transform.protect(batch, batch);
    batch.context(0, SrtpContext.receiver(session, 0x1234));
    transform.unprotect(batch, batch);

    assertThat(batch.verdict(0)).isEqualTo(Verdict.ACCEPTED);
    assertThat(batch.octets(0)).isEqualTo(rtp);
  }

  @Test
  void unprotectsABatch() {
    var engine = CipherEngines.select("auto");
    var session = Streams.session(Streams.gcm(), 1, engine);
    var sender = SrtpContext.sender(session, Streams.SSRC, 0);
    List<byte[]> datagrams = new ArrayList<>();
    for (int index = 0; index < 5; index++) {
      datagrams.add(Streams.protect(sender, Streams.rtp(Streams.SSRC, index)));
    }
    datagrams.add(datagrams.getFirst());
    Map<Verdict, Integer> verdicts = new EnumMap<>(Verdict.class);

    var received = PacketBatch.allocate(32, 1500);
    var plain = PacketBatch.allocate(32, 1500);
    var contexts = new SrtpContexts(engine, 32, 1024);
    contexts.add(session);
    received.clear();
    for (byte[] datagram : datagrams) {
      received.add(datagram);
    }
    contexts.unprotect(received, plain);
    for (int slot = 0; slot < plain.size(); slot++) {
      verdicts.merge(plain.verdict(slot), 1, Integer::sum);
    }

    assertThat(verdicts).containsOnly(entry(Verdict.ACCEPTED, 5), entry(Verdict.REPLAYED, 1));
    assertThat(plain.octets(4)).isEqualTo(Streams.rtp(Streams.SSRC, 4));
    assertThat(received.octets(4)).isEqualTo(datagrams.get(4));
  }
}
