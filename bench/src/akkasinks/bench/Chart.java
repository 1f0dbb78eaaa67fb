package akkasinks.bench;

import java.util.List;
import java.util.Locale;

/** Bars: changes per second of each contender, case by case. */
final class Chart {
  private static final int WIDTH = 760;
  private static final int LABEL = 150;
  private static final int BAR = 16;

  private Chart() {}

  static String svg(List<Result> results) {
    var body = new StringBuilder();
    int y = 10;
    for (var result : results) {
      y += 22;
      body.append(
          "<text x='8' y='%d' font-weight='bold'>%s. %s</text>%n"
              .formatted(y, result.ofCase().name(), result.ofCase().title()));
      double most = result.contenders().stream().mapToDouble(result::speed).max().orElse(1);
      for (var name : result.contenders()) {
        y += BAR + 4;
        double speed = result.speed(name);
        body.append(
            String.format(
                Locale.ROOT,
                "<text x='8' y='%d'>%s</text><rect x='%d' y='%d' width='%.0f' height='%d' fill='%s'/><text x='%.0f' y='%d'>%,.0f/s</text>%n",
                y + 12,
                name,
                LABEL,
                y,
                Math.max(1, speed / most * (WIDTH - LABEL - 110)),
                BAR,
                name.equals(Node.OURS) ? "#1b7f5c" : "#9aa5b1",
                LABEL + 6 + speed / most * (WIDTH - LABEL - 110),
                y + 12,
                speed));
      }
      y += 14;
    }
    return "<svg xmlns='http://www.w3.org/2000/svg' width='%d' height='%d' font-family='sans-serif' font-size='12'>%n%s</svg>%n"
        .formatted(WIDTH, y + 20, body);
  }
}
