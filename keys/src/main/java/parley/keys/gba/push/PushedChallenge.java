package parley.keys.gba.push;

/// RAND and AUTN of a push, for the USIM.
public final class PushedChallenge {
  private final byte[] rand;
  private final byte[] autn;

  PushedChallenge(byte[] rand, byte[] autn) {
    this.rand = rand;
    this.autn = autn;
  }

  public byte[] rand() {
    return rand.clone();
  }

  public byte[] autn() {
    return autn.clone();
  }
}
