package parley.keys;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import parley.mikey.secret.SecretAccess;
import parley.mikey.secret.SecretBytes;

/// Secret octets for tests, and their way back into plain arrays.
public final class Secrets {
  public static final SecureRandom RANDOM = new SecureRandom();

  private Secrets() {}

  public static SecretBytes of(String text) {
    return SecretBytes.copyOf(text.getBytes(UTF_8), "test secret");
  }

  public static SecretBytes hex(String hex) {
    return SecretBytes.take(HexFormat.of().parseHex(hex), "test secret");
  }

  public static String text(SecretBytes secret) {
    return secret.lend(SecretAccess.token(), o -> new String(o, UTF_8));
  }

  public static String hex(SecretBytes secret) {
    return secret.lend(SecretAccess.token(), o -> HexFormat.of().formatHex(o));
  }

  /// A file of 32 random octets, which opens a vault without the cost of Argon2id.
  public static Path keyFile(Path directory, String name) throws IOException {
    byte[] octets = new byte[32];
    RANDOM.nextBytes(octets);
    return Files.write(directory.resolve(name), octets);
  }
}
