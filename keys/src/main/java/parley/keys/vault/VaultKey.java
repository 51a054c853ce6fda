package parley.keys.vault;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import parley.mikey.secret.SecretBytes;

/// What the owner of a vault brings to open it.
///
/// A passphrase is stretched by Argon2id (RFC 9106); a key file of 32 random octets is not, because
/// there is nothing to guess. Files are read when the vault is opened, not before. The caller
/// closes.
public abstract sealed class VaultKey implements AutoCloseable {
  static final int KEY_FILE_OCTETS = 32;
  private static final long MOST_PASSPHRASE_OCTETS = 4096;

  private VaultKey() {}

  /// A passphrase; `characters` stay the caller's, who wipes them.
  public static VaultKey passphrase(char[] characters) {
    return new Passphrase(SecretBytes.take(utf8(characters), "vault passphrase"));
  }

  /// A passphrase in a file: its first line, without the line end.
  public static VaultKey passphraseFile(Path file) {
    return new PassphraseFile(file);
  }

  /// A file of exactly 32 octets from a good random source.
  public static VaultKey keyFile(Path file) {
    return new KeyFile(file);
  }

  /// How a vault that this key creates makes its key-encrypting key.
  abstract KeyRecipe.Source source();

  /// The octets that [KeyRecipe] works on; the caller closes them.
  abstract SecretBytes octets() throws VaultException;

  @Override
  public void close() {}

  private static final class Passphrase extends VaultKey {
    private final SecretBytes passphrase;

    Passphrase(SecretBytes passphrase) {
      this.passphrase = passphrase;
    }

    @Override
    KeyRecipe.Source source() {
      return KeyRecipe.Source.PASSPHRASE;
    }

    @Override
    SecretBytes octets() {
      return passphrase.duplicate();
    }

    @Override
    public void close() {
      passphrase.close();
    }

    @Override
    public String toString() {
      return "VaultKey[passphrase]";
    }
  }

  private static final class PassphraseFile extends VaultKey {
    private final Path file;

    PassphraseFile(Path file) {
      this.file = file;
    }

    @Override
    KeyRecipe.Source source() {
      return KeyRecipe.Source.PASSPHRASE;
    }

    @Override
    SecretBytes octets() throws VaultException {
      byte[] content = readSecret(file, MOST_PASSPHRASE_OCTETS, "passphrase file");
      try {
        byte[] line = Arrays.copyOf(content, lineOctets(content));
        if (line.length == 0) {
          throw new VaultException(
              "passphrase file " + file + " has an empty first line; write the passphrase there");
        }
        return SecretBytes.take(line, "vault passphrase");
      } finally {
        Arrays.fill(content, (byte) 0);
      }
    }

    private static int lineOctets(byte[] content) {
      int end = 0;
      while (end < content.length && content[end] != '\n' && content[end] != '\r') {
        end++;
      }
      return end;
    }

    @Override
    public String toString() {
      return "VaultKey[passphrase file " + file + "]";
    }
  }

  private static final class KeyFile extends VaultKey {
    private final Path file;

    KeyFile(Path file) {
      this.file = file;
    }

    @Override
    KeyRecipe.Source source() {
      return KeyRecipe.Source.KEY_FILE;
    }

    @Override
    SecretBytes octets() throws VaultException {
      byte[] content = readSecret(file, KEY_FILE_OCTETS, "key file");
      if (content.length != KEY_FILE_OCTETS) {
        Arrays.fill(content, (byte) 0);
        throw new VaultException(
            "key file %s has %d octets; it must have exactly %d (head -c %d /dev/urandom makes them)"
                .formatted(file, content.length, KEY_FILE_OCTETS, KEY_FILE_OCTETS));
      }
      return SecretBytes.take(content, "vault key file");
    }

    @Override
    public String toString() {
      return "VaultKey[key file " + file + "]";
    }
  }

  private static byte[] readSecret(Path file, long mostOctets, String what) throws VaultException {
    try {
      if (Files.size(file) > mostOctets) {
        throw new VaultException(
            "%s %s has %d octets; at most %d are read, so it is probably another file"
                .formatted(what, file, Files.size(file), mostOctets));
      }
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new VaultException(
          "%s %s cannot be read (%s); check the path and its permissions"
              .formatted(what, file, Disk.reason(e)),
          e);
    }
  }

  private static byte[] utf8(char[] characters) {
    ByteBuffer out = ByteBuffer.wrap(new byte[3 * characters.length]);
    var encoder = StandardCharsets.UTF_8.newEncoder();
    if (encoder.encode(CharBuffer.wrap(characters), out, true).isError()) {
      Arrays.fill(out.array(), (byte) 0);
      throw new IllegalArgumentException("the passphrase holds half a surrogate pair");
    }
    byte[] octets = Arrays.copyOf(out.array(), out.position());
    Arrays.fill(out.array(), (byte) 0);
    return octets;
  }
}
