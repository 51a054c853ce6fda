package parley.keys.vault;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import parley.mikey.secret.SecretAccess;
import parley.mikey.secret.SecretBytes;

/// Writes the octets of one vault record, big-endian, strings and octets behind a 4-octet length.
///
/// What it wrote is zeroed by [#close], and whenever the buffer grows. Confined to one thread.
public final class RecordWriter implements AutoCloseable {
  private ByteBuffer out = ByteBuffer.allocate(512);

  public RecordWriter integer(int value) {
    room(Integer.BYTES).putInt(value);
    return this;
  }

  public RecordWriter number(long value) {
    room(Long.BYTES).putLong(value);
    return this;
  }

  public RecordWriter flag(boolean value) {
    room(1).put((byte) (value ? 1 : 0));
    return this;
  }

  /// Seconds and nanoseconds, so that also [Instant#MAX] comes back.
  public RecordWriter instant(Instant value) {
    return number(value.getEpochSecond()).integer(value.getNano());
  }

  public RecordWriter text(String value) {
    return octets(value.getBytes(UTF_8));
  }

  public RecordWriter octets(byte[] value) {
    integer(value.length);
    room(value.length).put(value);
    return this;
  }

  public RecordWriter secret(SecretBytes value) {
    value.lendTo(SecretAccess.token(), this::octets);
    return this;
  }

  /// The record so far; the caller closes it.
  public SecretBytes record(String label) {
    return SecretBytes.take(Arrays.copyOf(out.array(), out.position()), label);
  }

  @Override
  public void close() {
    Arrays.fill(out.array(), (byte) 0);
  }

  private ByteBuffer room(int octets) {
    if (out.remaining() < octets) {
      ByteBuffer larger = ByteBuffer.allocate(2 * out.capacity() + octets);
      larger.put(out.array(), 0, out.position());
      close();
      out = larger;
    }
    return out;
  }
}
