package parley.srtp;

import static org.assertj.core.api.Assertions.assertThat;

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
}
