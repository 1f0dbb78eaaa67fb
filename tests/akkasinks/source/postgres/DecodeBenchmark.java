package akkasinks.source.postgres;

import akkasinks.change.Batch;
import akkasinks.change.BatchBuilder;
import akkasinks.change.PostgresPosition;
import akkasinks.testing.SixColumns;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** COPY lines and pgoutput messages of six columns into batches. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class DecodeBenchmark {
  private static final int CHANGES = 4096;

  private final byte[][] lines =
      LongStream.range(0, CHANGES)
          .mapToObj(i -> SixColumns.copyLine(1_000_000 + i))
          .toArray(byte[][]::new);
  private final byte[][] messages =
      LongStream.range(0, CHANGES).mapToObj(i -> insert(1_000_000 + i)).toArray(byte[][]::new);

  @Benchmark
  @OperationsPerInvocation(CHANGES)
  public Batch copyText() {
    var out = new BatchBuilder(SixColumns.RELATION, CHANGES, CHANGES * 160);
    for (var line : lines) {
      CopyText.read(line, 6, out);
    }
    return out.build(START, CHANGES, false);
  }

  @Benchmark
  @OperationsPerInvocation(CHANGES)
  public Batch pgoutputInserts() {
    var out = new BatchBuilder(SixColumns.RELATION, CHANGES, CHANGES * 160);
    var decoder = new PgOutput(SixColumns.RELATION, new boolean[6]);
    var in = new Cursor();
    for (var message : messages) {
      in.reset(message, 30);
      int row = decoder.inserted(in, out);
      out.change(akkasinks.change.Op.INSERT, Batch.NO_ROW, row, 1);
    }
    return out.build(START, CHANGES, false);
  }

  private static final PostgresPosition START = PostgresPosition.of("1", 1, "s", 1);

  /** XLogData with an Insert, as PostgreSQL's protocol documentation lays it out. */
  private static byte[] insert(long id) {
    var out = ByteBuffer.allocate(1_000);
    out.put((byte) 'w').putLong(1).putLong(1).putLong(1);
    out.put((byte) 'I').putInt(16_400).put((byte) 'N').putShort((short) 6);
    for (var text : SixColumns.texts(id)) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      out.put((byte) 't').putInt(bytes.length).put(bytes);
    }
    byte[] message = new byte[out.position()];
    out.flip().get(message);
    return message;
  }
}
