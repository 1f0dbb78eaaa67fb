package akkasinks.catalog;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.change.Relation;
import java.util.regex.Pattern;

/**
 * A topic's name, which may depend on the relation: {@code {schema}} and {@code {table}} stand for
 * its names, with an underscore for each character that Kafka does not take.
 */
public record TopicPattern(String text) {
  private static final String SCHEMA = "{schema}";
  private static final String TABLE = "{table}";
  private static final Pattern NOT_LEGAL = Pattern.compile("[^a-zA-Z0-9._-]");

  /** Whether relations go to topics of their own. */
  public boolean varies() {
    return text.contains(TABLE);
  }

  /** The topic that records of this relation go to. */
  public String of(Relation relation) {
    return varies()
        ? text.replace(SCHEMA, legal(relation.schema())).replace(TABLE, legal(relation.name()))
        : text;
  }

  /** The topics that it can give, and perhaps others. */
  public Pattern names() {
    return Pattern.compile(
        Pattern.quote(text).replace(SCHEMA, "\\E.*\\Q").replace(TABLE, "\\E.*\\Q"));
  }

  /** Two relations would write into one topic. */
  public Failure clash(Relation one, Relation other) {
    return Failure.of(
        Code.INVALID_DEFINITION,
        "two tables would go to topic \"%s\": %s.%s and %s.%s"
            .formatted(of(one), one.schema(), one.name(), other.schema(), other.name()));
  }

  private static String legal(String name) {
    return NOT_LEGAL.matcher(name).replaceAll("_");
  }
}
