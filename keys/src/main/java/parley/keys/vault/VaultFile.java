package parley.keys.vault;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The file of a vault on its disk: replaced whole, or made longer by one entry.
///
/// Knows what the disk holds. Where it cannot know any more, it refuses all further writes until
/// the vault is opened again. The vault's lock guards it.
final class VaultFile {
  /// Snapshot and journal, each within the limit of the content.
  private static final int MOST_OCTETS = 2 * VaultSnapshot.MOST_OCTETS;

  private final Path path;
  private final Disk disk;
  private boolean settled = true;
  private boolean cleared;
  private long end;
  private long size;
  private @Nullable Object identity;

  VaultFile(Path path, Disk disk) {
    this.path = path;
    this.disk = disk;
  }

  Path path() {
    return path;
  }

  /// All its octets, read in one pass, so beside a writer they are what stood there at some moment
  /// or a beginning of it.
  byte[] read() throws VaultException {
    try {
      identity = attributes().fileKey();
      byte[] octets = disk.read(path, MOST_OCTETS + 1);
      if (octets.length > MOST_OCTETS) {
        throw damaged("it is over 128 MiB");
      }
      size = octets.length;
      return octets;
    } catch (IOException e) {
      throw new VaultException(
          "vault %s cannot be read (%s); check its permissions".formatted(path, Disk.reason(e)), e);
    }
  }

  /// What was read is whole up to `end`; what lies behind is cut off before the next write.
  void wholeUntil(long end) {
    this.end = end;
  }

  /// False when something else lies at this path now than was left there: another file, or one of
  /// another size. What is appended to that would be lost.
  boolean isAsLeft() {
    try {
      BasicFileAttributes now = attributes();
      return now.size() == size && Objects.equals(now.fileKey(), identity);
    } catch (IOException _) {
      return false;
    }
  }

  /// Refuses when a failed write left it unknown what the disk has.
  void requireSettled() throws VaultException {
    if (!settled) {
      throw new VaultException(
          "vault %s has an unfinished write; restart to read what the disk has".formatted(path));
    }
  }

  /// Puts `octets` in the place of the file. Until the rename begins the old file stands, so a
  /// failure costs nothing. From there to the directory's fsync nobody knows which of the two a
  /// crash would leave.
  void replace(byte[] octets) throws VaultException {
    requireSettled();
    try {
      disk.writeNew(temporary(), octets);
      settled = false;
      disk.rename(temporary(), path);
      disk.syncDirectory(path.resolveSibling(""));
      identity = attributes().fileKey();
    } catch (IOException e) {
      throw cannotBeWritten(e);
    }
    settled = true;
    cleared = true;
    end = octets.length;
    size = end;
  }

  /// Writes `entry` behind the whole part and forces it to the device. After a failure the file is
  /// cut back to where it was; if that fails too, nobody knows how much of the entry a crash would
  /// leave.
  void append(byte[] entry) throws VaultException {
    requireSettled();
    clear();
    settled = false;
    try {
      disk.append(path, end, entry);
      settled = true;
    } catch (IOException e) {
      takeBack(e);
      throw cannotBeWritten(e);
    }
    end += entry.length;
    size = end;
  }

  /// Removes what an interrupted write before this process left behind.
  private void clear() throws VaultException {
    if (cleared) {
      return;
    }
    try {
      disk.delete(temporary());
      if (size > end) {
        disk.cut(path, end);
        size = end;
      }
      cleared = true;
    } catch (IOException e) {
      throw cannotBeWritten(e);
    }
  }

  private void takeBack(IOException why) {
    try {
      disk.cut(path, end);
      settled = true;
    } catch (IOException e) {
      why.addSuppressed(e);
    }
  }

  private Path temporary() {
    return path.resolveSibling(path.getFileName() + ".new");
  }

  private BasicFileAttributes attributes() throws IOException {
    return Files.readAttributes(path, BasicFileAttributes.class);
  }

  private VaultException cannotBeWritten(IOException e) {
    return new VaultException(
        "vault %s cannot be written (%s); free space or correct its permissions"
            .formatted(path, Disk.reason(e)),
        e);
  }

  VaultException damaged(String what) {
    return new VaultException(
        "vault %s is damaged: %s; put back a copy that opens".formatted(path, what));
  }
}
