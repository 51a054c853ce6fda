package parley.keys.vault;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;

/// The local disk, until chosen moments of a write: there the disk fails, or the process "dies".
final class FailingDisk implements Disk {
  enum Moment {
    BEFORE_WRITE,
    HALF_WRITTEN,
    WRITTEN,
    RENAMED,
    SYNCED,
    BEFORE_APPEND,
    HALF_APPENDED,
    /// Written, but the fsync failed.
    APPENDED,
    BEFORE_CUT,
    /// Cut, but the fsync failed.
    CUT
  }

  private final Set<Moment> failing = EnumSet.noneOf(Moment.class);

  void failAt(Moment... moments) {
    failing.addAll(Arrays.asList(moments));
  }

  void mend() {
    failing.clear();
  }

  @Override
  public byte[] read(Path file, int most) throws IOException {
    return Disk.local().read(file, most);
  }

  @Override
  public void writeNew(Path file, byte[] octets) throws IOException {
    failIf(Moment.BEFORE_WRITE);
    if (failing.contains(Moment.HALF_WRITTEN)) {
      Disk.local().writeNew(file, Arrays.copyOf(octets, octets.length / 2));
    }
    failIf(Moment.HALF_WRITTEN);
    Disk.local().writeNew(file, octets);
    failIf(Moment.WRITTEN);
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    Disk.local().rename(from, to);
    failIf(Moment.RENAMED);
  }

  @Override
  public void syncDirectory(Path directory) throws IOException {
    Disk.local().syncDirectory(directory);
    failIf(Moment.SYNCED);
  }

  @Override
  public void append(Path file, long at, byte[] octets) throws IOException {
    failIf(Moment.BEFORE_APPEND);
    if (failing.contains(Moment.HALF_APPENDED)) {
      Disk.local().append(file, at, Arrays.copyOf(octets, octets.length / 2));
    }
    failIf(Moment.HALF_APPENDED);
    Disk.local().append(file, at, octets);
    failIf(Moment.APPENDED);
  }

  @Override
  public void cut(Path file, long at) throws IOException {
    failIf(Moment.BEFORE_CUT);
    Disk.local().cut(file, at);
    failIf(Moment.CUT);
  }

  @Override
  public void delete(Path file) throws IOException {
    Disk.local().delete(file);
  }

  private void failIf(Moment moment) throws IOException {
    if (failing.contains(moment)) {
      throw new IOException("died " + moment);
    }
  }
}
