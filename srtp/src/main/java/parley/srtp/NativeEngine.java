package parley.srtp;

import java.lang.ref.Reference;
import java.util.Locale;

/// The engine over the C kernel: a batch is one call.
final class NativeEngine implements CipherEngine {
  /// What a processor must offer, and what the kernel then does best; the best one last.
  enum Tier {
    /// AES-NI, PCLMULQDQ, SSE4.1: one block at a time.
    AESNI(1),
    /// AVX2, VAES, VPCLMULQDQ: two.
    VAES(2),
    /// AVX-512 (F, VL, BW, DQ), VAES, VPCLMULQDQ: four, and sixteen SHA-1 side by side.
    AVX512(4);

    private final int bit;

    Tier(int bit) {
      this.bit = bit;
    }

    boolean isAvailable() {
      return (NativeLibrary.FEATURES & bit) != 0;
    }

    /// As the kernel counts.
    @SuppressWarnings("EnumOrdinal") // the order is the contract with kernel.c
    int number() {
      return ordinal();
    }
  }

  private static final int CIPHER_GCM = 0;
  private static final int CIPHER_CM = 1;
  private static final int CIPHER_STREAM = 2;

  private final Tier tier;
  private final int number;

  /// @throws IllegalStateException in one sentence, where there is no kernel or no such processor
  NativeEngine(Tier tier) {
    if (NativeLibrary.MISSING != null) {
      throw new IllegalStateException(NativeLibrary.MISSING);
    }
    if (!tier.isAvailable()) {
      throw new IllegalStateException("this processor lacks the instructions of native:" + tier);
    }
    this.tier = tier;
    this.number = tier.number();
  }

  /// For the best tier of this processor.
  static NativeEngine best() {
    Tier best = Tier.AESNI;
    for (Tier tier : Tier.values()) {
      best = tier.isAvailable() ? tier : best;
    }
    return new NativeEngine(best);
  }

  @Override
  public String name() {
    return "native:" + tier.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public EngineKey key(SrtpProfile profile, byte[] encryptionKey, byte[] authenticationKey) {
    int cipher = profile.isAead() ? CIPHER_GCM : CIPHER_CM;
    return new NativeKey(NativeLibrary.key(number, cipher, encryptionKey, authenticationKey));
  }

  @Override
  public EngineKey streamKey(byte[] key) {
    return new NativeKey(NativeLibrary.key(number, CIPHER_STREAM, key, new byte[0]));
  }

  @Override
  public boolean worksByHandle() {
    return true;
  }

  @Override
  public void seal(CipherBatch descriptors) {
    try {
      NativeLibrary.seal(
          number,
          descriptors.memory(),
          descriptors.size(),
          descriptors.source().address(),
          descriptors.destination().address());
    } finally {
      Reference.reachabilityFence(descriptors);
    }
  }

  @Override
  public void open(CipherBatch descriptors) {
    try {
      NativeLibrary.open(
          number,
          descriptors.memory(),
          descriptors.size(),
          descriptors.source().address(),
          descriptors.destination().address());
    } finally {
      Reference.reachabilityFence(descriptors);
    }
  }
}
