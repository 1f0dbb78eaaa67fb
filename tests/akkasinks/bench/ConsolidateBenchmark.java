package akkasinks.bench;

import akkasinks.change.Batch;
import akkasinks.change.Consolidate;
import akkasinks.testing.SixColumns;
import java.util.List;
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

/** Netting alone: a transaction of 4,096 changes, each to a key of its own, or over 100 keys. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ConsolidateBenchmark {
  private static final int CHANGES = 4096;

  private final Batch distinct = SixColumns.batch(CHANGES, CHANGES);
  private final Batch hot = SixColumns.batch(CHANGES, 100);
  private final Consolidate netting = Consolidate.perTransaction(List.of("id"));

  @Benchmark
  @OperationsPerInvocation(CHANGES)
  public List<Batch> distinctKeys() {
    return netting.apply(distinct);
  }

  @Benchmark
  @OperationsPerInvocation(CHANGES)
  public List<Batch> hotKeys() {
    return netting.apply(hot);
  }
}
