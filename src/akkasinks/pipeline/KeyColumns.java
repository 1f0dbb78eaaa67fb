package akkasinks.pipeline;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.change.Relation;
import java.util.List;

/** Where the columns of a sink's KEY are in its relation. */
final class KeyColumns {
  private KeyColumns() {}

  /**
   * @throws akkasinks.base.FailureException SCHEMA_CHANGED if one is gone
   */
  static int[] of(Relation relation, List<String> names) {
    return names.stream()
        .mapToInt(
            name -> {
              int column = relation.indexOf(name);
              if (column < 0) {
                throw Failure.of(
                        Code.SCHEMA_CHANGED,
                        "key column \"%s\" is gone from table \"%s\""
                            .formatted(name, relation.name()))
                    .hint("Add the column again, or drop the sink and create it with another KEY")
                    .exception();
              }
              return column;
            })
        .toArray();
  }
}
