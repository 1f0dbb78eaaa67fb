package akkasinks.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akkasinks.change.Batch;
import akkasinks.change.Batch.Ending;
import akkasinks.change.BatchBuilder;
import akkasinks.change.Column;
import akkasinks.change.Messages;
import akkasinks.change.Op;
import akkasinks.change.Position;
import akkasinks.change.PostgresPosition;
import akkasinks.change.Relation;
import akkasinks.change.Type;
import akkasinks.progress.ProgressRecord;
import akkasinks.source.ChangeSource;
import akkasinks.target.Target;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

class DeliveryTest {
  private static final Relation TABLE =
      new Relation(1, "public", "t", List.of(Column.of("id", Type.Scalar.INT8)));

  /** One record is over the limit already. */
  private static final Delivery.Limits AT_EACH_RECORD =
      new Delivery.Limits(Duration.ZERO, 1, 1, Duration.ZERO, Duration.ofMinutes(10));

  private static final Delivery.Limits PATIENT = Delivery.Limits.within(Duration.ofMinutes(10));

  private final List<String> steps = new ArrayList<>();
  private Instant now = Instant.EPOCH;
  private final Delivery delivery = delivery(AT_EACH_RECORD);

  private Delivery delivery(Delivery.Limits limits) {
    return new Delivery(
        new Writes(),
        new Confirmed(),
        position(1),
        (_, _) -> List.of(),
        _ -> {},
        () -> now,
        limits);
  }

  @Test
  void nothingIsCommittedBetweenThePartsOfAChunkHoweverMuchTheyHold() {
    delivery.accept(messages(2, 3, Ending.PART));
    delivery.accept(messages(2, 3, Ending.PART));
    assertThat(steps).containsExactly("write 3", "write 3");
    delivery.accept(messages(2, 1, Ending.WHOLE));
    assertThat(steps).endsWith("write 1", "commit 2", "confirm 2");
  }

  @Test
  void aStreamThatEndsInsideAChunkCommitsNothing() {
    delivery.accept(messages(2, 3, Ending.PART));
    delivery.complete();
    assertThat(steps).containsExactly("write 3");
  }

  @Test
  void whatWasDueBeforeAChunkIsCommittedBeforeItsFirstPart() {
    delivery.accept(messages(2, 1, Ending.WHOLE));
    delivery.accept(messages(3, 1, Ending.PART));
    assertThat(steps).containsExactly("write 1", "commit 2", "confirm 2", "write 1");
  }

  @Test
  void whatCameWhileACommitWasUnderWayIsCommittedTogether() {
    var patient = delivery(PATIENT);
    var first = patient.expect(messages(2, 1, Ending.QUIET));
    var second = patient.expect(messages(3, 1, Ending.QUIET));
    patient.accept(first);
    assertThat(steps).containsExactly("write 1");
    patient.accept(second);
    assertThat(steps).containsExactly("write 1", "write 1", "commit 3", "confirm 3");
    patient.accept(patient.expect(messages(4, 1, Ending.QUIET)));
    assertThat(steps).endsWith("write 1", "commit 4", "confirm 4");
  }

  @Test
  void theTopicsEndAtACutHoldsNothingThatCameAfterIt() {
    var patient = delivery(PATIENT);
    patient.onReaching(2, TABLE, offsets -> steps.add("ends"));
    var first = patient.expect(messages(2, 1, Ending.QUIET));
    var second = patient.expect(messages(3, 1, Ending.QUIET));
    patient.accept(first);
    assertThat(steps).containsExactly("write 1", "commit 2", "confirm 2", "ends");
    patient.accept(second);
    assertThat(steps).endsWith("write 1", "commit 3", "confirm 3");
  }

  @Test
  void aSourceTransactionThatDoesNotFitIsAbortedOnceAndCountedToItsEnd() {
    var atomic = delivery(Delivery.Limits.within(Duration.ofSeconds(10)));
    atomic.accept(messages(2, 100, Ending.PART));
    now = now.plusSeconds(9);
    atomic.accept(messages(2, 20, Ending.PART));
    atomic.accept(messages(2, 60, Ending.PART));
    assertThat(steps).containsExactly("write 100", "write 20", "abort");
    assertThatThrownBy(() -> atomic.accept(messages(2, 60, Ending.WHOLE)))
        .hasMessageContaining("a source transaction of 240 records")
        .hasMessageContaining("about 18 s")
        .hasMessageContaining("TRANSACTION TIMEOUT is 10 s");
    atomic.complete();
    assertThat(steps).containsExactly("write 100", "write 20", "abort");
  }

  private static Position position(long end) {
    return PostgresPosition.of("1", 1, "slot", end);
  }

  private static long end(Position position) {
    return ((PostgresPosition) position).end();
  }

  private static Messages messages(long end, int count, Ending ending) {
    var rows = new BatchBuilder(TABLE, count, 16);
    for (int i = 0; i < count; i++) {
      rows.nothing(Batch.NULL);
      rows.change(Op.READ, Batch.NO_ROW, rows.row(), 0);
    }
    var messages = new Messages(rows.build(position(end), count, ending));
    for (int i = 0; i < count; i++) {
      messages.add(new byte[] {1}, new byte[] {2});
    }
    return messages;
  }

  private final class Confirmed implements ChangeSource.Stream {
    @Override
    public Batch next(Duration patience) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void confirm(Position frontier) {
      steps.add("confirm " + end(frontier));
    }

    @Override
    public boolean wantsConfirmation() {
      return false;
    }

    @Override
    public void hold() {}

    @Override
    public void cutAt(long point) {}

    @Override
    public ChangeSource.Status status() {
      return new ChangeSource.Status(-1, -1, Optional.empty(), "");
    }

    @Override
    public void close() {}
  }

  private final class Writes implements Target.Writer {
    @Override
    public long incarnation() {
      return 1;
    }

    @Override
    public String writerId() {
      return "w";
    }

    @Override
    public Optional<ProgressRecord> progress() {
      return Optional.empty();
    }

    @Override
    public Target.Committed begin(Position position, List<Long> resnapshotFrom) {
      throw new UnsupportedOperationException();
    }

    @Override
    public List<Long> resnapshotFrom() {
      return List.of();
    }

    @Override
    public void settled() {}

    @Override
    public int partitions(Relation relation) {
      return 1;
    }

    @Override
    public void write(Messages messages) {
      steps.add("write " + messages.size());
    }

    @Override
    public Target.Committed commit(Position position) {
      steps.add("commit " + end(position));
      return new Target.Committed(
          new ProgressRecord("k", 1, "w", position, Map.of(), List.of()), 0);
    }

    @Override
    public void tombstone(Relation relation, Predicate<Target.Live> stale) {}

    @Override
    public List<Long> endOffsets(Relation relation) {
      return List.of(0L);
    }

    @Override
    public Duration transactionTimeout() {
      return Duration.ofMinutes(10);
    }

    @Override
    public void abort() {
      steps.add("abort");
    }

    @Override
    public Target.Stats stats() {
      return new Target.Stats(0, 0, 0);
    }

    @Override
    public void close() {}
  }
}
