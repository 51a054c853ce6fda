package parley.keys.audit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Notes administrative acts at the end of a chain of hashes, each on the disk before [#note]
/// returns.
///
/// After a kill the last line may be torn: it is cut off, and a line says so and keeps its text.
/// After a failed write the next note repairs the end first. A file that was altered is put aside,
/// and a new chain says where it is. Any thread.
public final class AuditLog implements AuditTrail, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AuditLog.class);
  private static final long MAX_FILE_OCTETS = 16L << 20;

  private final AuditFiles files;
  private final InstantSource clock;
  private final AuditFile.Opener opener;
  private final long maxFileOctets;
  private final AtomicLong failures = new AtomicLong();
  private @Nullable AuditFile file;
  private long length;
  private long n;
  private String head = AuditLine.NOTHING_BEFORE;
  private boolean isDirty;
  private boolean isClosed;
  private long sealed;

  private AuditLog(Path file, InstantSource clock, AuditFile.Opener opener, long maxFileOctets) {
    this.files = new AuditFiles(file);
    this.clock = clock;
    this.opener = opener;
    this.maxFileOctets = maxFileOctets;
  }

  /// Reads what is there; makes nothing before the first note, so that a gateway that cannot start
  /// leaves no trace.
  ///
  /// @throws IOException with one sentence when what is there cannot be read
  public static AuditLog open(Path file, InstantSource clock) throws IOException {
    return open(file, clock, AuditFile::open, MAX_FILE_OCTETS);
  }

  static AuditLog open(Path file, InstantSource clock, AuditFile.Opener opener, long maxFileOctets)
      throws IOException {
    var log = new AuditLog(file, clock, opener, maxFileOctets);
    log.findEnd();
    return log;
  }

  /// The last good line, in whichever file it is.
  private void findEnd() throws IOException {
    for (Path candidate : files.latestFirst()) {
      List<AuditLine> lines = AuditReader.read(List.of(candidate)).lines();
      if (!lines.isEmpty()) {
        n = lines.getLast().n();
        head = lines.getLast().hash();
        return;
      }
    }
  }

  /// @throws UncheckedIOException when it is not on the disk; the act is not to be done then
  @Override
  public synchronized void note(String actor, String act, String target, String outcome) {
    try {
      prepare();
      append(line(actor, act, target, outcome));
    } catch (IOException e) {
      failures.incrementAndGet();
      throw new UncheckedIOException(
          "the audit log %s cannot be written: %s".formatted(files.file(), e.getMessage()), e);
    }
  }

  private AuditLine line(String actor, String act, String target, String outcome) {
    return new AuditLine(
        n + 1, clock.instant().truncatedTo(ChronoUnit.MICROS), actor, act, target, outcome, head);
  }

  private void prepare() throws IOException {
    if (isClosed) {
      throw new IOException("it is closed");
    }
    if (file == null) {
      files.makeFolder();
      file = opener.open(files.file());
      recover();
    } else if (isDirty) {
      file.truncate(length);
      isDirty = false;
    }
    if (length >= maxFileOctets) {
      rotate();
    }
  }

  private AuditFile open() {
    if (file == null) {
      throw new IllegalStateException("prepare() opens it");
    }
    return file;
  }

  private void append(AuditLine line) throws IOException {
    byte[] octets = line.octets();
    isDirty = true;
    open().append(octets);
    isDirty = false;
    length += octets.length;
    n = line.n();
    head = line.hash();
  }

  /// What a kill, or somebody else, has left of the present file.
  private void recover() throws IOException {
    length = 0;
    isDirty = false;
    findEnd();
    if (Files.size(files.file()) == 0) {
      return;
    }
    AuditReport report = AuditReader.read(List.of(files.file()));
    if (!report.isUnaltered()) {
      beginAnew(report);
      return;
    }
    byte[] octets = Files.readAllBytes(files.file());
    length = (long) octets.length - report.torn();
    if (report.torn() > 0) {
      byte[] torn = Arrays.copyOfRange(octets, (int) length, octets.length);
      open().truncate(length);
      String kept = new String(torn, StandardCharsets.ISO_8859_1);
      LOG.warn("the audit log ended within a line, which was never answered for: {}", kept);
      append(
          line(
              AuditLine.LOG_ITSELF,
              "recover",
              "",
              "cut off a line that was never completed: " + kept));
    }
  }

  private void beginAnew(AuditReport report) throws IOException {
    open().close();
    file = null;
    Path aside = files.putAside();
    String damage = report.damages().getFirst();
    LOG.error(
        "the audit log was altered; it is kept as {} and a new one begins: {}", aside, damage);
    file = opener.open(files.file());
    n = 0;
    head = AuditLine.NOTHING_BEFORE;
    append(line(AuditLine.LOG_ITSELF, "begin anew", aside.getFileName().toString(), damage));
  }

  private void rotate() throws IOException {
    open().close();
    file = null;
    files.putAside();
    file = opener.open(files.file());
    length = 0;
  }

  /// Signs the head, unless nothing was noted since the last seal. A seal that cannot be made is
  /// logged: what was noted is still in the chain.
  public synchronized void seal(Seal.Signer signer) {
    if (n == sealed || file == null || isClosed) {
      return;
    }
    try {
      prepare();
      append(Seal.line(n + 1, clock.instant().truncatedTo(ChronoUnit.MICROS), head, signer));
      sealed = n;
      LOG.atInfo().addKeyValue("line", n).addKeyValue("head", head).log("audit log sealed");
    } catch (Exception e) {
      failures.incrementAndGet();
      LOG.warn("the audit log could not be sealed: {}", e.getMessage());
    }
  }

  /// Hash of the last line.
  public synchronized String head() {
    return head;
  }

  /// Notes and seals that did not come to the disk.
  @Override
  public long failures() {
    return failures.get();
  }

  @Override
  public synchronized void close() {
    isClosed = true;
    try {
      if (file != null) {
        file.close();
      }
    } catch (IOException e) {
      LOG.warn("closing the audit log failed: {}", e.getMessage());
    } finally {
      file = null;
    }
  }
}
