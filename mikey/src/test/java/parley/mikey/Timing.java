package parley.mikey;

import java.util.Arrays;
import java.util.Objects;
import java.util.Random;
import java.util.function.Function;
import java.util.function.Supplier;

/// Whether the time of an operation tells one input from random ones, after "Dude, is my code
/// constant time?" (Reparaz, Balasch, Verbauwhede, 2016): both kinds in random order, Welch's t
/// over what is left without the slowest tenth.
///
/// Noise of the machine meets both kinds alike: it hides a difference, it does not make one.
public final class Timing {
  /// Beyond this there is no doubt.
  public static final double LEAK = 10;

  private static final double KEPT = 0.9;

  private Timing() {}

  /// Welch's t; it grows with the root of `samples` where there is a difference.
  public static double t(
      int samples, byte[] fixed, Supplier<byte[]> random, Function<byte[], Object> operation) {
    var choice = new Random();
    byte[][] inputs = new byte[samples][];
    boolean[] isFixed = new boolean[samples];
    for (int i = 0; i < samples; i++) {
      isFixed[i] = choice.nextBoolean();
      inputs[i] = isFixed[i] ? fixed.clone() : random.get();
    }
    long[] nanos = new long[samples];
    Object[] results = new Object[samples]; // kept, or the compiler would not make them
    for (int i = 0; i < samples; i++) {
      long start = System.nanoTime();
      results[i] = operation.apply(inputs[i]);
      nanos[i] = System.nanoTime() - start;
    }
    Objects.requireNonNull(results[choice.nextInt(samples)]);
    long[] sorted = nanos.clone();
    Arrays.sort(sorted);
    long bound = sorted[(int) (samples * KEPT) - 1];
    var one = new Moments();
    var other = new Moments();
    for (int i = samples / 10; i < samples; i++) { // the first ones are the compiler's
      if (nanos[i] <= bound) {
        (isFixed[i] ? one : other).add((double) nanos[i]);
      }
    }
    return (one.mean - other.mean)
        / Math.sqrt(one.variance() / one.count + other.variance() / other.count);
  }

  /// Welford's running mean and variance.
  private static final class Moments {
    private long count;
    private double mean;
    private double squares;

    void add(double value) {
      count++;
      double difference = value - mean;
      mean += difference / count;
      squares += difference * (value - mean);
    }

    double variance() {
      return squares / (count - 1);
    }
  }
}
