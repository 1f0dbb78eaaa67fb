package akkasinks.verify;

import akkasinks.base.FailureException;
import akkasinks.catalog.Definition.Envelope;
import akkasinks.catalog.Definition.ResolvedSink;
import akkasinks.change.Batch;
import akkasinks.change.BatchBuilder;
import akkasinks.change.Column;
import akkasinks.change.Messages;
import akkasinks.change.Op;
import akkasinks.change.Position;
import akkasinks.change.PostgresPosition;
import akkasinks.change.Relation;
import akkasinks.change.SnapshotState;
import akkasinks.change.Type;
import akkasinks.pipeline.Connectors;
import akkasinks.pipeline.SinkRunner;
import akkasinks.pipeline.Stages;
import akkasinks.source.ChangeSource;
import akkasinks.target.Target;
import akkasinks.testing.SinkDefinitions;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A running sink of a table (key, value) held in memory. It has no stream: whoever writes the table
 * writes the topic too, both under this object's lock, and a cut is what holds between two writes.
 */
final class FakeSink implements Connectors, ChangeSource, SinkRunner.Running {
  static final Relation RELATION =
      new Relation(
          1,
          "public",
          "t",
          List.of(Column.of("key", Type.Scalar.TEXT), Column.of("value", Type.Scalar.TEXT)));

  private static final SnapshotState BEGUN =
      SnapshotState.atSlot(new SnapshotState.Visible(3, 3, List.of()), false);

  final Map<String, String> table = new LinkedHashMap<>();
  private final Envelope envelope;
  private final Supplier<List<Long>> ends;
  private Optional<FailureException> unreadable = Optional.empty();
  private Runnable afterCut = () -> {};
  private boolean started = true;
  private boolean snapshotting;
  private int open;

  FakeSink(Envelope envelope, Supplier<List<Long>> ends) {
    this.envelope = envelope;
    this.ends = ends;
  }

  /** What happens right after each cut, before anything is read. */
  FakeSink afterCut(Runnable happens) {
    afterCut = happens;
    return this;
  }

  FakeSink unreadable(FailureException why) {
    unreadable = Optional.of(why);
    return this;
  }

  FakeSink snapshotting() {
    snapshotting = true;
    return this;
  }

  FakeSink notStarted() {
    started = false;
    return this;
  }

  /** Readings that were not closed. */
  synchronized int open() {
    return open;
  }

  ResolvedSink definition(List<String> key, boolean snapshot) {
    return SinkDefinitions.unconnected("s1", "t", key, envelope, snapshot);
  }

  @Override
  public ChangeSource source(ResolvedSink sink) {
    return this;
  }

  @Override
  public Target target(ResolvedSink sink) {
    throw new AssertionError("a comparison writes nothing");
  }

  @Override
  public Stages stages(ResolvedSink sink, Target.Places places) {
    return new Stages(List::of, this::encode, messages -> messages, (_, _) -> List.of());
  }

  /** The value of a row in the topic. */
  String record(String value) {
    return switch (envelope) {
      case UPSERT, APPEND -> value;
      case DEBEZIUM -> "{\"before\":null,\"after\":%s}".formatted(value);
    };
  }

  private Messages encode(Batch batch) {
    var messages = new Messages(batch);
    for (int i = 0; i < batch.size(); i++) {
      messages.add(
          batch.text(batch.after(i), 0).getBytes(StandardCharsets.UTF_8),
          record(batch.text(batch.after(i), 1)).getBytes(StandardCharsets.UTF_8));
    }
    return messages;
  }

  @Override
  public synchronized CompletionStage<List<Long>> cut(Callable<Long> point, Relation of) {
    try {
      point.call();
      return CompletableFuture.completedFuture(ends.get());
    } catch (Exception e) {
      return CompletableFuture.failedFuture(e);
    } finally {
      afterCut.run();
    }
  }

  @Override
  public Reading read(Duration patience) {
    if (unreadable.isPresent()) {
      throw unreadable.get();
    }
    open++;
    var rows = new LinkedHashMap<>(table);
    return new Reading() {
      @Override
      public long point() {
        return 0x1_0000_0010L;
      }

      @Override
      public void rows(Consumer<Batch> each) {
        var batch = new BatchBuilder(RELATION, 16, 1024);
        for (var entry : rows.entrySet()) {
          int row = batch.row();
          for (var text : List.of(entry.getKey(), entry.getValue())) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            batch.value(bytes, 0, bytes.length);
          }
          batch.change(Op.READ, Batch.NO_ROW, row, 0);
          if (batch.size() == 1000) {
            each.accept(batch.build(position(), 1000, false));
            batch = new BatchBuilder(RELATION, 16, 1024);
          }
        }
        each.accept(batch.build(position(), batch.size(), true));
      }

      @Override
      public void close() {
        synchronized (FakeSink.this) {
          open--;
        }
      }
    };
  }

  private Position position() {
    return PostgresPosition.of("1", 1, "slot", 16)
        .at(16, Optional.empty(), snapshotting ? Optional.of(BEGUN) : Optional.empty());
  }

  @Override
  public SinkRunner.Stats stats() {
    return started
        ? new SinkRunner.Stats(0, 0, 0, 0, Optional.of(position()), Optional.empty())
        : SinkRunner.Stats.NONE;
  }

  @Override
  public CompletionStage<Void> stop() {
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public Inspection inspect() {
    throw new AssertionError("not asked for");
  }

  @Override
  public Position begin() {
    throw new AssertionError("not asked for");
  }

  @Override
  public Stream open(Position position) {
    throw new AssertionError("not asked for");
  }

  @Override
  public Position again(Optional<Position> frontier) {
    throw new AssertionError("not asked for");
  }

  @Override
  public void forget() {
    throw new AssertionError("not asked for");
  }
}
