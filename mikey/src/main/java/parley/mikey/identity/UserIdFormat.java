package parley.mikey.identity;

import java.util.Arrays;
import java.util.Optional;

/// How a KMS turns URI and key period into the octets of an identifier.
public enum UserIdFormat {
  /// `YYYY-MM` NUL URI NUL, a key period of one month (RFC 6509, 3.2).
  RFC_6509(1),
  /// The hashed UID of 32 octets, a key period of any length (TS 33.180, F.2.1).
  TS_33180(2);

  private final int code;

  UserIdFormat(int code) {
    this.code = code;
  }

  /// The UserIdFormat of a KMS certificate and the ID scheme of a SAKKE payload (RFC 6509, 4.2).
  public int code() {
    return code;
  }

  public static Optional<UserIdFormat> withCode(int code) {
    return Arrays.stream(values()).filter(format -> format.code == code).findFirst();
  }
}
