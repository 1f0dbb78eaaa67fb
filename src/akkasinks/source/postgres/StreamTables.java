package akkasinks.source.postgres;

import akkasinks.base.FailureException;
import akkasinks.change.PostgresPosition;
import akkasinks.change.Relation;
import akkasinks.source.ChangeSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The tables that a stream carries. Used by the stream's thread. */
sealed interface StreamTables extends AutoCloseable permits OneTable, ManyTables {

  /** The table of that oid, if it is in the stream. */
  @Nullable TableChanges of(int oid);

  /** What batches without changes bear. */
  Relation relation();

  /** Of a table that is not in the stream. */
  void elsewhere(RelationMessage message);

  /** A table that enters the stream between two transactions is described, as far as is known. */
  void describe(TableChanges table);

  /** The position, with what the tables' snapshots have to keep in it. */
  PostgresPosition keeping(PostgresPosition place);

  /** The snapshots that run; asked for each message. */
  List<Snapshot> snapshots();

  /**
   * The table cannot go on.
   *
   * @throws FailureException what is given, unless the sink can go on without the table
   */
  void failed(TableChanges table, FailureException why);

  /** The table whose snapshot this is cannot go on; see above. */
  void failed(Snapshot snapshot, FailureException why);

  /** Whether a source transaction may not be taken apart. */
  boolean atomic();

  /** Between two transactions: tables may enter and leave. */
  void look(Supplier<PostgresPosition> place);

  /** Of all snapshots together; empty if none runs. Thread-safe. */
  Optional<ChangeSource.Snapshot> progress();

  /** Why nothing moves although the stream is healthy, or empty. Thread-safe. */
  String waiting();

  /** What a person should know of the tables, or empty. Thread-safe. */
  String notice();

  @Override
  void close();
}
