package parley.keys.kms.message;

import java.util.Base64;
import java.util.HexFormat;

/// How a `UserID` is written. The standard leaves it open and implementations differ; both are
/// read.
public enum UserIdForm {
  HEX {
    @Override
    String write(byte[] identifier) {
      return HexFormat.of().withUpperCase().formatHex(identifier);
    }
  },
  BASE64 {
    @Override
    String write(byte[] identifier) {
      return Base64.getEncoder().encodeToString(identifier);
    }
  };

  abstract String write(byte[] identifier);

  /// Whether `text` is this identifier in either form. Asked this way round, because hexadecimal
  /// digits are base64 as well.
  static boolean isWritten(String text, byte[] identifier) {
    return text.equalsIgnoreCase(HEX.write(identifier)) || text.equals(BASE64.write(identifier));
  }
}
