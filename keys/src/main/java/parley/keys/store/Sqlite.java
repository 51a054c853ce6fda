package parley.keys.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.EnumSet;
import java.util.Set;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;
import org.sqlite.SQLiteErrorCode;

/// One file on this host: write-ahead log, forced to the device at each commit.
///
/// One connection writes, so writers of this process wait for each other without polling; four read
/// beside it. Another process is kept out by `BEGIN IMMEDIATE`, for the length of a transaction.
final class Sqlite implements Engine {
  private static final int READERS = 4;
  private static final int BUSY_MILLIS = 10_000;
  private static final long WAIT_MILLIS = 60_000;

  private final Path file;
  private final HikariDataSource writers;
  private final HikariDataSource readers;

  private Sqlite(Path file, HikariDataSource writers, HikariDataSource readers) {
    this.file = file;
    this.writers = writers;
    this.readers = readers;
  }

  static Sqlite open(Path file) throws StoreException {
    Path path = file.toAbsolutePath();
    requirePrivate(path);
    HikariDataSource writers = pool(path, SQLiteConfig.TransactionMode.IMMEDIATE, 1);
    return new Sqlite(path, writers, pool(path, SQLiteConfig.TransactionMode.DEFERRED, READERS));
  }

  /// SQLite gives its `-wal` and `-shm` the permissions of the file.
  private static void requirePrivate(Path file) throws StoreException {
    try {
      if (!Files.exists(file)) {
        create(file);
      }
      if (isPosix(file) && isOpenToOthers(Files.getPosixFilePermissions(file))) {
        throw new StoreException(
            "database %s can be read or written by others; take that away with chmod 600 %s"
                .formatted(file, file));
      }
    } catch (IOException e) {
      throw new StoreException(
          "database %s cannot be made or read (%s); check that its directory exists and may be"
                  .formatted(file, reason(e))
              + " written",
          e);
    }
  }

  private static void create(Path file) throws IOException {
    try {
      Files.createFile(file, ownerOnly(file));
    } catch (FileAlreadyExistsException _) {
      // another instance was faster
    }
  }

  private static boolean isOpenToOthers(Set<PosixFilePermission> permissions) {
    var others = EnumSet.copyOf(permissions);
    others.removeAll(PosixFilePermissions.fromString("rwx------"));
    return !others.isEmpty();
  }

  private static boolean isPosix(Path file) {
    return file.getFileSystem().supportedFileAttributeViews().contains("posix");
  }

  private static FileAttribute<?>[] ownerOnly(Path file) {
    return isPosix(file)
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        }
        : new FileAttribute<?>[0];
  }

  private static String reason(IOException e) {
    return switch (e) {
      case NoSuchFileException _ -> "there is no such directory";
      case FileSystemException f when f.getReason() != null -> f.getReason();
      default -> e.getClass().getSimpleName();
    };
  }

  private static HikariDataSource pool(Path file, SQLiteConfig.TransactionMode mode, int most) {
    var sqlite = new SQLiteConfig();
    sqlite.setBusyTimeout(BUSY_MILLIS);
    sqlite.setJournalMode(SQLiteConfig.JournalMode.WAL);
    sqlite.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
    sqlite.enforceForeignKeys(true);
    sqlite.setTransactionMode(mode);
    var source = new SQLiteDataSource(sqlite);
    source.setUrl("jdbc:sqlite:" + file);
    var config = new HikariConfig();
    config.setDataSource(source);
    config.setPoolName("parley-sqlite-" + (most == 1 ? "writer" : "readers"));
    config.setMaximumPoolSize(most);
    config.setAutoCommit(false);
    config.setConnectionTimeout(WAIT_MILLIS);
    config.setMaxLifetime(0);
    config.setInitializationFailTimeout(-1);
    return new HikariDataSource(config);
  }

  @Override
  public HikariDataSource writers() {
    return writers;
  }

  @Override
  public HikariDataSource readers() {
    return readers;
  }

  /// `BEGIN IMMEDIATE` has done it.
  @Override
  public void alone(Connection connection) {}

  @Override
  public Failure meaning(SQLException e) {
    return isBusy(e) ? Failure.CONFLICT : Failure.FINAL;
  }

  /// The low octet of an extended code is the plain one.
  private static boolean isBusy(SQLException e) {
    int code = e.getErrorCode() & 0xff;
    return code == SQLiteErrorCode.SQLITE_BUSY.code || code == SQLiteErrorCode.SQLITE_LOCKED.code;
  }

  @Override
  public StoreException explained(SQLException e) {
    String what =
        isBusy(e)
            ? "another process holds it for too long; stop that one"
            : "%s; check the file, its disk and its permissions".formatted(e.getMessage());
    return new StoreException("database %s failed: %s".formatted(file, what), e);
  }

  @Override
  public String name() {
    return file.toString();
  }
}
