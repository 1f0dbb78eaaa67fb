package akkasinks.source.postgres;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.change.BatchBuilder;
import akkasinks.change.Relation;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Takes the key out of rows, as texts. One thread. */
final class KeyTexts {
  private final List<String> columns;
  private @Nullable Relation relation;
  private int[] places = new int[0];

  /**
   * @param columns of the key, in key order
   */
  KeyTexts(List<String> columns) {
    this.columns = List.copyOf(columns);
  }

  List<String> of(BatchBuilder rows, int row) {
    if (relation != rows.relation()) {
      relation = rows.relation();
      places = columns.stream().mapToInt(rows.relation()::indexOf).toArray();
    }
    var texts = new ArrayList<String>(places.length);
    for (int i = 0; i < places.length; i++) {
      if (places[i] < 0 || rows.length(row, places[i]) < 0) {
        throw Failure.of(
                Code.KEY_MISSING,
                "a streamed change of table %s does not carry key column \"%s\""
                    .formatted(
                        Sql.name(rows.relation().schema(), rows.relation().name()), columns.get(i)))
            .hint("The replica identity must hold the key: it was changed since CREATE SINK.")
            .exception();
      }
      texts.add(rows.text(row, places[i]));
    }
    return texts;
  }
}
