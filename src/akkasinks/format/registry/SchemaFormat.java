package akkasinks.format.registry;

import akkasinks.change.EventEncoder;
import akkasinks.change.PairEncoder;
import akkasinks.change.RowEncoder;
import akkasinks.format.debezium.Origin;
import java.util.List;

/**
 * One schema of a relation, and what writes and reads by it. An encoder belongs to one thread; make
 * one for each. Which of them can be had, the schema says: that of a key or row, of the pair of
 * rows before and after a change, or of Debezium's whole event.
 */
public interface SchemaFormat {
  /** As a registry takes it. */
  RegisteredSchema schema();

  /** As a user reads it. */
  String shown();

  /**
   * @param schemaId what the registry knows {@link #schema} by
   */
  RowEncoder rows(int schemaId);

  /** The same of a pair. */
  PairEncoder pairs(int schemaId);

  /** The same of an event. */
  EventEncoder events(int schemaId, Origin origin);

  /**
   * Reads a key back that {@link #rows} wrote: one PostgreSQL text per column.
   *
   * @throws akkasinks.base.FailureException DATA if the key is not of this form or holds a null;
   *     NOT_SUPPORTED for types with parts
   */
  List<String> key(byte[] key);
}
