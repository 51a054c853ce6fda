package parley.gateway.record;

/// A recorder at one moment, for metrics and health. Counts run from the recorder's start.
///
/// @param queuedOctets waiting in all queues to the writer, of `queueCapacityOctets`
/// @param openRecordings bursts being recorded, of which `failingRecordings` cannot be written now
/// @param recordedPackets that are safely on the device: SRTP, SRTCP and announcements
/// @param lostPackets that reached no file, by full queue or disk
/// @param diskErrors attempts to write that failed
/// @param unsealedRecordings bursts whose end could not be written
/// @param continuations files that go on where another was taken away
/// @param waitingNanos for how long the disk has been keeping the writer waiting; 0 for not at all
/// @param freeOctets on the disk, -1 before it was asked and where nobody can tell
public record RecorderStatus(
    long queuedOctets,
    long queueCapacityOctets,
    int openRecordings,
    int failingRecordings,
    long closedRecordings,
    long unsealedRecordings,
    long recordedPackets,
    long lostPackets,
    long lostOctets,
    long diskErrors,
    long continuations,
    long waitingNanos,
    long freeOctets) {}
