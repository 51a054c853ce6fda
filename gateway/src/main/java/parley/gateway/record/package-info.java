/// Recordings: every talk burst a file, written as received, readable in ten years.
///
/// 1. [parley.gateway.record.Recorder] is called on the event loops; a `BurstFeed` puts each packet
///    into its loop's `PacketRing` or counts it as lost.
/// 2. `RecordingWriter`, one thread, drains the rings; a `BurstWriter` fills the blocks of a
///    `RecordingFile` and has them on the device in time. When the disk fails, `DiskAlarm` and
///    `StallWatch` tell it once, and what finds no room is a gap record.
/// 3. `Blocks` is the layout of the file, [parley.gateway.record.RecordingHeader] what it says of
///    itself, `RecordingDirectory` where it lies.
/// 4. `RecordingReader` reads it, closed or not; [parley.gateway.record.Integrity] tells what was
///    altered.
/// 5. [parley.gateway.record.RecordingExport] unwraps the GSK, opens the packets, checks the
///    announcements again, and puts speech on its timeline: WAV, Ogg or pcapng.
@NullMarked
package parley.gateway.record;

import org.jspecify.annotations.NullMarked;
