package akkasinks.change;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class KafkaPositionTest {
  private static KafkaPosition at(Long... offsets) {
    return KafkaPosition.of("topic", List.of(offsets));
  }

  @Test
  void aPointPrecedesAnotherOnlyIfNoPartitionLiesBehindIt() {
    assertThat(at(1L, 5L).precedes(at(1L, 6L))).isTrue();
    assertThat(at(1L, 5L).precedes(at(1L, 5L))).isFalse();
    assertThat(at(1L, 5L).precedes(at(2L, 4L))).isFalse();
    assertThat(at(2L, 4L).precedes(at(1L, 5L))).isFalse();
    assertThat(at(1L).precedes(KafkaPosition.of("other", List.of(2L)))).isFalse();
  }

  @Test
  void aPartitionThatCameLaterBeginsAtZero() {
    assertThat(at(1L).next(1)).isZero();
    assertThat(at(1L).precedes(at(1L, 0L))).isFalse();
    assertThat(at(1L).precedes(at(1L, 1L))).isTrue();
    assertThat(at(1L, 1L).precedes(at(1L))).isFalse();
  }

  @Test
  void aResnapshotEndsWhereTheTopicEndedWhenItBegan() {
    var begun = new KafkaPosition("topic", List.of(0L, 0L), 2, List.of(3L, 1L));
    assertThat(begun.snapshotting()).isTrue();
    var under = begun.at(List.of(3L, 0L), 2);
    assertThat(under.snapshotting()).isTrue();
    var done = under.at(List.of(3L, 1L), 2);
    assertThat(done.snapshotting()).isFalse();
    assertThat(done.skipped()).isEqualTo(2);
    var empty = new KafkaPosition("topic", List.of(4L), 0, List.of(4L));
    assertThat(empty.precedes(empty.at(List.of(4L), 0))).isTrue();
  }
}
