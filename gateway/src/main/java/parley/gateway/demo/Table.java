package parley.gateway.demo;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// Columns as wide as their widest cell, numbers to the right; a header of several lines.
final class Table {
  private final List<List<String>> rows = new ArrayList<>();

  private final int headerLines;

  /// A line break in a header goes to the next line of the header.
  Table(String... header) {
    headerLines =
        Arrays.stream(header).mapToInt(cell -> (int) cell.lines().count()).max().orElse(1);
    for (int line = 0; line < headerLines; line++) {
      int n = line;
      rows.add(
          Arrays.stream(header).map(cell -> cell.lines().skip(n).findFirst().orElse("")).toList());
    }
  }

  /// A cell for each column; numbers and text are told apart by their look.
  Table row(Object... cells) {
    if (cells.length != rows.getFirst().size()) {
      throw new IllegalArgumentException(cells.length + " cells for " + rows.getFirst());
    }
    rows.add(List.of(cells).stream().map(String::valueOf).toList());
    return this;
  }

  List<String> lines() {
    int[] widths =
        IntStream.range(0, rows.getFirst().size())
            .map(column -> rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0))
            .toArray();
    List<String> lines = new ArrayList<>();
    for (List<String> row : rows) {
      lines.add(line(row, widths));
    }
    lines.add(headerLines, "-".repeat(Arrays.stream(widths).sum() + 2 * (widths.length - 1)));
    return lines;
  }

  private static String line(List<String> row, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int column = 0; column < widths.length; column++) {
      String cell = row.get(column);
      String padding = " ".repeat(widths[column] - cell.length());
      boolean number = !cell.isEmpty() && cell.chars().allMatch(Character::isDigit);
      line.append(column == 0 ? "" : "  ").append(number ? padding + cell : cell + padding);
    }
    return line.toString().stripTrailing();
  }
}
