package parley.keys.vault;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import parley.mikey.secret.SecretAccess;
import parley.mikey.secret.SecretBytes;

/// Reads what [RecordWriter] wrote, in the same order.
///
/// The vault has authenticated the octets, so a record that does not fit is another version's or a
/// programmer's error: an `IllegalStateException`.
public final class RecordReader {
  private final ByteBuffer in;

  private RecordReader(byte[] octets) {
    this.in = ByteBuffer.wrap(octets);
  }

  /// Reads `record`, which stays the caller's, from its first octet to its last.
  public static <T extends @Nullable Object> T read(
      SecretBytes record, Function<RecordReader, T> reader) {
    return record.lend(
        SecretAccess.token(),
        octets -> {
          try {
            var in = new RecordReader(octets);
            T value = reader.apply(in);
            if (in.in.hasRemaining()) {
              throw new IllegalStateException(record + " is longer than this version writes it");
            }
            return value;
          } catch (BufferUnderflowException _) {
            throw new IllegalStateException(record + " is shorter than this version writes it");
          }
        });
  }

  public int integer() {
    return in.getInt();
  }

  public long number() {
    return in.getLong();
  }

  public boolean flag() {
    return in.get() != 0;
  }

  public Instant instant() {
    return Instant.ofEpochSecond(number(), integer());
  }

  public String text() {
    return new String(octets(), UTF_8);
  }

  public byte[] octets() {
    int length = integer();
    if (length < 0 || length > in.remaining()) {
      throw new BufferUnderflowException();
    }
    byte[] value = new byte[length];
    in.get(value);
    return value;
  }

  /// A secret of its own, which the caller closes.
  public SecretBytes secret(String label) {
    return SecretBytes.take(octets(), label);
  }
}
