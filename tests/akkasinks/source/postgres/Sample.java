package akkasinks.source.postgres;

import akkasinks.catalog.Definition.OnTruncate;
import akkasinks.catalog.Definition.Retention;
import akkasinks.change.Batch;
import akkasinks.change.Position;
import akkasinks.source.ChangeSource;
import akkasinks.testing.RealPostgres.Database;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A source over one table of a test's database, and readable changes. */
final class Sample {
  static final Duration PATIENCE = Duration.ofMillis(200);

  private Sample() {}

  static PostgresSettings settings(Database database) {
    return PostgresSettings.of(
        database.host(),
        database.port(),
        database.user(),
        database::password,
        database.name(),
        "disable");
  }

  /** Slots live beside databases: the name carries the database's, which is unique. */
  static PostgresSpec spec(Database database, String table, String... key) {
    return new PostgresSpec(
        settings(database),
        "s_" + database.name(),
        Optional.empty(),
        "public",
        table,
        List.of(key),
        true,
        false,
        false,
        OnTruncate.STALL,
        new Retention(0, false),
        1000,
        1 << 20,
        InstantSource.system());
  }

  static PostgresSpec through(PostgresSpec spec, String publication) {
    return copy(
        spec,
        Optional.of(publication),
        spec.needsBefore(),
        spec.snapshot(),
        spec.onTruncate(),
        spec.retention(),
        spec.chunkRows());
  }

  static PostgresSpec with(PostgresSpec spec, boolean needsBefore, OnTruncate onTruncate) {
    return copy(
        spec,
        spec.publication(),
        needsBefore,
        spec.snapshot(),
        onTruncate,
        spec.retention(),
        spec.chunkRows());
  }

  static PostgresSpec keeping(PostgresSpec spec, Retention retention) {
    return copy(
        spec,
        spec.publication(),
        spec.needsBefore(),
        spec.snapshot(),
        spec.onTruncate(),
        retention,
        spec.chunkRows());
  }

  /** With a snapshot or without, in chunks of so many rows. */
  static PostgresSpec snapshot(PostgresSpec spec, boolean snapshot, int chunkRows) {
    return copy(
        spec,
        spec.publication(),
        spec.needsBefore(),
        snapshot,
        spec.onTruncate(),
        spec.retention(),
        chunkRows);
  }

  private static PostgresSpec copy(
      PostgresSpec spec,
      Optional<String> publication,
      boolean needsBefore,
      boolean snapshot,
      OnTruncate onTruncate,
      Retention retention,
      int chunkRows) {
    return new PostgresSpec(
        spec.settings(),
        spec.slot(),
        publication,
        spec.schema(),
        spec.table(),
        spec.key(),
        spec.keyEnforced(),
        needsBefore,
        snapshot,
        onTruncate,
        retention,
        chunkRows,
        spec.chunkBytes(),
        spec.clock());
  }

  /** A change as {@code "UPDATE 1,a → 1,b"}. */
  static List<String> changes(Batch batch) {
    var changes = new ArrayList<String>();
    for (int i = 0; i < batch.size(); i++) {
      changes.add(
          batch.op(i) + " " + row(batch, batch.before(i)) + " → " + row(batch, batch.after(i)));
    }
    if (batch.truncation().isPresent()) {
      changes.add("TRUNCATE");
    }
    return changes;
  }

  private static String row(Batch batch, int row) {
    if (row == Batch.NO_ROW) {
      return "-";
    }
    var columns = new ArrayList<String>();
    for (int i = 0; i < batch.relation().columns().size(); i++) {
      columns.add(batch.length(row, i) == Batch.ABSENT ? "?" : batch.text(row, i));
    }
    return String.join(",", columns);
  }

  /** What the stream gives until so many changes came. */
  record Read(List<String> changes, Position position, Batch last) {}

  static Read read(ChangeSource.Stream stream, int count) throws InterruptedException {
    var changes = new ArrayList<String>();
    var batch = stream.next(PATIENCE);
    changes.addAll(changes(batch));
    for (int i = 0; changes.size() < count && i < 200; i++) {
      batch = stream.next(PATIENCE);
      changes.addAll(changes(batch));
    }
    return new Read(changes, batch.position(), batch);
  }
}
