package parley.keys.gba.push;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import parley.mikey.identity.Identity;

/// Puts each push into a directory, whole or not at all: `sip%3aalice%40example.org-1.gpi`.
/// Somebody else carries the files.
public final class FilePush implements PushTransport {
  private static final String END = ".gpi";

  private final Path directory;

  public FilePush(Path directory) {
    this.directory = directory;
  }

  @Override
  public void send(Identity ue, byte[] gpi) throws IOException {
    Path fresh = Files.createTempFile(directory, "push", ".new");
    Files.write(fresh, gpi);
    boolean placed = false;
    for (int number = 1; !placed; number++) {
      Path place = directory.resolve(prefix(ue) + number + END);
      if (!Files.exists(place)) {
        Files.move(fresh, place, StandardCopyOption.ATOMIC_MOVE);
        placed = true;
      }
    }
  }

  /// What waits for this UE, the oldest first; taken out.
  public List<byte[]> take(Identity ue) throws IOException {
    List<byte[]> taken = new ArrayList<>();
    for (Path file : waiting(ue)) {
      if (Files.size(file) <= GpiCodec.MOST_OCTETS) {
        taken.add(Files.readAllBytes(file));
      }
      Files.delete(file);
    }
    return taken;
  }

  private List<Path> waiting(Identity ue) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(file -> number(ue, file) > 0)
          .sorted((one, other) -> Long.compare(number(ue, one), number(ue, other)))
          .toList();
    }
  }

  /// The number of a file of this UE; 0 for any other file.
  private static long number(Identity ue, Path file) {
    String name = file.getFileName().toString();
    if (!name.startsWith(prefix(ue)) || !name.endsWith(END)) {
      return 0;
    }
    String digits = name.substring(prefix(ue).length(), name.length() - END.length());
    return digits.matches("[1-9][0-9]{0,8}") ? Long.parseLong(digits) : 0;
  }

  private static String prefix(Identity ue) {
    return URLEncoder.encode(ue.uri(), UTF_8).toLowerCase(Locale.ROOT) + "-";
  }

  @Override
  public String toString() {
    return "FilePush[" + directory + "]";
  }
}
