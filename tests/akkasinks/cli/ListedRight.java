package akkasinks.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.ResourceType;

/**
 * An operation in a line of a table in docs/acls.md.
 *
 * @param thing what the page calls the resource: "data topic"
 */
record ListedRight(AclOperation operation, ResourceType resource, String thing) {
  private static final Pattern LINE =
      Pattern.compile("\\| (`\\w+`(?:, `\\w+`)*) \\| (\\w+) \\| ([^|]+) \\|.*");

  static ListedRight topic(AclOperation operation, String thing) {
    return new ListedRight(operation, ResourceType.TOPIC, thing);
  }

  static List<ListedRight> below(String heading) {
    List<ListedRight> all = new ArrayList<>();
    String page = page();
    String section = page.substring(page.indexOf("\n## " + heading + "\n") + 4).split("\n## ")[0];
    for (String text : section.lines().toList()) {
      Matcher line = LINE.matcher(text);
      if (line.matches()) {
        for (String operation : line.group(1).replace("`", "").split(", ")) {
          all.add(
              new ListedRight(
                  AclOperation.fromString(snake(operation)),
                  ResourceType.fromString(snake(line.group(2))),
                  line.group(3)));
        }
      }
    }
    assertThat(all).as("a table below " + heading).isNotEmpty();
    return all;
  }

  private static String page() {
    try {
      return Files.readString(Path.of("docs", "acls.md"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String snake(String camel) {
    return camel.replaceAll("(?<=[a-z])(?=[A-Z])", "_").toUpperCase(Locale.ROOT);
  }
}
