package parley.bench;

import java.util.List;
import java.util.Locale;

/// Horizontal bars in groups, as SVG.
public record BarChart(String title, List<Bar> bars) {
  private static final int WIDTH = 900;
  private static final int LABEL = 190;
  private static final int LINE = 18;

  /// @param ours drawn in another colour
  public record Bar(String group, String label, double value, boolean ours) {}

  public String svg() {
    var body = new StringBuilder();
    int y = 40;
    String group = "";
    double most = 0;
    for (Bar bar : bars) {
      if (!bar.group().equals(group)) {
        group = bar.group();
        String here = group;
        most =
            bars.stream()
                .filter(b -> b.group().equals(here))
                .mapToDouble(Bar::value)
                .max()
                .orElse(1);
        y += LINE;
        body.append(text(10, y, group, "bold", "start"));
        y += LINE;
      }
      body.append(text(LABEL - 6, y, bar.label(), "normal", "end"));
      double length = Math.max(1, bar.value() / most * (WIDTH - LABEL - 90));
      body.append(
          String.format(
              Locale.ROOT,
              "<rect x='%d' y='%d' width='%.1f' height='12' fill='%s'/>%n",
              LABEL,
              y - 10,
              length,
              bar.ours() ? "#0b6e4f" : "#9aa5b1"));
      body.append(
          text(
              (int) (LABEL + length + 5),
              y,
              String.format(Locale.ROOT, "%.0f", bar.value()),
              "normal",
              "start"));
      y += LINE;
    }
    return "<svg xmlns='http://www.w3.org/2000/svg' width='%d' height='%d' font-family='sans-serif' font-size='12'>%n"
            .formatted(WIDTH, y + 10)
        + "<rect width='100%' height='100%' fill='white'/>\n"
        + text(10, 22, title, "bold", "start")
        + body
        + "</svg>\n";
  }

  private static String text(int x, int y, String words, String weight, String anchor) {
    return "<text x='%d' y='%d' font-weight='%s' text-anchor='%s'>%s</text>%n"
        .formatted(x, y, weight, anchor, words.replace("&", "&amp;").replace("<", "&lt;"));
  }
}
