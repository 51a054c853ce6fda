package parley.keys.vault;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;

/// The local disk, until the chosen moment of a write: there the process "dies".
final class FailingDisk implements Disk {
  enum Moment {
    BEFORE_WRITE,
    HALF_WRITTEN,
    WRITTEN,
    RENAMED,
    SYNCED
  }

  Moment dieAt = Moment.SYNCED;
  boolean armed;

  @Override
  public void writeNew(Path file, byte[] octets) throws IOException {
    dieIf(Moment.BEFORE_WRITE);
    if (armed && dieAt == Moment.HALF_WRITTEN) {
      Disk.local().writeNew(file, Arrays.copyOf(octets, octets.length / 2));
    }
    dieIf(Moment.HALF_WRITTEN);
    Disk.local().writeNew(file, octets);
    dieIf(Moment.WRITTEN);
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    Disk.local().rename(from, to);
    dieIf(Moment.RENAMED);
  }

  @Override
  public void syncDirectory(Path directory) throws IOException {
    Disk.local().syncDirectory(directory);
    dieIf(Moment.SYNCED);
  }

  private void dieIf(Moment moment) throws IOException {
    if (armed && dieAt == moment) {
      throw new IOException("died " + moment);
    }
  }
}
