package parley.gateway.record;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/// What is wrong with the disk of recordings, told once when it begins and once when it is over,
/// however many recordings it hits. Confined to the writer thread.
final class DiskAlarm {
  private final RecorderEvents events;
  private final long warnBelowOctets;
  private final LongSupplier lostPackets;
  private boolean failing;
  private boolean worksAgain;
  private boolean low;
  private long lostBefore;

  /// @param lostPackets of the whole recorder so far
  DiskAlarm(RecorderEvents events, long warnBelowOctets, LongSupplier lostPackets) {
    this.events = events;
    this.warnBelowOctets = warnBelowOctets;
    this.lostPackets = lostPackets;
  }

  /// A recording could not be written.
  void failed(IOException e) {
    worksAgain = false;
    if (!failing) {
      failing = true;
      lostBefore = lostPackets.getAsLong();
      events.diskFailed(sentence(e));
    }
  }

  /// A recording was written.
  void succeeded() {
    worksAgain = true;
  }

  /// After each round over all recordings.
  void judge(int failingRecordings) {
    if (failing && worksAgain && failingRecordings == 0) {
      failing = false;
      events.diskRecovered(lostPackets.getAsLong() - lostBefore);
    }
  }

  /// Over only when a tenth more than the bound is free, so that it does not flutter.
  void free(OptionalLong octets) {
    if (octets.isEmpty()) {
      return;
    }
    long free = octets.getAsLong();
    if (!low && free < warnBelowOctets) {
      low = true;
      events.diskLow(free, warnBelowOctets);
    } else if (low && free >= warnBelowOctets + warnBelowOctets / 10) {
      low = false;
      events.diskLowOver(free);
    }
  }

  static String sentence(IOException e) {
    String what = String.valueOf(e.getMessage());
    return "%s; %s; relaying goes on and writing is tried again".formatted(what, advice(e));
  }

  private static String advice(IOException e) {
    String reason =
        e instanceof FileSystemException file && file.getReason() != null
            ? file.getReason()
            : String.valueOf(e.getMessage());
    String lower = reason.toLowerCase(Locale.ROOT);
    if (lower.contains("no space") || lower.contains("quota")) {
      return "move or delete old recordings, or enlarge the disk";
    }
    if (lower.contains("read-only")) {
      return "look for disk errors in the kernel's log, repair the disk and mount it writable";
    }
    if (lower.contains("is gone")) {
      return "mount it again";
    }
    return "look at the disk and at who owns the directory";
  }
}
