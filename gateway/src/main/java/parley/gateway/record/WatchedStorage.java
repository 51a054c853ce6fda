package parley.gateway.record;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.OptionalLong;

/// A storage that says how long the disk has been keeping the writer waiting, so that another
/// thread can tell when the writer is stuck in it.
final class WatchedStorage implements RecordingStorage {
  private static final long IDLE = Long.MIN_VALUE;

  private final RecordingStorage disk;
  private volatile long busySinceNanos = IDLE;

  WatchedStorage(RecordingStorage disk) {
    this.disk = disk;
  }

  private interface Work<T> {
    T run() throws IOException;
  }

  /// 0 while nothing is asked of the disk; any thread.
  long waitingNanos() {
    long since = busySinceNanos;
    return since == IDLE ? 0 : Math.max(0, System.nanoTime() - since);
  }

  private <T> T watch(Work<T> work) throws IOException {
    busySinceNanos = System.nanoTime();
    try {
      return work.run();
    } finally {
      busySinceNanos = IDLE;
    }
  }

  @Override
  public Sink create(RecordingHeader header) throws IOException {
    Sink sink = watch(() -> disk.create(header));
    return new Sink() {
      @Override
      public Path path() {
        return sink.path();
      }

      @Override
      public boolean isInPlace() throws IOException {
        return watch(sink::isInPlace);
      }

      @Override
      public void write(ByteBuffer octets, long position) throws IOException {
        watch(() -> {
          sink.write(octets, position);
          return sink;
        });
      }

      @Override
      public void close() {
        sink.close();
      }
    };
  }

  @Override
  public OptionalLong freeOctets() throws IOException {
    return watch(disk::freeOctets);
  }
}
