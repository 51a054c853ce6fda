package parley.gateway.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import parley.keys.gba.hss.Impi;
import parley.keys.kms.registry.KnownBy;
import parley.keys.kms.registry.NewKmsUser;
import parley.mikey.identity.Identity;

/// A list of users in CSV without quotes: the head line, then one line for each user; several
/// devices or names have spaces between. Line n of the file is element n - 2 of the result.
record KmsUsersFile(Path file) {
  static final String HEAD = "identity,devices,impi,certificate_names,home_kms";

  private static final long MOST_OCTETS = 64L << 20;
  private static final int MOST_DEVICE = 64;
  private static final int MOST_NAME = 300;

  List<NewKmsUser> read() throws IOException, CommandFailed {
    List<String> lines = lines();
    if (lines.isEmpty() || !lines.getFirst().equals(HEAD)) {
      throw wrong(1, "the head line must be " + HEAD);
    }
    List<NewKmsUser> users = new ArrayList<>();
    Set<Identity> seen = new HashSet<>();
    for (int number = 2; number <= lines.size(); number++) {
      NewKmsUser user = user(number, lines.get(number - 1));
      if (!seen.add(user.identity())) {
        throw wrong(number, user.identity() + " stands in the file twice");
      }
      users.add(user);
    }
    return users;
  }

  private List<String> lines() throws IOException, CommandFailed {
    if (Files.size(file) > MOST_OCTETS) {
      throw new CommandFailed(ExitCode.CONFIGURATION_REFUSED, file + " is over 64 MiB; divide it");
    }
    try {
      return Files.readAllLines(file, UTF_8);
    } catch (CharacterCodingException e) {
      throw new CommandFailed(ExitCode.CONFIGURATION_REFUSED, file + " is not UTF-8", e);
    }
  }

  private NewKmsUser user(int number, String line) throws CommandFailed {
    String[] fields = line.split(",", -1);
    if (fields.length != 5) {
      throw wrong(number, fields.length + " fields instead of five");
    }
    try {
      return user(
          new Identity(fields[0]),
          words(fields[1]),
          words(fields[2]),
          words(fields[3]),
          fields[4].isEmpty() ? null : fields[4]);
    } catch (IllegalArgumentException e) {
      throw wrong(number, String.valueOf(e.getMessage()));
    }
  }

  private static List<String> words(String field) {
    return Stream.of(field.split(" ", -1)).filter(word -> !word.isEmpty()).toList();
  }

  CommandFailed wrong(int number, String what) {
    return new CommandFailed(
        ExitCode.CONFIGURATION_REFUSED,
        "%s, line %d: %s; nothing was imported".formatted(file, number, what));
  }

  /// @throws IllegalArgumentException with a sentence for the operator
  static NewKmsUser user(
      Identity identity,
      List<String> devices,
      List<String> impis,
      List<String> certificateNames,
      @Nullable String homeKms) {
    Set<NewKmsUser.Name> names = new HashSet<>();
    for (String impi : impis) {
      require(Impi.isOne(impi), impi, "is no private identity, user@realm");
      names.add(new NewKmsUser.Name(KnownBy.IMPI, impi));
    }
    for (String name : certificateNames) {
      require(
          name.matches("(URI|DNS|DN):.+") && name.length() <= MOST_NAME,
          name,
          "is no name of a certificate; it begins with URI:, DNS: or DN:");
      names.add(new NewKmsUser.Name(KnownBy.CERTIFICATE, name));
    }
    devices.forEach(KmsUsersFile::requireDevice);
    return new NewKmsUser(identity, homeKms, Set.copyOf(devices), names);
  }

  static void requireDevice(String device) {
    require(
        device.matches("[!-~]{1," + MOST_DEVICE + "}"),
        device,
        "is no name of a device; it has 1 to 64 visible ASCII characters and no space");
  }

  private static void require(boolean isGood, String what, String sentence) {
    if (!isGood) {
      throw new IllegalArgumentException("'" + what + "' " + sentence);
    }
  }
}
