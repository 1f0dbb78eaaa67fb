package akkasinks.format.protobuf;

import static org.assertj.core.api.Assertions.assertThat;

import akkasinks.change.Batch;
import akkasinks.change.Buffer;
import akkasinks.change.Column;
import akkasinks.change.Relation;
import akkasinks.change.Type;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Encoding makes nothing for a row: its bytes go into the one buffer. */
class ProtobufAllocationTest {
  private static final int ROWS = 10_000;
  private static final Relation TABLE =
      new Relation(
          1,
          "public",
          "orders",
          List.of(
              Column.of("id", Type.Scalar.INT8),
              Column.of("customer", Type.Scalar.TEXT),
              Column.of("total", Type.Scalar.NUMERIC),
              Column.of("weight", Type.Scalar.FLOAT8),
              Column.of("at", Type.Scalar.TIMESTAMPTZ),
              Column.of("tags", new Type.Array(Type.Scalar.TEXT, ',')),
              Column.of("detail", Type.Scalar.JSONB)));

  @Test
  void aRowAllocatesAtMostOneTimestamp() {
    var format =
        ProtobufFormat.pair(
            TABLE,
            IntStream.range(0, TABLE.columns().size()).toArray(),
            "Value",
            new ProtobufFormat.Subject("t-value", List.of()));
    var pairs = format.pairs(1);
    var rows =
        IntStream.range(0, ROWS)
            .mapToObj(
                i ->
                    new String[] {
                      Integer.toString(i),
                      "somebody with a \"name\"",
                      "1234.50",
                      "12.25",
                      "2026-11-11 11:11:11.12345+00",
                      "{a,\"b \\\"c\\\"\"}",
                      "{\"a\": [1, 2, 3]}"
                    })
            .toArray(String[][]::new);
    var batch = Samples.batch(TABLE, rows);
    var out = new Buffer(1 << 12);
    Runnable encodeAll =
        () -> {
          for (int i = 0; i < ROWS; i++) {
            out.clear();
            pairs.encode(batch, Batch.NO_ROW, i, out);
          }
        };
    encodeAll.run();
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    encodeAll.run();
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;
    // Until the compiler sees that it need not, a timestamp is one small record.
    assertThat(allocated / ROWS).isLessThanOrEqualTo(32);
  }
}
