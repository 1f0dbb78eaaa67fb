package akkasinks.bench;

import akkasinks.change.Batch;
import akkasinks.change.Messages;
import akkasinks.change.RowEncoder;
import akkasinks.envelope.Debezium;
import akkasinks.envelope.Envelope;
import akkasinks.envelope.Upsert;
import akkasinks.format.avro.AvroFormat;
import akkasinks.format.avro.AvroOptions;
import akkasinks.format.json.JsonFormat;
import akkasinks.format.json.JsonOptions;
import akkasinks.format.protobuf.ProtobufFormat;
import akkasinks.testing.SixColumns;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
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

/** Envelope and format alone: a change of six columns to its key and value. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class EncodeBenchmark {
  private static final int CHANGES = 4096;
  private static final int[] KEY = {0};
  private static final int[] ALL = {0, 1, 2, 3, 4, 5};

  private final Batch batch = SixColumns.batch(CHANGES, CHANGES);
  private final JsonFormat json = new JsonFormat(JsonOptions.DEFAULT);
  private final Envelope upsert =
      new Upsert(json.row(SixColumns.RELATION, KEY), json.row(SixColumns.RELATION, ALL), KEY);
  private final Envelope debezium =
      new Debezium(
          Optional.of(json.row(SixColumns.RELATION, KEY)),
          json.pair(SixColumns.RELATION, ALL),
          KEY);

  private final RowEncoder avroKey =
      AvroFormat.key(SixColumns.RELATION, KEY, AvroOptions.DEFAULT).rows(1);
  private final Envelope avroUpsert =
      new Upsert(
          avroKey, AvroFormat.row(SixColumns.RELATION, ALL, AvroOptions.DEFAULT).rows(2), KEY);
  private final Envelope avroDebezium =
      new Debezium(
          Optional.of(avroKey),
          AvroFormat.pair(SixColumns.RELATION, ALL, AvroOptions.DEFAULT).pairs(2),
          KEY);

  @Benchmark
  @OperationsPerInvocation(CHANGES)
  public Messages avroUpsert() {
    var messages = new Messages(batch);
    avroUpsert.wrap(batch, messages);
    return messages;
  }

  @Benchmark
  @OperationsPerInvocation(CHANGES)
  public Messages avroDebezium() {
    var messages = new Messages(batch);
    avroDebezium.wrap(batch, messages);
    return messages;
  }

  private final ProtobufFormat.Subject fresh = new ProtobufFormat.Subject("", List.of());
  private final RowEncoder protobufKey =
      ProtobufFormat.key(SixColumns.RELATION, KEY, "Key", fresh).rows(1);
  private final Envelope protobufUpsert =
      new Upsert(
          protobufKey, ProtobufFormat.row(SixColumns.RELATION, ALL, "Value", fresh).rows(2), KEY);
  private final Envelope protobufDebezium =
      new Debezium(
          Optional.of(protobufKey),
          ProtobufFormat.pair(SixColumns.RELATION, ALL, "Value", fresh).pairs(2),
          KEY);

  @Benchmark
  @OperationsPerInvocation(CHANGES)
  public Messages protobufUpsert() {
    var messages = new Messages(batch);
    protobufUpsert.wrap(batch, messages);
    return messages;
  }

  @Benchmark
  @OperationsPerInvocation(CHANGES)
  public Messages protobufDebezium() {
    var messages = new Messages(batch);
    protobufDebezium.wrap(batch, messages);
    return messages;
  }

  @Benchmark
  @OperationsPerInvocation(CHANGES)
  public Messages jsonUpsert() {
    var messages = new Messages(batch);
    upsert.wrap(batch, messages);
    return messages;
  }

  @Benchmark
  @OperationsPerInvocation(CHANGES)
  public Messages jsonDebezium() {
    var messages = new Messages(batch);
    debezium.wrap(batch, messages);
    return messages;
  }
}
