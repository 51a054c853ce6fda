package parley.mikey;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import parley.mikey.message.MalformedMessage;

/// What every reader of hostile octets promises, whatever they are.
public final class Reading {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /// Far more than any message needs, far less than a length field could claim.
  private static final long MOST_BYTES = 1 << 20;

  /// Reads octets, or throws why not.
  @FunctionalInterface
  public interface Reader {
    void read(byte[] octets) throws MalformedMessage;
  }

  private Reading() {}

  /// Whether they are read; else the refusal names a clause, an offset inside and one short phrase.
  /// Either way little memory is taken.
  public static boolean succeeds(byte[] octets, Reader reader) {
    long before = THREADS.getCurrentThreadAllocatedBytes();
    boolean isRead = isRead(octets, reader);
    if (THREADS.getCurrentThreadAllocatedBytes() - before > MOST_BYTES + 2L * octets.length) {
      // the first time classes may have been loaded
      before = THREADS.getCurrentThreadAllocatedBytes();
      assertThat(isRead(octets, reader)).isEqualTo(isRead);
      assertThat(THREADS.getCurrentThreadAllocatedBytes() - before)
          .isLessThanOrEqualTo(MOST_BYTES + 2L * octets.length);
    }
    return isRead;
  }

  private static boolean isRead(byte[] octets, Reader reader) {
    try {
      reader.read(octets);
      return true;
    } catch (MalformedMessage e) {
      assertThat(e.clause()).isNotBlank();
      assertThat(e.offset()).isBetween(0, octets.length);
      assertThat(e.text()).hasSizeBetween(1, 100);
      assertThat(e.getStackTrace()).isEmpty();
      return false;
    }
  }
}
