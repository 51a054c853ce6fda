package parley.mikey;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// Good messages of every kind, where random changes start from: the published samples and the
/// vectors of others.
public final class Seeds {
  private static final Path SAMPLES = Path.of("src/test/resources/sample");

  private Seeds() {}

  public static Stream<byte[]> all() {
    return Stream.concat(samples(""), vectors());
  }

  /// Those whose file name starts like this.
  public static Stream<byte[]> samples(String prefix) {
    try (var files = Files.list(SAMPLES)) {
      List<Path> named =
          files
              .filter(file -> file.getFileName().toString().matches(prefix + ".*\\.mikey"))
              .sorted()
              .toList();
      return named.stream().map(Seeds::read);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] read(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Stream<byte[]> vectors() {
    return Stream.concat(
        Stream.of("profile-mikey-psk-sign.json", "project-join.json", "profile-gmk-imessage.json")
            .flatMap(file -> messages(file, "message")),
        messages("interop-mikey-sakke-ts33180.json", "I_MESSAGE"));
  }

  /// The messages of a file of vectors.
  public static Stream<byte[]> messages(String file, String field) {
    return Vectors.load(file)
        .required("cases")
        .valueStream()
        .map(vector -> Vectors.octets(vector, field));
  }
}
