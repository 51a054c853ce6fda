package parley.gateway.record;

/// Counts what a reader has read.
final class ReadTotals {
  private long srtpPackets;
  private long srtpOctets;
  private long srtcpPackets;
  private long announcements;
  private long gaps;
  private long lostPackets;
  private long firstNanos = Long.MAX_VALUE;
  private long lastNanos = Long.MIN_VALUE;

  void count(Entry entry) {
    switch (entry) {
      case Entry.Announcement announcement -> {
        announcements++;
        seen(announcement.receivedNanos());
      }
      case Entry.Srtp srtp -> {
        srtpPackets++;
        srtpOctets += srtp.octets().remaining();
        seen(srtp.receivedNanos());
      }
      case Entry.Srtcp srtcp -> {
        srtcpPackets++;
        seen(srtcp.receivedNanos());
      }
      case Entry.Gap gap -> {
        gaps++;
        lostPackets += gap.packets();
        seen(gap.firstNanos());
        seen(gap.lastNanos());
      }
      case Entry.End _ -> {}
    }
  }

  private void seen(long nanos) {
    firstNanos = Math.min(firstNanos, nanos);
    lastNanos = Math.max(lastNanos, nanos);
  }

  long srtpPackets() {
    return srtpPackets;
  }

  long srtpOctets() {
    return srtpOctets;
  }

  long srtcpPackets() {
    return srtcpPackets;
  }

  long announcements() {
    return announcements;
  }

  long gaps() {
    return gaps;
  }

  long lostPackets() {
    return lostPackets;
  }

  /// From the first to the last receive time.
  long nanos() {
    return lastNanos < firstNanos ? 0 : lastNanos - firstNanos;
  }
}
