package parley.mikey.secret;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Secret octets with an owner who closes them.
///
/// The octets are a private copy in native memory, which no garbage collector copies and no heap
/// dump holds; `close()` zeroes it, and nothing but [#lend] gives them out. Of an owner who forgot
/// to close, they are zeroed when the garbage collector finds out. Neither `toString` nor any
/// exception shows them. Thread-safe.
///
/// What Java cannot promise: the garbage collector may have copied a lent array before it was
/// zeroed, and a cipher provider or a `BigInteger` that saw the octets keeps its own copy.
public final class SecretBytes implements AutoCloseable {
  private static final Cleaner CLEANER = Cleaner.create();

  private final SecretMemory.Cell cell;
  private final Cleaner.Cleanable cleanable;
  private final int length;
  private final String label;
  private boolean closed;

  /// Copies `octets`, which stay the caller's.
  private SecretBytes(byte[] octets, String label) {
    this.label = Objects.requireNonNull(label);
    length = octets.length;
    cell = SecretMemory.take(length);
    MemorySegment.copy(octets, 0, cell.memory(), ValueLayout.JAVA_BYTE, 0, length);
    cleanable = CLEANER.register(this, cell);
  }

  /// Copies `octets`, which stay the caller's. The label says what this is ("GMK 00c0ffee"); it is
  /// printed.
  public static SecretBytes copyOf(byte[] octets, String label) {
    return new SecretBytes(octets, label);
  }

  /// Copies `octets`, then zeroes the caller's array.
  public static SecretBytes take(byte[] octets, String label) {
    var secret = new SecretBytes(octets, label);
    Arrays.fill(octets, (byte) 0);
    return secret;
  }

  public static SecretBytes random(int length, SecureRandom random, String label) {
    var octets = new byte[length];
    random.nextBytes(octets);
    return take(octets, label);
  }

  public int length() {
    return length;
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
    return take(copy(), label);
  }

  private synchronized byte[] copy() {
    if (closed) {
      throw new IllegalStateException(this + " is closed");
    }
    try {
      byte[] octets = new byte[length];
      MemorySegment.copy(cell.memory(), ValueLayout.JAVA_BYTE, 0, octets, 0, length);
      return octets;
    } finally {
      Reference.reachabilityFence(this); // else the cleaner may come in the middle
    }
  }

  /// Where the octets are until this is closed; for tests of that alone.
  SecretMemory.Cell cell() {
    return cell;
  }

  @Override
  public synchronized void close() {
    closed = true;
    cleanable.clean();
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
    return length;
  }

  @Override
  public String toString() {
    return "SecretBytes[" + label + ", " + length + " octets]";
  }
}
