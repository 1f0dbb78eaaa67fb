package akkasinks.format.json;

import static org.assertj.core.api.Assertions.assertThat;

import akkasinks.change.Batch;
import akkasinks.change.BatchBuilder;
import akkasinks.change.Column;
import akkasinks.change.Consolidate;
import akkasinks.change.Messages;
import akkasinks.change.Op;
import akkasinks.change.Relation;
import akkasinks.change.Type;
import akkasinks.envelope.Envelope;
import akkasinks.envelope.Upsert;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The hot path makes two arrays for a change, and hardly anything else. */
class AllocationTest {
  private static final int CHANGES = 10_000;
  private static final Relation TABLE =
      new Relation(
          1,
          "public",
          "orders",
          List.of(
              Column.of("id", Type.Scalar.INT8),
              Column.of("customer", Type.Scalar.TEXT),
              Column.of("total", Type.Scalar.NUMERIC),
              Column.of("at", Type.Scalar.TIMESTAMPTZ),
              Column.of("tags", new Type.Array(Type.Scalar.TEXT, ',')),
              Column.of("detail", Type.Scalar.JSONB)));

  @Test
  void aChangeAllocatesAtMost400BytesBeyondItsKeyAndValue() {
    var format = new JsonFormat(JsonOptions.DEFAULT);
    var upsert =
        new Upsert(
            format.row(TABLE, new int[] {0}),
            format.row(TABLE, new int[] {0, 1, 2, 3, 4, 5}),
            new int[] {0});
    var consolidate = Consolidate.perTransaction(List.of("id"));
    var batch = batch();
    long payload = run(consolidate, upsert, batch);
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    run(consolidate, upsert, batch);
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;
    assertThat((allocated - payload) / CHANGES).isBetween(0L, 400L);
  }

  private static long run(Consolidate consolidate, Envelope envelope, Batch batch) {
    long payload = 0;
    for (var netted : consolidate.apply(batch)) {
      var out = new Messages(netted);
      envelope.wrap(netted, out);
      payload += out.payloadBytes();
    }
    return payload;
  }

  private static Batch batch() {
    var builder = new BatchBuilder(TABLE, CHANGES, 1 << 20);
    for (int i = 0; i < CHANGES; i++) {
      int row = builder.row();
      for (var text :
          List.of(
              Integer.toString(i),
              "somebody with a \"name\"",
              "1234.50",
              "2026-11-11 11:11:11.12345+00",
              "{a,\"b \\\"c\\\"\"}",
              "{\"a\": [1, 2, 3]}")) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        builder.value(bytes, 0, bytes.length);
      }
      builder.change(Op.INSERT, Batch.NO_ROW, row, 1 + i / 10);
    }
    return builder.build(Encoded.SOMEWHERE, CHANGES, false);
  }
}
