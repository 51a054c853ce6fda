package parley.keys.gba.hss;

import java.util.regex.Pattern;

/// The private identity of a subscriber: a network access identifier, compared octet by octet.
public final class Impi {
  private static final Pattern FORM = Pattern.compile("[!#-?A-\\[\\]-~]{1,64}@[a-zA-Z0-9.-]{1,63}");

  private Impi() {}

  public static boolean isOne(String text) {
    return FORM.matcher(text).matches();
  }

  static void require(String text) {
    if (!isOne(text)) {
      throw new IllegalArgumentException(
          "a private identity is user@realm in printable ASCII, at most 128 characters");
    }
  }
}
