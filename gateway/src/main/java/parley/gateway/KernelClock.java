package parley.gateway;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/// Asks Linux for the state of its clock discipline (adjtimex(2), changing nothing).
///
/// NTP, chrony and systemd-timesyncd all clear STA_UNSYNC while they have a reference; the kernel
/// sets it again by itself when they have been silent for long.
final class KernelClock {
  /// `struct timex` on 64-bit Linux: `status` is an int behind modes and four longs.
  private static final long TIMEX_OCTETS = 208;

  private static final long STATUS_OFFSET = 40;
  private static final int STA_UNSYNC = 0x0040;
  private static final int TIME_ERROR = 5;
  private static final @Nullable MethodHandle ADJTIMEX = adjtimex();

  private KernelClock() {}

  private static @Nullable MethodHandle adjtimex() {
    if (!System.getProperty("os.name").equals("Linux") || ValueLayout.ADDRESS.byteSize() != 8) {
      return null;
    }
    Linker linker = Linker.nativeLinker();
    return linker
        .defaultLookup()
        .find("adjtimex")
        .map(function ->
            linker.downcallHandle(
                function, FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS)))
        .orElse(null);
  }

  static ClockSync.State state() {
    MethodHandle adjtimex = ADJTIMEX;
    if (adjtimex == null) {
      return ClockSync.State.UNKNOWN;
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment timex = arena.allocate(TIMEX_OCTETS, Long.BYTES);
      int answer = (int) adjtimex.invokeExact(timex);
      if (answer < 0) {
        return ClockSync.State.UNKNOWN; // a sandbox forbids the question
      }
      int status = timex.get(ValueLayout.JAVA_INT, STATUS_OFFSET);
      return answer == TIME_ERROR || (status & STA_UNSYNC) != 0
          ? ClockSync.State.UNSYNCHRONISED
          : ClockSync.State.SYNCHRONISED;
    } catch (Throwable t) {
      throw new IllegalStateException("adjtimex cannot be called", t);
    }
  }
}
