package parley.srtp;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;

/// No packet of a stranger is accepted or causes an exception, whatever its octets. Runs with
/// `-Pfuzz` only.
class UnprotectFuzz {
  private static final int SSRC = 0x80808080;
  private final CipherEngine engine = CipherEngines.jce();
  private final SrtpTransform transform = new SrtpTransform(engine, 1);
  private final PacketBatch batch = PacketBatch.allocate(1, 2048);

  @FuzzTest(maxDuration = "5m")
  void refusesEverythingUnauthenticated(byte[] octets) {
    if (octets.length > batch.slotOctets()) {
      return;
    }
    for (SrtpProfile profile : SrtpProfile.values()) {
      refuses(octets, new SrtpPolicy(profile, false, 0));
      refuses(octets, new SrtpPolicy(profile, profile.isAead(), 4));
    }
  }

  private void refuses(byte[] octets, SrtpPolicy policy) {
    byte[] key = new byte[policy.profile().masterKeyOctets()];
    byte[] salt = new byte[policy.profile().masterSaltOctets()];
    try (MasterKey master =
            MasterKey.of(policy.profile(), key, salt, new byte[policy.mkiOctets()]);
        SrtpSession session = SrtpSession.of(policy, master, engine)) {
      assertThat(verdict(octets, SrtpContext.receiver(session, SSRC)))
          .isNotEqualTo(Verdict.ACCEPTED);
      assertThat(verdict(octets, SrtcpContext.receiver(session, SSRC)))
          .isNotEqualTo(Verdict.ACCEPTED);
    }
  }

  private Verdict verdict(byte[] octets, CryptoContext context) {
    batch.clear();
    int slot = batch.add(octets);
    batch.context(slot, context);
    transform.unprotect(batch, batch);
    return batch.verdict(slot);
  }
}
