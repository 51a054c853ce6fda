package parley.keys.kms.ceremony;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import parley.keys.kms.OwnFile;
import parley.mikey.identity.KmsCertificate;

/// The record of a ceremony: who was there, what was done, when, and a SHA-256 of everything public
/// that came of it. One `name: value` a line; the last line is the hash of those above, short
/// enough to be read aloud and written down by each witness.
///
/// No secret goes in. Confined to one thread.
public final class Transcript {
  private static final String END = "transcript-sha256: ";

  private final StringBuilder lines = new StringBuilder("parley KMS ceremony 1\n");

  private Transcript() {}

  /// Begins the record of one ceremony: `init`, `rotate`, `backup` ...
  ///
  /// @throws IllegalArgumentException if nobody is there, or a name is not one printable line
  public static Transcript of(String ceremony, Instant when, List<String> people) {
    if (people.isEmpty()) {
      throw new IllegalArgumentException("a ceremony has somebody who does it; name them");
    }
    Transcript begun =
        new Transcript()
            .note("ceremony", ceremony)
            .note("time", when.truncatedTo(ChronoUnit.SECONDS));
    people.forEach(person -> begun.note("present", person));
    return begun;
  }

  /// One public fact.
  public Transcript note(String name, Object value) {
    String text = value.toString();
    if (!name.matches("[a-z0-9-]{1,40}") || !text.matches("[\\x20-\\x7E\\xA0-\\uD7FF]{1,300}")) {
      throw new IllegalArgumentException(
          "a transcript's lines are a name and up to 300 printable characters");
    }
    lines.append(name).append(": ").append(text).append('\n');
    return this;
  }

  /// The hash of something public, or of something sealed.
  public Transcript hash(String name, byte[] octets) {
    return note(name + "-sha256", sha256(octets));
  }

  /// All that is public of a KMS.
  public Transcript kms(KmsCertificate kms) {
    return note("kms-uri", kms.kmsUri())
        .note("user-id-format", kms.userIdFormat().code())
        .note("key-period-seconds", kms.periodSeconds())
        .note("key-period-offset-seconds", kms.offsetSeconds())
        .hash("kms-certificate", kms.encode())
        .hash("z-public", kms.encKey().octets())
        .hash("kpak", kms.authKey().octets());
  }

  /// The whole record with its hash.
  public String text() {
    return lines + END + sha256(lines.toString().getBytes(UTF_8)) + "\n";
  }

  /// Writes the record to a file that must not exist; durable on return.
  public void write(Path file) throws IOException {
    OwnFile.writePublic(file, text().getBytes(UTF_8));
  }

  /// Whether `text` is a record as it was written, by its own hash. That it is the one of that day,
  /// the witnesses' copies of the hash say.
  public static boolean isWhole(String text) {
    int end = text.lastIndexOf(END);
    return end > 0
        && text.substring(end).equals(END + sha256(text.substring(0, end).getBytes(UTF_8)) + "\n");
  }

  private static String sha256(byte[] octets) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(octets));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this JDK has no SHA-256", e);
    }
  }
}
