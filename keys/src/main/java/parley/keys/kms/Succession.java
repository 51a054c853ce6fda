package parley.keys.kms;

import java.time.Instant;
import parley.keys.vault.RecordReader;
import parley.keys.vault.RecordWriter;
import parley.mikey.InvalidKey;
import parley.mikey.identity.KmsCertificate;
import parley.mikey.secret.SecretBytes;

/// That another KMS takes the place of one: from when it issues, and until when the older does.
///
/// @param successor its certificate; it has another URI, since a URI stands for one pair of keys
/// @param until the older one issues nothing from then on
public record Succession(KmsCertificate successor, Instant from, Instant until) {
  private static final int SCHEMA = 1;

  public Succession {
    if (!from.isBefore(until)) {
      throw new IllegalArgumentException(
          "a succession from " + from + " until " + until + " leaves no time for both");
    }
  }

  SecretBytes encode() {
    try (RecordWriter out = new RecordWriter()) {
      return out.integer(SCHEMA)
          .octets(successor.encode())
          .instant(from)
          .instant(until)
          .record("succession");
    }
  }

  static Succession decode(SecretBytes encoded) {
    return RecordReader.read(
        encoded,
        in -> {
          if (in.integer() != SCHEMA) {
            throw new IllegalStateException("a succession of another schema");
          }
          try {
            return new Succession(KmsCertificate.decode(in.octets()), in.instant(), in.instant());
          } catch (InvalidKey e) {
            throw new IllegalStateException("a succession by a KMS of another version", e);
          }
        });
  }
}
