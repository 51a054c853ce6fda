package parley.gateway.record;

/// What one file of a recording holds, for its end record; counts of packets but `srtpOctets`.
record RecordedCounts(
    long srtpPackets, long srtpOctets, long srtcpPackets, long announcements, long lostPackets) {
  static final RecordedCounts NONE = new RecordedCounts(0, 0, 0, 0, 0);

  RecordedCounts plus(RecordedCounts more) {
    return new RecordedCounts(
        srtpPackets + more.srtpPackets,
        srtpOctets + more.srtpOctets,
        srtcpPackets + more.srtcpPackets,
        announcements + more.announcements,
        lostPackets + more.lostPackets);
  }

  /// SRTP, SRTCP and announcements.
  long packets() {
    return srtpPackets + srtcpPackets + announcements;
  }
}
