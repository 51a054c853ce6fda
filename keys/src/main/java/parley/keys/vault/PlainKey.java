package parley.keys.vault;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import parley.mikey.secret.SecretBytes;

/// A key that is nothing but octets, at once or in a file that is read when they are needed.
abstract sealed class PlainKey extends VaultKey {
  private static final int KEY_FILE_OCTETS = 32;
  private static final long MOST_PASSPHRASE_OCTETS = 4096;

  private PlainKey() {}

  /// What a [KeyRecipe] works on; the caller closes it.
  abstract SecretBytes octets() throws VaultException;

  static final class Passphrase extends PlainKey {
    private final SecretBytes passphrase;

    Passphrase(SecretBytes passphrase) {
      this.passphrase = passphrase;
    }

    @Override
    UnlockKind kind() {
      return UnlockKind.PASSPHRASE;
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

  static final class PassphraseFile extends PlainKey {
    private final Path file;

    PassphraseFile(Path file) {
      this.file = file;
    }

    @Override
    UnlockKind kind() {
      return UnlockKind.PASSPHRASE;
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

  static final class KeyFile extends PlainKey {
    private final Path file;

    KeyFile(Path file) {
      this.file = file;
    }

    @Override
    UnlockKind kind() {
      return UnlockKind.KEY_FILE;
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

  /// The recovery share as it was printed, typed in again.
  static final class Recovery extends PlainKey {
    private final SecretBytes share;

    Recovery(SecretBytes share) {
      this.share = share;
    }

    @Override
    UnlockKind kind() {
      return UnlockKind.RECOVERY;
    }

    @Override
    SecretBytes octets() {
      return share.duplicate();
    }

    @Override
    public void close() {
      share.close();
    }

    @Override
    public String toString() {
      return "VaultKey[recovery share]";
    }
  }

  /// The recovery share in a file.
  static final class RecoveryFile extends PlainKey {
    private final Path file;

    RecoveryFile(Path file) {
      this.file = file;
    }

    @Override
    UnlockKind kind() {
      return UnlockKind.RECOVERY;
    }

    @Override
    SecretBytes octets() throws VaultException {
      byte[] content = readSecret(file, MOST_PASSPHRASE_OCTETS, "recovery share");
      char[] text = new char[content.length];
      try {
        for (int i = 0; i < content.length; i++) {
          text[i] = (char) (content[i] & 0xff);
        }
        return RecoveryShare.read(text);
      } finally {
        Arrays.fill(content, (byte) 0);
        Arrays.fill(text, '\0');
      }
    }

    @Override
    public String toString() {
      return "VaultKey[recovery share " + file + "]";
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

  static byte[] utf8(char[] characters) {
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
