package parley.keys.gba;

import java.util.Locale;
import java.util.regex.Pattern;

/// The full name of a host in lower case; what a certificate's dNSName and NAF_Id are compared by,
/// octet by octet.
public record Fqdn(String name) {
  private static final Pattern FORM =
      Pattern.compile("([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?");
  private static final int MOST_OCTETS = 253;

  /// @throws IllegalArgumentException if it is no full host name in lower case
  public Fqdn {
    if (name.length() > MOST_OCTETS || !FORM.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "a full host name is letters, digits and hyphens with dots between, in lower case: kms.example.org");
    }
  }

  /// The same host whatever the case of its letters.
  public static Fqdn of(String name) {
    return new Fqdn(name.toLowerCase(Locale.ROOT));
  }

  @Override
  public String toString() {
    return name;
  }
}
