package parley.keys.gba.bsf;

import parley.keys.gba.BootstrappedKey;
import parley.keys.gba.aka.AgreedKeys;
import parley.keys.gba.hss.Hss;
import parley.keys.gba.hss.IssuedChallenge;

/// Bootstraps without Ub, for tests of what comes after.
public final class Bootstraps {
  private Bootstraps() {}

  public static BootstrappedKey of(Bsf bsf, Hss hss, String impi) throws Exception {
    IssuedChallenge challenge = hss.challenge(impi);
    try (AgreedKeys keys = hss.answerTo(challenge)) {
      Bsf.Bootstrapped made = bsf.bootstrap(challenge, keys.ks()).orElseThrow();
      return new BootstrappedKey(made.btid(), impi, made.until(), keys.ks().duplicate());
    }
  }
}
