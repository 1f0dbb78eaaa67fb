package akkasinks.catalog;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An option's value as it is kept: in clear, or as a reference to a secret, never the secret. */
public sealed interface Value {
  record Text(String text) implements Value {}

  /**
   * @param secretId lasting id of the secret, so that renaming it changes nothing
   */
  record Secret(String secretId) implements Value {}

  /**
   * Text that lies on the node which uses it, and is read there each time: {@code ${file:/path}} or
   * {@code ${env:NAME}}.
   *
   * @param name the file's path, or the variable's name
   */
  record External(Place place, String name) implements Value {
    private static final Pattern WRITTEN = Pattern.compile("\\$\\{(file|env):([^{}]+)\\}");

    /** Empty if the text is only text. */
    static Optional<External> in(String text) {
      Matcher written = WRITTEN.matcher(text);
      return written.matches()
          ? Optional.of(
              new External(
                  written.group(1).equals("file") ? Place.FILE : Place.ENVIRONMENT,
                  written.group(2)))
          : Optional.empty();
    }
  }

  /** Where an external value lies. */
  enum Place {
    FILE,
    ENVIRONMENT
  }
}
