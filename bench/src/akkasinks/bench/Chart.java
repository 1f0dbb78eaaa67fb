package akkasinks.bench;

import java.util.List;
import java.util.Locale;

/** Bars: what each contender came to, outcome by outcome. */
final class Chart {
  private static final int WIDTH = 760;
  private static final int LABEL = 190;
  private static final int TEXT = 150;
  private static final int BAR = 16;

  private Chart() {}

  static String svg(List<Outcome> outcomes) {
    var body = new StringBuilder();
    int y = 10;
    for (var outcome : outcomes) {
      y += 22;
      body.append(
          "<text x='8' y='%d' font-weight='bold'>%s. %s</text>%n"
              .formatted(y, escaped(outcome.name()), escaped(outcome.title())));
      double most = outcome.bars().stream().mapToDouble(Outcome.Bar::length).max().orElse(1);
      for (var bar : outcome.bars()) {
        y += BAR + 4;
        body.append(bar(bar, Math.max(1, bar.length() / most * (WIDTH - LABEL - TEXT)), y));
      }
      y += 14;
    }
    return "<svg xmlns='http://www.w3.org/2000/svg' width='%d' height='%d' font-family='sans-serif' font-size='12'>%n<rect width='100%%' height='100%%' fill='white'/>%n%s</svg>%n"
        .formatted(WIDTH, y + 20, body);
  }

  private static String bar(Outcome.Bar bar, double length, int y) {
    return String.format(
        Locale.ROOT,
        "<text x='8' y='%d'>%s</text><rect x='%d' y='%d' width='%.0f' height='%d' fill='%s'/><text"
            + " x='%.0f' y='%d'>%s</text>%n",
        y + 12,
        escaped(bar.label()),
        LABEL,
        y,
        length,
        BAR,
        bar.label().startsWith(Node.OURS) ? "#1b7f5c" : "#9aa5b1",
        LABEL + 6 + length,
        y + 12,
        escaped(bar.text()));
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;");
  }
}
