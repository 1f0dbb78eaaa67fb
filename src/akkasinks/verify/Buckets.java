package akkasinks.verify;

import akkasinks.verify.VerifyReport.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Compares two sides that fit on disk but not in memory: both are spread over files by the same
 * hash of the key, and then file is compared with file. A file that is too large is spread again (a
 * Grace hash join).
 */
final class Buckets {
  /** A file of the table's side up to this many bytes is held in memory, at about four times. */
  static final long IN_MEMORY = 8 << 20;

  /** Beyond 64^5 files only equal keys can be left together. */
  private static final int DEEPEST = 5;

  private final boolean covered;
  private final long inMemory;
  private final Tally tally = new Tally();

  /**
   * @param covered whether a row without a record is a difference
   */
  Buckets(boolean covered, long inMemory) {
    this.covered = covered;
    this.inMemory = inMemory;
  }

  /** Consumes both sides: their files are gone afterwards. */
  Tally compare(Pairs table, Pairs topic, Path work, int level) throws IOException {
    for (int file = 0; file < Pairs.FILES; file++) {
      if (table.bytes(file) <= inMemory || level == DEEPEST) {
        compareInMemory(table, topic, file);
      } else {
        try (var smallerTable = new Pairs(work.resolve("table-" + level), level + 1);
            var smallerTopic = new Pairs(work.resolve("topic-" + level), level + 1)) {
          table.read(file, smallerTable::add);
          table.delete(file);
          topic.read(file, smallerTopic::add);
          topic.delete(file);
          smallerTable.close();
          smallerTopic.close();
          compare(smallerTable, smallerTopic, work, level + 1);
        }
      }
      table.delete(file);
      topic.delete(file);
    }
    return tally;
  }

  /** A row, and more of the same key where KEY is NOT ENFORCED. */
  private static final class Row {
    final Sample value;
    final @Nullable Row other;
    boolean seen;

    Row(Sample value, @Nullable Row other) {
      this.value = value;
      this.other = other;
    }

    boolean matches(Sample topic) {
      for (Row row = this; row != null; row = row.other) {
        if (row.value.same(topic)) {
          return true;
        }
      }
      return false;
    }
  }

  private void compareInMemory(Pairs table, Pairs topic, int file) throws IOException {
    Map<Bytes, Row> rows = new HashMap<>();
    table.read(
        file, (key, value) -> rows.compute(new Bytes(key), (_, before) -> new Row(value, before)));
    topic.read(
        file,
        (key, value) -> {
          var row = rows.get(new Bytes(key));
          if (row == null) {
            tally.finding(Kind.EXTRA, key, null, value);
            return;
          }
          row.seen = true;
          if (row.matches(value)) {
            tally.equal();
          } else {
            tally.finding(Kind.DIFFERENT, key, row.value, value);
          }
        });
    rows.forEach(
        (key, row) -> {
          if (row.seen) {
            return;
          }
          if (covered) {
            tally.finding(Kind.MISSING, key.array(), row.value, null);
          } else {
            tally.uncovered();
          }
        });
  }
}
