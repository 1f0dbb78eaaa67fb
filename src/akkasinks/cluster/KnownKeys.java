package akkasinks.cluster;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.base.Nearest;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.util.Set;
import java.util.TreeSet;

/** Holds a configuration file to the keys that reference.conf declares. */
final class KnownKeys {
  private static final String OURS = "akkasinks.";

  private KnownKeys() {}

  /**
   * @throws akkasinks.base.FailureException INVALID_PARAMETER; its hint names a known key, if one
   *     is near
   */
  static void check(Config settings) {
    Set<String> known = ours(ConfigFactory.defaultReference());
    for (var key : ours(settings)) {
      if (!known.contains(key)) {
        throw Failure.of(Code.INVALID_PARAMETER, "unknown setting \"" + key + "\"")
            .hint(Nearest.hint(key, known.stream()))
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
}
