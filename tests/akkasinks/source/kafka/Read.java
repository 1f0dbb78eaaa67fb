package akkasinks.source.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import akkasinks.change.Batch;
import akkasinks.change.Position;
import akkasinks.source.ChangeSource;
import akkasinks.testing.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Reads until {@code count} changes have come, each as text, and the position after them. */
record Read(List<String> changes, Position position) {
  static Read of(ChangeSource.Stream stream, int count) {
    List<String> changes = new ArrayList<>();
    var last = new Position[1];
    Await.until(
        count + " changes",
        () -> {
          var batch = stream.next(Duration.ofMillis(100));
          IntStream.range(0, batch.size()).forEach(i -> changes.add(text(batch, i)));
          last[0] = batch.position();
          return changes.size() + (batch.quiet() ? 0 : -count);
        },
        size -> size >= count);
    assertThat(changes).hasSize(count);
    return new Read(changes, last[0]);
  }

  private static String text(Batch batch, int change) {
    return batch.op(change) + row(batch, batch.before(change)) + row(batch, batch.after(change));
  }

  private static String row(Batch batch, int row) {
    return row == Batch.NO_ROW
        ? " -"
        : " "
            + IntStream.range(0, batch.relation().columns().size())
                .mapToObj(c -> batch.length(row, c) == Batch.ABSENT ? "?" : batch.text(row, c))
                .toList();
  }
}
