package akkasinks.target;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akkasinks.base.Code;
import akkasinks.base.FailureException;
import akkasinks.change.Batch;
import akkasinks.change.Messages;
import akkasinks.change.PostgresPosition;
import akkasinks.change.Relation;
import akkasinks.progress.Mirror;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What every target promises; the fake that the simulation uses is held to the same. */
public interface TargetConformance {
  Relation RELATION = new Relation(1, "public", "t", List.of());

  /** A target of one sink that nobody has used yet; always the same one in a test. */
  Target target();

  /** Keys of the records that are committed, in order of writing. */
  List<String> committed();

  @Test
  default void aSinkThatNeverBeganHasNoProgress() {
    assertThat(target().peek(Mirror.EMPTY)).isEmpty();
    try (Target.Writer writer = target().fence(Mirror.EMPTY)) {
      assertThat(writer.progress()).isEmpty();
      assertThat(writer.incarnation()).isEqualTo(1);
    }
  }

  @Test
  default void nothingIsSeenBeforeTheCommitAndAllWithIt() {
    try (Target.Writer writer = begun()) {
      writer.write(messages("a"));
      assertThat(committed()).isEmpty();
      writer.commit(position(1));
      assertThat(committed()).containsExactly("a");
      assertThat(writer.stats().recordsCommitted()).isEqualTo(1);
    }
  }

  @Test
  default void aSuccessorFindsWhatWasCommittedAndFencesTheOther() {
    Target.Writer old = begun();
    old.write(messages("a"));
    old.commit(position(1));
    old.write(messages("never seen"));
    try (Target.Writer next = target().fence(Mirror.EMPTY)) {
      assertThat(next.progress().orElseThrow().frontier()).isEqualTo(position(1));
      assertThat(next.incarnation()).isEqualTo(2);
      assertThat(next.writerId()).isNotEqualTo(old.writerId());
      next.begin(position(1), List.of());
      assertThatThrownBy(() -> old.commit(position(2))).isInstanceOf(FailureException.class);
      next.write(messages("b"));
      next.commit(position(2));
    }
    old.close();
    assertThat(committed()).containsExactly("a", "b");
  }

  @Test
  default void aFencedWriterClosedLateDisturbsNobody() {
    Target.Writer old = begun();
    old.write(messages("z"));
    try (Target.Writer next = begun()) {
      next.write(messages("a"));
      old.close();
      next.commit(position(1));
    }
    assertThat(committed()).containsExactly("a");
  }

  @Test
  default void aMirrorThatSawMoreStalls() {
    Target.Committed done;
    try (Target.Writer writer = begun()) {
      done = writer.commit(position(5));
    }
    Mirror lying = new Mirror(Optional.of(done.record().at(position(9))), done.offset(), 1);
    assertThatThrownBy(() -> target().fence(lying))
        .isInstanceOfSatisfying(
            FailureException.class,
            e -> assertThat(e.failure().code()).isEqualTo(Code.HISTORY_CHANGED));
  }

  @Test
  default void anAttemptedNumberIsNotGivenAgain() {
    try (Target.Writer writer = target().fence(new Mirror(Optional.empty(), -1, 7))) {
      assertThat(writer.incarnation()).isEqualTo(8);
    }
  }

  @Test
  default void aForgottenSinkStartsFromNothing() {
    begun().close();
    target().forget();
    target().forget();
    assertThat(target().peek(Mirror.EMPTY)).isEmpty();
  }

  private Target.Writer begun() {
    Target.Writer writer = target().fence(Mirror.EMPTY);
    writer.begin(writer.progress().map(r -> r.frontier()).orElse(position(0)), List.of());
    return writer;
  }

  private static PostgresPosition position(long end) {
    return PostgresPosition.of("s", 1, "slot", end);
  }

  private static Messages messages(String key) {
    Messages messages = new Messages(Batch.empty(RELATION, position(0), false));
    byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
    messages.add(bytes, bytes);
    return messages;
  }
}
