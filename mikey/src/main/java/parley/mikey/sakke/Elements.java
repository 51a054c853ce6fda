package parley.mikey.sakke;

import static parley.mikey.sakke.ParameterSet1.FIELD_OCTETS;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.bouncycastle.math.raw.Mod;

/// Elements of a field, numbered from 0, and what computes on them.
///
/// `close()` zeroes them. Of one thread, or of all once nothing writes to them.
final class Elements implements AutoCloseable {
  private static final int INTS = FIELD_OCTETS / Integer.BYTES;

  /// Behind the numbered ones: R^2, the number 1 as it is, one to work with, one to scribble on.
  private static final int HIDDEN = 4;

  private final Field field;
  private final int radixSquared;
  private final int plainOne;
  private final int spare;
  private final int scratch;
  private final long[] words;

  Elements(Field field, int count) {
    this.field = field;
    this.radixSquared = count;
    this.plainOne = count + 1;
    this.spare = count + 2;
    this.scratch = at(count + 3);
    this.words = new long[at(count + HIDDEN)];
    long[] constants = field.constants();
    System.arraycopy(constants, 0, words, at(radixSquared), constants.length);
  }

  Field field() {
    return field;
  }

  private int at(int element) {
    return element * field.words();
  }

  /// Runs a formula; its elements are counted from `base`.
  void run(Formula formula, int base) {
    field.run(formula, words, at(base), scratch);
  }

  /// `to = a b`.
  void multiply(int to, int a, int b) {
    field.multiply(words, at(to), at(a), at(b), scratch);
  }

  /// Copies `count` elements of `source` from number `from` on to here from number `to` on.
  void copy(int to, Elements source, int from, int count) {
    System.arraycopy(source.words, at(from), words, at(to), at(count));
  }

  /// Copies group number `choice` of `choices` groups of `count` elements, which begin at number
  /// `from` of `source`. All groups are read, whichever it is.
  void copyHidden(int to, Elements source, int from, int count, int choices, int choice) {
    int length = at(count);
    Arrays.fill(words, at(to), at(to) + length, 0);
    for (int i = 0; i < choices; i++) {
      long mask = ((long) (i ^ choice) - 1) >> 63;
      int group = at(from) + i * length;
      for (int j = 0; j < length; j++) {
        words[at(to) + j] |= source.words[group + j] & mask;
      }
    }
  }

  /// Puts element `other` in the place of `to` where `mask` is -1, and nothing where it is 0.
  void replace(int to, int other, long mask) {
    for (int i = 0; i < field.words(); i++) {
      long kept = words[at(to) + i];
      words[at(to) + i] = kept ^ ((kept ^ words[at(other) + i]) & mask);
    }
  }

  boolean isZero(int element) {
    return field.isZero(words, at(element));
  }

  /// Reads 128 octets, whose number is reduced where it is not below the modulus.
  void load(int to, byte[] octets, int from) {
    field.unpack(octets, from, words, at(to));
    multiply(to, to, radixSquared);
  }

  void load(int to, BigInteger element) {
    load(to, Fp.octets(element), 0);
  }

  /// Writes the 128 octets of an element.
  void store(int element, byte[] octets, int to) {
    multiply(spare, element, plainOne);
    field.pack(words, at(spare), octets, to);
  }

  /// Puts its inverse in the place of an element, in a time that does not depend on it.
  ///
  /// @return whether it has one; 0 stays as it is
  boolean invert(int element) {
    var octets = new byte[FIELD_OCTETS];
    store(element, octets, 0);
    int[] modulus = littleEndian(Fp.octets(field.modulus()));
    int[] number = littleEndian(octets);
    int[] inverse = new int[INTS];
    boolean inverted = Mod.modOddInverse(modulus, number, inverse) != 0;
    if (inverted) {
      putLittleEndian(inverse, octets);
      load(element, octets, 0);
    }
    Arrays.fill(octets, (byte) 0);
    Arrays.fill(number, 0);
    Arrays.fill(inverse, 0);
    return inverted;
  }

  /// Puts their inverses in the place of `count` elements, from number `first` on each `step`th;
  /// the element behind each is lost. One inversion for all, and three multiplications each.
  ///
  /// @return whether all of them have one; otherwise none is changed
  boolean invertAll(int first, int step, int count) {
    copy(first + 1, this, first, 1);
    for (int i = 1; i < count; i++) {
      int element = first + i * step;
      multiply(element + 1, element + 1 - step, element);
    }
    int product = first + (count - 1) * step + 1; // all of them multiplied
    if (!invert(product)) {
      return false;
    }
    copy(spare, this, product, 1);
    for (int i = count - 1; i > 0; i--) {
      int element = first + i * step;
      multiply(element + 1, spare, element + 1 - step);
      multiply(spare, spare, element);
      copy(element, this, element + 1, 1);
    }
    copy(first, this, spare, 1);
    return true;
  }

  private static int[] littleEndian(byte[] octets) {
    int[] number = new int[INTS];
    var from = ByteBuffer.wrap(octets);
    for (int i = INTS - 1; i >= 0; i--) {
      number[i] = from.getInt();
    }
    return number;
  }

  private static void putLittleEndian(int[] number, byte[] octets) {
    var to = ByteBuffer.wrap(octets);
    for (int i = INTS - 1; i >= 0; i--) {
      to.putInt(number[i]);
    }
  }

  @Override
  public void close() {
    Arrays.fill(words, 0);
  }
}
