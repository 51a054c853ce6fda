package parley.keys.kms.registry;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import parley.keys.kms.OwnFile;
import parley.keys.kms.message.TransportKeys;
import parley.mikey.secret.SecretAccess;
import parley.mikey.secret.SecretBytes;

/// What a user is handed to enrol one device with, once: 32 random octets, as 43 characters of
/// base64url.
///
/// The octets themselves never travel. Of them both ends derive a bearer token, which goes in the
/// request, and a TrK and an InK for the answer, which do not: whoever sees the token, a proxy that
/// ends TLS or a log of headers, cannot open the keys that come back. With them come transport keys
/// of the device's own, so that the ticket, on paper or on a screen, is worth nothing once used.
public final class EnrolmentTicket implements AutoCloseable {
  private static final int OCTETS = 32;
  private static final int ID_OCTETS = 8;
  private static final int TEXT_OCTETS = 43;

  private final SecretBytes secret;

  private EnrolmentTicket(SecretBytes secret) {
    this.secret = secret;
  }

  static EnrolmentTicket make(SecureRandom random) {
    return new EnrolmentTicket(SecretBytes.random(OCTETS, random, "enrolment ticket"));
  }

  /// Reads what [#text] gave; `text` stays the caller's.
  ///
  /// @throws IllegalArgumentException if it is no ticket
  public static EnrolmentTicket read(SecretBytes text) {
    return text.lend(
        SecretAccess.token(),
        ascii -> {
          byte[] octets = new byte[0];
          try {
            octets = ascii.length == TEXT_OCTETS ? Base64.getUrlDecoder().decode(ascii) : octets;
          } catch (IllegalArgumentException _) {
            // the sentence below is about all that it may be
          }
          if (octets.length != OCTETS) {
            throw new IllegalArgumentException(
                "this is no enrolment ticket; one has 43 letters, digits, - and _");
          }
          return new EnrolmentTicket(SecretBytes.take(octets, "enrolment ticket"));
        });
  }

  /// The ticket in ASCII, for a file or a screen; the caller closes it.
  public SecretBytes text() {
    return secret.lend(
        SecretAccess.token(),
        octets ->
            SecretBytes.take(
                Base64.getUrlEncoder().withoutPadding().encode(octets), "enrolment ticket"));
  }

  /// Writes [#text] and the end of a line to `file`, new and its owner's alone; durable on return.
  public void write(Path file) throws IOException {
    byte[] line = line();
    try {
      OwnFile.writeSecret(file, line);
    } finally {
      Arrays.fill(line, (byte) 0);
    }
  }

  /// Shows it to the person at the terminal, who copies it.
  public void show(Writer screen) throws IOException {
    byte[] line = line();
    try {
      for (byte octet : line) {
        screen.write(octet);
      }
      screen.flush();
    } finally {
      Arrays.fill(line, (byte) 0);
    }
  }

  private byte[] line() {
    try (SecretBytes text = text()) {
      return text.lend(
          SecretAccess.token(),
          ascii -> {
            byte[] line = Arrays.copyOf(ascii, ascii.length + 1);
            line[ascii.length] = '\n';
            return line;
          });
    }
  }

  /// The value of `Authorization: Bearer`. Good once, and worth nothing without the transport keys.
  public String bearer() {
    try (SecretBytes token = TransportKeys.derive(secret, "parley enrolment bearer")) {
      return token.lend(
          SecretAccess.token(),
          octets -> Base64.getUrlEncoder().withoutPadding().encodeToString(octets));
    }
  }

  /// What the one answer to the ticket is wrapped and signed under; the caller closes them. That
  /// answer brings the device's own.
  public TransportKeys transportKeys() {
    String bearer = bearer();
    return TransportKeys.derived(secret, trkId(bearer), inkId(bearer));
  }

  static String trkId(String bearer) {
    return "trk.ticket." + HexFormat.of().formatHex(hash(bearer), 0, ID_OCTETS);
  }

  static String inkId(String bearer) {
    return "ink.ticket." + HexFormat.of().formatHex(hash(bearer), 0, ID_OCTETS);
  }

  /// What the registry keeps of a bearer token.
  static byte[] hash(String bearer) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bearer.getBytes(US_ASCII));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this JDK has no SHA-256", e);
    }
  }

  @Override
  public void close() {
    secret.close();
  }

  @Override
  public String toString() {
    return "EnrolmentTicket[]";
  }
}
