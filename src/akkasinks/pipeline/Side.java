package akkasinks.pipeline;

import akkasinks.change.EventEncoder;
import akkasinks.change.PairEncoder;
import akkasinks.change.Relation;
import akkasinks.change.RowEncoder;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The keys of a sink's records, or their values, in their format. */
sealed interface Side permits PlainSide, RegisteredSide {
  /** Makes ready outside what rows of this relation need to be encoded; may block. Thread-safe. */
  void prepare(Relation relation);

  /** Whether outside would take this relation now; changes nothing there. */
  void check(Relation relation);

  /**
   * The schema as a user reads it.
   *
   * @throws akkasinks.base.FailureException NOT_SUPPORTED if the format has none
   */
  String schema(Relation relation);

  /** Writes keys, or rows as values; belongs to one thread, as the other encoders do. */
  RowEncoder rows(Relation relation);

  /** Writes the rows before and after a change as one value. */
  PairEncoder pairs(Relation relation);

  /** Writes Debezium's whole event. */
  EventEncoder events(Relation relation);

  /** Reads keys: one source text per key column. */
  Function<byte[], List<String>> keys(Relation relation);

  /** Bytes at a key's beginning that say nothing of the key, and must not choose its partition. */
  int header();

  /** See {@link Stages.After}. */
  byte @Nullable [] after(byte[] value);
}
