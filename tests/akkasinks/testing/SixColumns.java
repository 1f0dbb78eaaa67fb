package akkasinks.testing;

import akkasinks.change.Batch;
import akkasinks.change.BatchBuilder;
import akkasinks.change.Column;
import akkasinks.change.Op;
import akkasinks.change.PostgresPosition;
import akkasinks.change.Relation;
import akkasinks.change.Type.Scalar;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The benchmarks' table of six columns, and its rows as PostgreSQL writes them. */
public final class SixColumns {
  public static final Relation RELATION =
      new Relation(
          16_400,
          "public",
          "items",
          List.of(
              Column.of("id", Scalar.INT8),
              Column.of("customer", Scalar.INT4),
              Column.of("status", Scalar.TEXT),
              Column.of("amount", Scalar.NUMERIC),
              Column.of("note", Scalar.TEXT),
              Column.of("at", Scalar.TIMESTAMPTZ)));

  private static final String[] STATUS = {"new", "paid", "shipped"};

  private SixColumns() {}

  /** The columns' texts of row {@code id}. */
  public static String[] texts(long id) {
    var note =
        Long.toHexString(id * 0x9E3779B97F4A7C15L) + Long.toHexString(id * 0x6eed0e9da4d94a4fL);
    return new String[] {
      Long.toString(id),
      Long.toString(id % 20_000),
      STATUS[(int) (id % 3)],
      "%d.%02d".formatted(id % 1_000, id % 100),
      note + note,
      "2026-11-26 17:%02d:%02d.%06d+00".formatted(id / 60 % 60, id % 60, id % 1_000_000)
    };
  }

  /** A line of COPY TO STDOUT. */
  public static byte[] copyLine(long id) {
    return (String.join("\t", texts(id)) + "\n").getBytes(StandardCharsets.UTF_8);
  }

  /** {@code changes} changes over {@code keys} keys: inserts, or updates if keys are fewer. */
  public static Batch batch(int changes, int keys) {
    var builder = new BatchBuilder(RELATION, changes, changes * 160);
    for (int i = 0; i < changes; i++) {
      int row = builder.row();
      for (var text : texts(1_000_000 + i % keys)) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        builder.value(bytes, 0, bytes.length);
      }
      builder.change(i < keys ? Op.INSERT : Op.UPDATE, Batch.NO_ROW, row, 1);
    }
    return builder.build(POSITION, changes, false);
  }

  private static final PostgresPosition POSITION = PostgresPosition.of("1", 1, "s", 1);
}
