package parley.keys.vault;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/// Counts what is written, and waits for no device.
final class CountingDisk implements Disk {
  long octetsWritten;
  int snapshots;
  int entries;

  @Override
  public byte[] read(Path file, int most) throws IOException {
    return Disk.local().read(file, most);
  }

  @Override
  public void writeNew(Path file, byte[] octets) throws IOException {
    octetsWritten += octets.length;
    snapshots++;
    Files.write(file, octets);
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
  }

  @Override
  public void syncDirectory(Path directory) {}

  @Override
  public void append(Path file, long at, byte[] octets) throws IOException {
    octetsWritten += octets.length;
    entries++;
    try (var out = new RandomAccessFile(file.toFile(), "rw")) {
      out.seek(at);
      out.write(octets);
    }
  }

  @Override
  public void cut(Path file, long at) throws IOException {
    Disk.local().cut(file, at);
  }

  @Override
  public void delete(Path file) throws IOException {
    Disk.local().delete(file);
  }
}
