package parley.gateway.admin;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import parley.gateway.config.Role;

/// What a gateway knows of a token: whose it is, what its holder may do, and its SHA-256. With 256
/// random bits a token needs no slow hash.
public record AccessToken(String name, Role role, String sha256) {
  private static final String PREFIX = "parley_";
  private static final int RANDOM_OCTETS = 32;

  /// A new token, which nobody can find out from its hash.
  public static String draw(SecureRandom random) {
    byte[] octets = new byte[RANDOM_OCTETS];
    random.nextBytes(octets);
    return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(octets);
  }

  public static AccessToken of(String name, Role role, String token) {
    return new AccessToken(name, role, HexFormat.of().formatHex(hash(token)));
  }

  /// As in the tokens file.
  public String line() {
    return "%s %s %s".formatted(name, role.label(), sha256);
  }

  static byte[] hash(String token) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
