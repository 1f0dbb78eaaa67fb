package akkasinks.progress;

import static org.assertj.core.api.Assertions.assertThat;

import akkasinks.base.Code;
import akkasinks.change.PostgresPosition;
import akkasinks.change.SnapshotState;
import akkasinks.change.SnapshotState.Visible;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ProgressRulesTest {
  private static final Visible NONE = new Visible(1, 1, List.of());

  @Test
  void onlyAHigherNumberThatIsNotMineSupersedes() {
    assertThat(ProgressRules.superseded(record(4, "other", 0), Set.of("me"), 3)).isTrue();
    assertThat(ProgressRules.superseded(record(3, "other", 0), Set.of("me"), 3)).isFalse();
    assertThat(ProgressRules.superseded(record(4, "me", 0), Set.of("me"), 3)).isFalse();
  }

  @Test
  void aNumberThatIAttemptedIsMine() {
    assertThat(ProgressRules.superseded(record(4, "lost answer", 0), Set.of("me"), 4)).isFalse();
  }

  @Test
  void theNextNumberIsAboveAllThatWereOrWereTried() {
    Optional<ProgressRecord> five = Optional.of(record(5, "w", 0));
    assertThat(ProgressRules.next(Optional.empty(), Mirror.EMPTY)).isEqualTo(1);
    assertThat(ProgressRules.next(five, Mirror.EMPTY)).isEqualTo(6);
    assertThat(ProgressRules.next(five, new Mirror(Optional.empty(), -1, 9))).isEqualTo(10);
    assertThat(ProgressRules.next(Optional.empty(), new Mirror(five, 3, 2))).isEqualTo(6);
  }

  @Test
  void withoutAMirrorNothingIsContradicted() {
    assertThat(check(Optional.empty(), -1, Mirror.EMPTY)).isEmpty();
    assertThat(check(Optional.of(record(1, "w", 5)), 7, Mirror.EMPTY)).isEmpty();
  }

  @Test
  void whatGoesOnFromTheMirrorIsAccepted() {
    Mirror mirror = mirror(record(2, "w", 50), 7);
    assertThat(check(Optional.of(record(2, "w", 50)), 7, mirror)).isEmpty();
    assertThat(check(Optional.of(record(2, "w", 60)), 9, mirror)).isEmpty();
    assertThat(check(Optional.of(record(3, "v", 50)), 9, mirror)).isEmpty();
  }

  @Test
  void aTopicThatLostWhatTheMirrorSawIsContradicted() {
    Mirror mirror = mirror(record(2, "w", 50), 7);
    for (Optional<akkasinks.base.Failure> failure :
        List.of(
            check(Optional.empty(), -1, mirror),
            check(Optional.of(record(2, "w", 50)), 6, mirror),
            check(Optional.of(record(2, "w", 49)), 8, mirror),
            check(Optional.of(record(3, "v", 49)), 8, mirror),
            check(Optional.of(record(1, "w", 60)), 8, mirror))) {
      assertThat(failure)
          .hasValueSatisfying(
              f -> {
                assertThat(f.code()).isEqualTo(Code.HISTORY_CHANGED);
                assertThat(f.message()).contains("progress topic \"p\" has lost records");
                assertThat(f.hint()).isNotEmpty();
              });
    }
  }

  @Test
  void aResnapshotThatTheMirrorMissedIsNoLoss() {
    ProgressRecord again =
        new ProgressRecord(
            "u1", 3, "v", position(50, Optional.of(snapshot())), Map.of(), List.of(4L));
    assertThat(check(Optional.of(again), 8, mirror(record(2, "w", 50), 7))).isEmpty();
  }

  private static Optional<akkasinks.base.Failure> check(
      Optional<ProgressRecord> found, long offset, Mirror mirror) {
    return ProgressRules.contradiction(found, offset, mirror, "p");
  }

  private static Mirror mirror(ProgressRecord record, long offset) {
    return new Mirror(Optional.of(record), offset, record.incarnation());
  }

  private static ProgressRecord record(long incarnation, String writer, long end) {
    return new ProgressRecord(
        "u1", incarnation, writer, position(end, Optional.empty()), Map.of(), List.of());
  }

  private static PostgresPosition position(long end, Optional<SnapshotState> snapshot) {
    return PostgresPosition.of("s", 1, "slot", end).at(end, Optional.empty(), snapshot);
  }

  private static SnapshotState snapshot() {
    return SnapshotState.atSlot(NONE, true);
  }
}
