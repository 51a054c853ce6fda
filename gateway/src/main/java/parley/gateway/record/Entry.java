package parley.gateway.record;

import java.nio.ByteBuffer;

/// One record of a recording, in the order in which it was received. Times are Unix nanoseconds;
/// buffers are read-only and valid until the reader moves on to another block.
sealed interface Entry {
  /// An announcement that belongs to this burst, as it came.
  record Announcement(long receivedNanos, ByteBuffer octets) implements Entry {}

  /// @param index the 48-bit index under which the gateway authenticated it
  record Srtp(long receivedNanos, long index, ByteBuffer octets) implements Entry {}

  record Srtcp(long receivedNanos, ByteBuffer octets) implements Entry {}

  /// Packets that were received and could not be recorded.
  record Gap(long firstNanos, long lastNanos, long packets, long octets, GapCause cause)
      implements Entry {}

  /// The burst's end and what this file holds.
  record End(
      String reason,
      String ended,
      long srtpPackets,
      long srtpOctets,
      long srtcpPackets,
      long announcements,
      long lostPackets)
      implements Entry {
    End(String reason, String ended, RecordedCounts counts) {
      this(
          reason,
          ended,
          counts.srtpPackets(),
          counts.srtpOctets(),
          counts.srtcpPackets(),
          counts.announcements(),
          counts.lostPackets());
    }

    Fields fields() {
      return new Fields()
          .put("reason", reason)
          .put("ended", ended)
          .put("srtp-packets", srtpPackets)
          .put("srtp-octets", srtpOctets)
          .put("srtcp-packets", srtcpPackets)
          .put("announcements", announcements)
          .put("lost-packets", lostPackets);
    }

    static End of(Fields fields) throws NotARecording {
      return new End(
          fields.text("reason"),
          fields.text("ended"),
          fields.number("srtp-packets"),
          fields.number("srtp-octets"),
          fields.number("srtcp-packets"),
          fields.number("announcements"),
          fields.number("lost-packets"));
    }
  }
}
