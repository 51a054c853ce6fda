package parley.mikey.identity;

import java.nio.ByteBuffer;
import java.time.Instant;

/// The T of a message: 32 bits of seconds since 1900, 32 bits of fraction, big-endian (RFC 3830,
/// 6.6).
///
/// The seconds wrap on 2036-02-07. By the rule of RFC 4330, 3 a set top bit means 1968 to 2036 and
/// a clear one 2036 to 2104; so timestamps in their order in time are signed integers in their
/// order.
public record NtpTimestamp(long bits) implements Comparable<NtpTimestamp> {
  /// Seconds from 1900-01-01 to 1970-01-01.
  private static final long UNIX_EPOCH = 2_208_988_800L;

  private static final long ERA = 1L << 32;
  private static final long FIRST_SECOND = ERA >> 1;
  private static final long LAST_SECOND = ERA + (ERA >> 1) - 1;
  private static final long NANOS = 1_000_000_000L;

  /// Rounded up to the next 2^-32 s, so that [#toInstant()] gives `instant` back.
  ///
  /// @throws IllegalArgumentException outside 1968-01-20 to 2104-02-26
  public static NtpTimestamp of(Instant instant) {
    long seconds = instant.getEpochSecond() + UNIX_EPOCH;
    if (seconds < FIRST_SECOND || seconds > LAST_SECOND) {
      throw new IllegalArgumentException(instant + " has no NTP timestamp (1968 to 2104)");
    }
    long fraction = ((long) instant.getNano() << 32) / NANOS;
    long exact = fraction * NANOS == (long) instant.getNano() << 32 ? fraction : fraction + 1;
    return new NtpTimestamp(seconds << 32 | exact);
  }

  /// Seconds since 1900, counted through the wrap of 2036.
  public long ntpSeconds() {
    long seconds = bits >>> 32;
    return seconds < FIRST_SECOND ? seconds + ERA : seconds;
  }

  public Instant toInstant() {
    long nanos = ((bits & 0xFFFF_FFFFL) * NANOS) >>> 32;
    return Instant.ofEpochSecond(ntpSeconds() - UNIX_EPOCH, nanos);
  }

  /// Whether this is later than `instant`, be it by 2^-32 s, which [#toInstant()] cannot show.
  public boolean isAfter(Instant instant) {
    long unixSeconds = ntpSeconds() - UNIX_EPOCH;
    return unixSeconds == instant.getEpochSecond()
        ? (bits & 0xFFFF_FFFFL) * NANOS > (long) instant.getNano() << 32
        : unixSeconds > instant.getEpochSecond();
  }

  /// The 8 octets of the wire.
  public byte[] octets() {
    return ByteBuffer.allocate(Long.BYTES).putLong(bits).array();
  }

  /// This timestamp, or the one just after `previous` where this is not later: never twice the same
  /// T.
  ///
  /// @throws ArithmeticException at the end of time in 2104
  public NtpTimestamp after(NtpTimestamp previous) {
    return compareTo(previous) > 0 ? this : new NtpTimestamp(Math.addExact(previous.bits, 1));
  }

  @Override
  public int compareTo(NtpTimestamp other) {
    return Long.compare(bits, other.bits);
  }

  @Override
  public String toString() {
    return toInstant().toString();
  }
}
