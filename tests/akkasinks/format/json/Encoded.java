package akkasinks.format.json;

import akkasinks.change.Batch;
import akkasinks.change.BatchBuilder;
import akkasinks.change.Buffer;
import akkasinks.change.Column;
import akkasinks.change.Op;
import akkasinks.change.PostgresPosition;
import akkasinks.change.Relation;
import akkasinks.change.Type;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One value or row through the encoder. */
final class Encoded {
  static final PostgresPosition SOMEWHERE = PostgresPosition.of("1", 1, "slot", 1);

  private Encoded() {}

  /** The JSON of a column {@code c} with this text. */
  static String value(Type type, @Nullable String text, JsonOptions options) {
    var relation = new Relation(1, "public", "t", List.of(Column.of("c", type)));
    String json = row(relation, options, text);
    return json.substring("{\"c\":".length(), json.length() - 1);
  }

  /** The JSON of a row of these texts. */
  static String row(Relation relation, JsonOptions options, @Nullable String... texts) {
    var columns = new int[texts.length];
    for (int i = 0; i < texts.length; i++) {
      columns[i] = i;
    }
    var out = new Buffer(0);
    new JsonFormat(options).row(relation, columns).encode(batch(relation, texts), 0, out);
    return new String(out.toBytes(), StandardCharsets.UTF_8);
  }

  /** A batch with one INSERT of a row of these texts. */
  static Batch batch(Relation relation, @Nullable String... texts) {
    var builder = new BatchBuilder(relation, 1, 64);
    int row = builder.row();
    for (String text : texts) {
      if (text == null) {
        builder.nothing(Batch.NULL);
      } else {
        byte[] bytes = (">>>" + text + "<<<").getBytes(StandardCharsets.UTF_8);
        builder.value(bytes, 3, bytes.length - 6);
      }
    }
    builder.change(Op.INSERT, Batch.NO_ROW, row, 1);
    return builder.build(SOMEWHERE, 1, false);
  }
}
