package parley.mikey.sakke;

import static parley.mikey.sakke.ParameterSet1.FIELD_OCTETS;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.math.BigInteger;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;
import parley.mikey.MikeyKernel;

/// Arithmetic by the C kernel of `src/main/c`: 16 words of 64 bits, R = 2^1024, elements below the
/// modulus.
final class NativeField extends Field {
  /// Why there is no kernel, in one sentence; null where there is one.
  static final @Nullable String MISSING = MikeyKernel.MISSING;

  /// The tier that every processor has.
  static final int PORTABLE = 0;

  private static final int WORDS = Fp.WORDS;
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private final int tier;

  /// The modulus and its negated inverse, as the kernel wants them.
  private final MemorySegment parameters;

  NativeField(BigInteger modulus) {
    this(modulus, FieldLibrary.TIER);
  }

  /// @param tier up to [FieldLibrary#TIER]
  NativeField(BigInteger modulus, int tier) {
    super(modulus, WORDS, WORDS * Long.SIZE);
    this.tier = tier;
    var field = new long[WORDS + 1];
    unpack(Fp.octets(modulus), 0, field, 0);
    field[WORDS] = modulus.negate().modInverse(BigInteger.TWO.pow(Long.SIZE)).longValue();
    this.parameters = MemorySegment.ofArray(field);
  }

  @Override
  String name() {
    return tier == PORTABLE ? "native:portable" : "native:adx";
  }

  @Override
  void run(Formula formula, long[] memory, int base, int scratch) {
    FieldLibrary.run(
        tier,
        parameters,
        formula.segment(),
        formula.steps().length,
        MemorySegment.ofArray(memory),
        base);
  }

  @Override
  void multiply(long[] memory, int to, int a, int b, int scratch) {
    FieldLibrary.multiply(tier, parameters, MemorySegment.ofArray(memory), to, a, b);
  }

  @Override
  void unpack(byte[] octets, int from, long[] memory, int to) {
    Fp.unpack(octets, from, memory, to);
  }

  @Override
  void pack(long[] memory, int from, byte[] octets, int to) {
    for (int i = 0; i < WORDS; i++) {
      LONGS.set(octets, to + FIELD_OCTETS - Long.BYTES * (i + 1), memory[from + i]);
    }
  }

  @Override
  boolean isZero(long[] memory, int offset) {
    long any = 0;
    for (int i = 0; i < WORDS; i++) {
      any |= memory[offset + i];
    }
    return any == 0;
  }
}
