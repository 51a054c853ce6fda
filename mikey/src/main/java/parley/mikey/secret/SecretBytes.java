package parley.mikey.secret;

import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Secret octets with an owner who closes them.
///
/// The octets are a private copy; `close()` zeroes it, and nothing but [#lend] gives them out.
/// Neither `toString` nor any exception shows them. Thread-safe.
///
/// What Java cannot promise: the garbage collector may have copied the array before it was zeroed,
/// and a cipher provider or a `BigInteger` that saw the octets keeps its own copy.
public final class SecretBytes implements AutoCloseable {
  private final byte[] octets;
  private final String label;
  private boolean closed;

  private SecretBytes(byte[] octets, String label) {
    this.octets = octets;
    this.label = Objects.requireNonNull(label);
  }

  /// Copies `octets`, which stay the caller's. The label says what this is ("GMK 00c0ffee"); it is
  /// printed.
  public static SecretBytes copyOf(byte[] octets, String label) {
    return new SecretBytes(octets.clone(), label);
  }

  /// Copies `octets`, then zeroes the caller's array.
  public static SecretBytes take(byte[] octets, String label) {
    var secret = new SecretBytes(octets.clone(), label);
    Arrays.fill(octets, (byte) 0);
    return secret;
  }

  public static SecretBytes random(int length, SecureRandom random, String label) {
    var octets = new byte[length];
    random.nextBytes(octets);
    return new SecretBytes(octets, label);
  }

  public int length() {
    return octets.length;
  }

  public String label() {
    return label;
  }

  public synchronized boolean isClosed() {
    return closed;
  }

  /// Gives `reader` a copy for the length of one call and zeroes it afterwards, so an array that
  /// the reader keeps or returns holds zeros, and one that it overwrites changes nothing here.
  ///
  /// @throws IllegalStateException once closed
  public <T extends @Nullable Object> T lend(SecretAccess who, Function<byte[], T> reader) {
    Objects.requireNonNull(who);
    byte[] lent = copy();
    try {
      return reader.apply(lent);
    } finally {
      Arrays.fill(lent, (byte) 0);
    }
  }

  /// As [#lend], for a reader without a result.
  public void lendTo(SecretAccess who, Consumer<byte[]> reader) {
    Objects.requireNonNull(who);
    byte[] lent = copy();
    try {
      reader.accept(lent);
    } finally {
      Arrays.fill(lent, (byte) 0);
    }
  }

  /// A second, independent secret of the same octets; the caller closes it.
  public SecretBytes duplicate() {
    return new SecretBytes(copy(), label);
  }

  private synchronized byte[] copy() {
    if (closed) {
      throw new IllegalStateException(this + " is closed");
    }
    return octets.clone();
  }

  @Override
  public synchronized void close() {
    closed = true;
    Arrays.fill(octets, (byte) 0);
  }

  /// Compares the octets in constant time; the label does not matter. A closed secret equals only
  /// itself.
  @Override
  public boolean equals(@Nullable Object other) {
    if (this == other) {
      return true;
    }
    if (!(other instanceof SecretBytes that) || isClosed() || that.isClosed()) {
      return false;
    }
    byte[] theirs = that.copy();
    byte[] ours = copy();
    try {
      return MessageDigest.isEqual(ours, theirs);
    } finally {
      Arrays.fill(ours, (byte) 0);
      Arrays.fill(theirs, (byte) 0);
    }
  }

  /// From the length alone: a hash of the octets would be a way to learn them.
  @Override
  public int hashCode() {
    return octets.length;
  }

  @Override
  public String toString() {
    return "SecretBytes[" + label + ", " + octets.length + " octets]";
  }
}
