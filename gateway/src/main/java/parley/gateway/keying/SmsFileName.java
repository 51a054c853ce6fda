package parley.gateway.keying;

import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The name of a file with one segment of a short message: `SENDER.NAME.sms`.
///
/// The sender is everything before the last dot but one, so it may have dots; the name tells files
/// of one sender apart and means nothing.
///
/// @param sender whom the SMS network names, 1 to 64 characters
public record SmsFileName(String sender, String name) {
  /// How the names of such files end.
  public static final String ENDING = ".sms";

  private static final Pattern NAME =
      Pattern.compile("([^/\\p{Cntrl}]{1,64})\\.([^/.\\p{Cntrl}]+)\\.sms");

  /// Empty for a file that does not say whose segment it has.
  public static Optional<SmsFileName> of(Path file) {
    Matcher name = NAME.matcher(String.valueOf(file.getFileName()));
    return name.matches()
        ? Optional.of(new SmsFileName(name.group(1), name.group(2)))
        : Optional.empty();
  }

  /// For a segment of our own: reference and number, so that names sort as segments do.
  public static SmsFileName of(String sender, int reference, int number) {
    return new SmsFileName(sender, "%03d-%d".formatted(reference, number));
  }

  public SmsFileName {
    if (!NAME.matcher(sender + "." + name + ENDING).matches()) {
      throw new IllegalArgumentException(
          "a sender has 1 to 64 characters and no slash, not '" + sender + "'");
    }
  }

  @Override
  public String toString() {
    return sender + "." + name + ENDING;
  }
}
