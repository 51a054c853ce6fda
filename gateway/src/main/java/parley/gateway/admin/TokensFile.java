package parley.gateway.admin;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import parley.gateway.config.Role;

/// The tokens that open the admin server: lines `name role sha256`, and `#` for remarks.
///
/// Others than its owner and group may not read it: a hash alone opens nothing, but it tells who
/// has access.
public final class TokensFile {
  private static final int MAX_OCTETS = 1 << 18;
  private static final Pattern LINE =
      Pattern.compile("(?<name>[!-~]{1,64})\\s+(?<role>read|operate)\\s+(?<hash>[0-9a-f]{64})");

  private final List<AccessToken> tokens;

  private TokensFile(List<AccessToken> tokens) {
    this.tokens = List.copyOf(tokens);
  }

  /// @throws IllegalArgumentException with one sentence
  public static TokensFile read(Path file) {
    List<AccessToken> tokens = new ArrayList<>();
    int number = 0;
    for (String line : text(file).split("\n", -1)) {
      number++;
      String text = line.strip();
      if (!text.isEmpty() && !text.startsWith("#")) {
        AccessToken token = token(text, file + " line " + number);
        if (tokens.stream().anyMatch(t -> t.name().equals(token.name()))) {
          throw new IllegalArgumentException(
              "%s line %d: %s is there twice; keep one".formatted(file, number, token.name()));
        }
        tokens.add(token);
      }
    }
    return new TokensFile(tokens);
  }

  private static String text(Path file) {
    try {
      var mode = Files.getPosixFilePermissions(file);
      if (mode.contains(PosixFilePermission.OTHERS_READ)
          || mode.contains(PosixFilePermission.OTHERS_WRITE)
          || mode.contains(PosixFilePermission.GROUP_WRITE)) {
        throw new IllegalArgumentException(
            file + " is open to others than its owner; close it with: chmod 600 " + file);
      }
      if (Files.size(file) > MAX_OCTETS) {
        throw new IllegalArgumentException(file + " is too large for a file of tokens");
      }
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IllegalArgumentException(file + " cannot be read; correct path or permissions", e);
    }
  }

  private static AccessToken token(String text, String where) {
    Matcher m = LINE.matcher(text);
    if (!m.matches()) {
      throw new IllegalArgumentException(
          where + " is no token; 'parley token' writes NAME read|operate SHA-256");
    }
    Role role = m.group("role").equals("operate") ? Role.OPERATE : Role.READ;
    return new AccessToken(m.group("name"), role, m.group("hash"));
  }

  public List<AccessToken> tokens() {
    return tokens;
  }

  /// The token that was presented. Compares with every one, and each to its end, so that the time
  /// tells nothing.
  Optional<AccessToken> find(String presented) {
    byte[] hash = AccessToken.hash(presented);
    @Nullable AccessToken found = null;
    for (AccessToken token : tokens) {
      if (MessageDigest.isEqual(hash, HexFormat.of().parseHex(token.sha256()))) {
        found = token;
      }
    }
    Arrays.fill(hash, (byte) 0);
    return Optional.ofNullable(found);
  }
}
