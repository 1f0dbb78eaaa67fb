package akkasinks.base;

import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds what was probably meant. */
public final class Nearest {
  private static final int LONGEST = 64;

  private Nearest() {}

  /** {@code did you mean "…"?}, or empty if nothing is near. */
  public static String hint(String written, Stream<String> known) {
    return to(written, known).map(name -> "did you mean \"" + name + "\"?").orElse("");
  }

  /** The known word nearest to {@code written}, if at most a third of it is wrong. */
  public static Optional<String> to(String written, Stream<String> known) {
    if (written.length() > LONGEST) {
      return Optional.empty();
    }
    String folded = written.toLowerCase(Locale.ROOT);
    int allowed = Math.max(1, written.length() / 3);
    return known
        .filter(name -> Math.abs(name.length() - written.length()) <= allowed)
        .map(name -> new Candidate(name, distance(folded, name.toLowerCase(Locale.ROOT))))
        .filter(candidate -> candidate.distance() <= allowed)
        .min(Comparator.comparingInt(Candidate::distance).thenComparing(Candidate::name))
        .map(Candidate::name);
  }

  private record Candidate(String name, int distance) {}

  /** Insertions, deletions, replacements and swaps of neighbours (optimal string alignment). */
  public static int distance(String a, String b) {
    int[][] d = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          d[i][j] = i + j;
          continue;
        }
        boolean same = a.charAt(i - 1) == b.charAt(j - 1);
        d[i][j] =
            Math.min(d[i - 1][j - 1] + (same ? 0 : 1), 1 + Math.min(d[i - 1][j], d[i][j - 1]));
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
        }
      }
    }
    return d[a.length()][b.length()];
  }
}
