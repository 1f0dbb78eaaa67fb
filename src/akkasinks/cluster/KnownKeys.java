package akkasinks.cluster;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.util.Comparator;
import java.util.Set;
import java.util.TreeSet;

/** Holds a configuration file to the keys that reference.conf declares. */
final class KnownKeys {
  private static final String OURS = "akkasinks.";

  private KnownKeys() {}

  /**
   * @throws akkasinks.base.FailureException INVALID_PARAMETER naming the nearest known key
   */
  static void check(Config settings) {
    Set<String> known = ours(ConfigFactory.defaultReference());
    for (var key : ours(settings)) {
      if (!known.contains(key)) {
        var nearest =
            known.stream().min(Comparator.comparingInt(other -> distance(key, other))).orElse("");
        throw Failure.of(Code.INVALID_PARAMETER, "unknown setting \"" + key + "\"")
            .hint("The nearest known one is \"" + nearest + "\".")
            .exception();
      }
    }
  }

  private static Set<String> ours(Config config) {
    Set<String> keys = new TreeSet<>();
    config.entrySet().stream()
        .map(java.util.Map.Entry::getKey)
        .filter(key -> key.startsWith(OURS))
        .forEach(keys::add);
    return keys;
  }

  /** Levenshtein's distance. */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j - 1], row[j]));
      }
    }
    return row[b.length()];
  }
}
