package parley.keys.gba.hss;

import java.nio.file.Path;
import java.util.List;
import parley.keys.store.Database;

/// A JVM of its own that takes one sequence number after the other until somebody kills it.
public final class SqnChild {
  private SqnChild() {}

  /// Prints each SEQ as the HSS would put it into a challenge.
  public static void main(String[] arguments) throws Exception {
    try (Database database = Database.sqlite(Path.of(arguments[0]), List.of(Hss.TABLES))) {
      var reservations = new SqnReservations(database);
      while (true) {
        System.out.println(reservations.next(Subscribers.ALICE).seq());
      }
    }
  }

  static Process start(Path file) throws java.io.IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            SqnChild.class.getName(),
            file.toString())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }
}
