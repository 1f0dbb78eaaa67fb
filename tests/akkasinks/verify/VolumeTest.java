package akkasinks.verify;

import static org.assertj.core.api.Assertions.assertThat;

import akkasinks.catalog.Definition.Envelope;
import akkasinks.change.Batch;
import akkasinks.change.BatchBuilder;
import akkasinks.change.Op;
import akkasinks.change.PostgresPosition;
import akkasinks.source.ChangeSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many rows, of which nobody but the comparison could hold one back. */
class VolumeTest {
  private static final PostgresPosition AT = PostgresPosition.of("1", 1, "slot", 16);

  /** Distinct values weigh this much, so that a million rows are a gigabyte. */
  private static final String FILLING = "x".repeat(1000);

  @TempDir private Path work;

  @Test
  void ofManyRowsEachDifferenceIsFound() throws IOException {
    // 64 KiB at a time: each of the 64 files is spread again.
    compare(50_000, 64 << 10);
  }

  /** Passes with -Xmx64m. */
  @Test
  @Tag("full")
  void aMillionWideRowsFitIntoLittleMemory() throws IOException {
    compare(1_000_000, 1 << 20);
  }

  private void compare(int rows, long inMemory) throws IOException {
    var sink = new FakeSink(Envelope.UPSERT, () -> List.of((long) rows));
    var definition = sink.definition(List.of("key"), true);
    var report =
        new Verification(
                definition.sink(),
                _ -> new Cut(reading(rows), List.of((long) rows)),
                sink.stages(definition, _ -> 1).encode(),
                sink.stages(definition, _ -> 1).after(),
                topic(rows),
                work,
                new Verification.Limits(
                    Verification.Limits.DEFAULT.patience(),
                    Verification.Limits.DEFAULT.deadline(),
                    inMemory))
            .run(InstantSource.system());
    assertThat(report.rows()).isEqualTo(rows);
    assertThat(report.keys()).isEqualTo(rows);
    assertThat(report.different()).isEqualTo(rows / 1000);
    assertThat(report.missing()).isOne();
    assertThat(report.extra()).isOne();
    assertThat(report.equal()).isEqualTo(rows - rows / 1000 - 1);
    assertThat(report.differences()).hasSize(10);
  }

  private static String value(int row) {
    return row + FILLING;
  }

  private static ChangeSource.Reading reading(int rows) {
    return new ChangeSource.Reading() {
      @Override
      public long point() {
        return 16;
      }

      @Override
      public void rows(Consumer<Batch> each) {
        var batch = new BatchBuilder(FakeSink.RELATION, 16, 1024);
        for (int i = 0; i < rows; i++) {
          int row = batch.row();
          for (var text : List.of("key " + i, value(i))) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            batch.value(bytes, 0, bytes.length);
          }
          batch.change(Op.READ, Batch.NO_ROW, row, 0);
          if (batch.size() == 500 || i == rows - 1) {
            each.accept(batch.build(AT, batch.size(), false));
            batch = new BatchBuilder(FakeSink.RELATION, 16, 1024);
          }
        }
      }

      @Override
      public void close() {
        // Holds nothing.
      }
    };
  }

  /** Row 0 is missing, one key is extra, and of each thousand one differs in its last byte. */
  private static LiveTopic topic(int rows) {
    return new LiveTopic() {
      @Override
      public void live(List<Long> ends, Each each) {
        for (int i = rows; i > 0; i--) {
          var value = i % 1000 == 1 ? value(i) + "?" : value(i);
          each.take(
              ("key " + i).getBytes(StandardCharsets.UTF_8),
              value.getBytes(StandardCharsets.UTF_8));
        }
      }

      @Override
      public void keysFrom(List<Long> from, Consumer<byte[]> each) {
        // Nothing is written meanwhile.
      }

      @Override
      public boolean compacted() {
        return true;
      }
    };
  }
}
