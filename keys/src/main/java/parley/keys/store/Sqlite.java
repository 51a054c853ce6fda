package parley.keys.store;

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
import java.sql.Statement;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;
import org.sqlite.SQLiteErrorCode;

/// One file on this host: write-ahead log, forced to the device at each commit.
///
/// One connection writes, so writers of this process wait for each other in their order; four read
/// beside it. Another process is kept out by `BEGIN IMMEDIATE`, for the length of a transaction.
/// The statements that begin and end a transaction are ours: the driver would begin the next one
/// with the commit, and so keep the other process out for ever.
final class Sqlite implements Engine {
  private static final int READERS = 4;
  private static final int BUSY_MILLIS = 10_000;
  private static final int WAIT_SECONDS = 60;

  private final Path file;
  private final List<Connection> all = new ArrayList<>();
  private final BlockingQueue<Connection> writers = new ArrayBlockingQueue<>(1, true);
  private final BlockingQueue<Connection> readers = new ArrayBlockingQueue<>(READERS, true);

  private Sqlite(Path file) {
    this.file = file;
  }

  static Sqlite open(Path file) throws StoreException {
    Path path = file.toAbsolutePath();
    requirePrivate(path);
    var opened = new Sqlite(path);
    try {
      opened.connect();
      return opened;
    } catch (SQLException e) {
      opened.close();
      throw opened.explained(e);
    }
  }

  private void connect() throws SQLException {
    writers.add(patiently());
    for (int i = 0; i < READERS; i++) {
      Connection reader = patiently();
      run(reader, "PRAGMA query_only = ON");
      readers.add(reader);
    }
  }

  /// The first instance turns the write-ahead log on, and SQLite does not let others wait for that.
  private Connection patiently() throws SQLException {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(BUSY_MILLIS);
    while (true) {
      try {
        Connection connection = source().getConnection();
        all.add(connection);
        return connection;
      } catch (SQLException e) {
        if (!isBusy(e) || System.nanoTime() > end) {
          throw e;
        }
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
      }
    }
  }

  private SQLiteDataSource source() {
    var sqlite = new SQLiteConfig();
    sqlite.setBusyTimeout(BUSY_MILLIS);
    sqlite.setJournalMode(SQLiteConfig.JournalMode.WAL);
    sqlite.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
    sqlite.enforceForeignKeys(true);
    var source = new SQLiteDataSource(sqlite);
    source.setUrl("jdbc:sqlite:" + file);
    return source;
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

  @Override
  public Connection toWrite() throws SQLException {
    return begun(writers, "BEGIN IMMEDIATE");
  }

  @Override
  public Connection toRead() throws SQLException {
    return begun(readers, "BEGIN");
  }

  private Connection begun(BlockingQueue<Connection> queue, String begin) throws SQLException {
    Connection connection = taken(queue);
    boolean done = false;
    try {
      run(connection, begin);
      done = true;
      return connection;
    } finally {
      if (!done) {
        queue.add(connection);
      }
    }
  }

  private static Connection taken(BlockingQueue<Connection> queue) throws SQLException {
    try {
      Connection connection = queue.poll(WAIT_SECONDS, TimeUnit.SECONDS);
      if (connection == null) {
        throw new SQLException("no connection became free; it is overloaded");
      }
      return connection;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SQLException("the thread was told to end", e);
    }
  }

  private static void run(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Override
  public void commit(Connection connection) throws SQLException {
    run(connection, "COMMIT");
  }

  @Override
  public void rollBack(Connection connection) {
    try {
      run(connection, "ROLLBACK");
    } catch (SQLException _) {
      // SQLite has rolled back by itself, as it does when the disk is full
    }
  }

  @Override
  public void release(Connection connection) {
    (connection.equals(all.getFirst()) ? writers : readers).add(connection);
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

  @Override
  public void close() {
    for (Connection connection : all) {
      try {
        connection.close();
      } catch (SQLException _) {
        // what was committed is in the file
      }
    }
  }
}
