package parley.keys.audit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Follows the chain through one file or more.
public final class AuditReader {
  private final List<AuditLine> lines = new ArrayList<>();
  private final List<String> damages = new ArrayList<>();
  private @Nullable AuditLine last;
  private int torn;

  private AuditReader() {}

  /// Files in any order: they are put in that of their lines. Before the first line there may have
  /// been files that are kept elsewhere.
  public static AuditReport read(List<Path> files) throws IOException {
    List<Content> contents = new ArrayList<>();
    for (Path file : files) {
      contents.add(Content.of(file));
    }
    contents.sort(Comparator.comparingLong(Content::firstNumber));
    var reader = new AuditReader();
    for (int i = 0; i < contents.size(); i++) {
      reader.follow(contents.get(i), i == contents.size() - 1);
    }
    AuditLine end = reader.last;
    return new AuditReport(
        reader.lines, reader.damages, reader.torn, end == null ? null : end.hash());
  }

  /// @param rest what is behind the last line feed
  private record Content(Path file, List<String> lines, String rest) {
    static Content of(Path file) throws IOException {
      String text = Files.readString(file, StandardCharsets.ISO_8859_1);
      int end = text.lastIndexOf('\n') + 1;
      List<String> lines =
          end == 0 ? List.of() : List.of(text.substring(0, end - 1).split("\n", -1));
      return new Content(file, lines, text.substring(end));
    }

    /// Of the first line that can be read.
    long firstNumber() {
      return lines.stream()
          .map(AuditLine::parse)
          .flatMap(Optional::stream)
          .mapToLong(AuditLine::n)
          .findFirst()
          .orElse(Long.MAX_VALUE);
    }
  }

  private void follow(Content content, boolean isEnd) {
    for (int i = 0; i < content.lines().size(); i++) {
      String where = "%s line %d".formatted(content.file(), i + 1);
      AuditLine.parse(content.lines().get(i))
          .ifPresentOrElse(
              line -> follow(line, where),
              () -> damages.add(where + " is not as it was written: its hash does not fit"));
    }
    if (!content.rest().isEmpty() && !isEnd) {
      damages.add(content.file() + " ends within a line, and there are lines after it");
    } else if (!content.rest().isEmpty()) {
      torn = content.rest().length();
    }
  }

  private void follow(AuditLine line, String where) {
    if (last == null) {
      boolean isFirst = line.n() == 1;
      if (isFirst != line.prev().equals(AuditLine.NOTHING_BEFORE)) {
        damages.add(where + " is not the beginning that it says it is");
      }
    } else if (line.n() != last.n() + 1) {
      damages.add("%s is number %d after number %d".formatted(where, line.n(), last.n()));
    } else if (!line.prev().equals(last.hash())) {
      damages.add(where + " does not follow from the line before it");
    }
    lines.add(line);
    last = line;
  }
}
