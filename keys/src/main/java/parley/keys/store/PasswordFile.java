package parley.keys.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.postgresql.plugin.AuthenticationPlugin;
import org.postgresql.plugin.AuthenticationRequestType;
import org.postgresql.util.PSQLException;
import org.postgresql.util.PSQLState;

/// Reads the password from its file whenever PostgreSQL's driver needs it; the driver, which makes
/// this object by its class name, zeroes the characters after use. Public for the driver alone.
public final class PasswordFile implements AuthenticationPlugin {
  /// The property of a connection that names the file.
  static final String FILE = "parleyPasswordFile";

  private static final int MOST_OCTETS = 4096;
  private final @Nullable String file;

  public PasswordFile(Properties properties) {
    file = properties.getProperty(FILE);
  }

  @Override
  public char @Nullable [] getPassword(AuthenticationRequestType type) throws PSQLException {
    if (file == null) {
      return null;
    }
    byte[] octets = new byte[0];
    CharBuffer decoded = CharBuffer.allocate(0);
    try {
      if (Files.size(Path.of(file)) > MOST_OCTETS) {
        throw new IOException("it is too large");
      }
      octets = Files.readAllBytes(Path.of(file));
      decoded =
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(octets, 0, line(octets)));
      return Arrays.copyOf(decoded.array(), decoded.limit());
    } catch (IOException e) {
      throw new PSQLException(
          "password file " + file + " cannot be read", PSQLState.INVALID_PASSWORD, e);
    } finally {
      Arrays.fill(octets, (byte) 0);
      Arrays.fill(decoded.array(), '\0');
    }
  }

  private static int line(byte[] octets) {
    int end = 0;
    while (end < octets.length && octets[end] != '\n' && octets[end] != '\r') {
      end++;
    }
    return end;
  }
}
