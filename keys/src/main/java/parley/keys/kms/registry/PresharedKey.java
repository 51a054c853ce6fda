package parley.keys.kms.registry;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.regex.Pattern;
import parley.keys.kms.OwnFile;
import parley.keys.kms.message.TransportKeys;
import parley.mikey.secret.SecretAccess;
import parley.mikey.secret.SecretBytes;

/// A key that a user proves in TLS, with the name that goes before it on the wire: 32 random octets
/// that both ends have before they speak.
///
/// TrK and InK of such a client follow from it, so the keys that come back are wrapped here too.
public final class PresharedKey implements AutoCloseable {
  public static final int OCTETS = 32;

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._@+=-]{1,128}");

  private final String name;
  private final SecretBytes secret;

  /// Takes over `secret`.
  PresharedKey(String name, SecretBytes secret) {
    this.name = name;
    this.secret = secret;
  }

  /// What it is called on the wire, the identity of TLS.
  ///
  /// @throws IllegalArgumentException for one that would not be told from a bootstrap, or from the
  ///   key in a line of `NAME:HEX`
  public static String requireName(String text) {
    if (!NAME.matcher(text).matches()) {
      throw new IllegalArgumentException(
          "a pre-shared key's name has 1 to 128 letters, digits and . _ @ + = -");
    }
    return text;
  }

  public String name() {
    return name;
  }

  /// For TLS; stays this object's.
  public SecretBytes secret() {
    return secret;
  }

  /// What answers to this client are wrapped and signed under; the caller closes them.
  public TransportKeys transportKeys() {
    return TransportKeys.derived(secret, "trk.psk." + name, "ink.psk." + name);
  }

  /// Writes `NAME:HEX` and the end of a line, as GnuTLS has it, to `file`, new and its owner's
  /// alone; durable on return.
  public void write(Path file) throws IOException {
    byte[] line = line();
    try {
      OwnFile.writeSecret(file, line);
    } finally {
      Arrays.fill(line, (byte) 0);
    }
  }

  private byte[] line() {
    byte[] head = (name + ":").getBytes(US_ASCII);
    byte[] line = Arrays.copyOf(head, head.length + 2 * OCTETS + 1);
    HexFormat hex = HexFormat.of();
    secret.lendTo(
        SecretAccess.token(),
        octets -> {
          for (int i = 0; i < OCTETS; i++) {
            line[head.length + 2 * i] = (byte) hex.toHighHexDigit(octets[i]);
            line[head.length + 2 * i + 1] = (byte) hex.toLowHexDigit(octets[i]);
          }
        });
    line[line.length - 1] = '\n';
    return line;
  }

  @Override
  public void close() {
    secret.close();
  }

  @Override
  public String toString() {
    return "PresharedKey[" + name + "]";
  }
}
