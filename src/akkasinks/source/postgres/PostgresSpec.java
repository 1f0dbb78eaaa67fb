package akkasinks.source.postgres;

import akkasinks.catalog.Definition.OnTruncate;
import akkasinks.catalog.Definition.Retention;
import akkasinks.catalog.Definition.Tables;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * What one sink wants from a PostgreSQL database.
 *
 * @param slot name of the replication slot, and of the publication if the sink owns one
 * @param publication the user's own, only read by us; empty if the sink owns one
 * @param key columns of the record key; empty for none
 * @param keyEnforced the key must contain a unique key of the table, now and later
 * @param needsBefore every change must carry the whole row before it
 * @param snapshot whether the rows that were there at the beginning are wanted too
 * @param chunkRows,chunkBytes where a chunk of the snapshot ends, whichever comes first
 * @param tells every change's transaction is wanted too
 * @param insertsOnly an update or delete ends the stream, so that nothing of old rows is needed
 * @param whole if all tables of a source are wanted; schema, table and key are then empty, or in
 *     the spec of one of them its own
 */
public record PostgresSpec(
    PostgresSettings settings,
    String slot,
    Optional<String> publication,
    String schema,
    String table,
    List<String> key,
    boolean keyEnforced,
    boolean needsBefore,
    boolean snapshot,
    OnTruncate onTruncate,
    Retention retention,
    int chunkRows,
    long chunkBytes,
    InstantSource clock,
    boolean tells,
    boolean insertsOnly,
    Optional<Whole> whole) {

  /**
   * All tables of a source.
   *
   * @param tables which
   * @param keyed every table must have a unique key
   * @param atomic a source transaction may not be taken apart
   * @param excludes a table that cannot go on is left out, and does not end the stream
   */
  public record Whole(Tables tables, boolean keyed, boolean atomic, boolean excludes) {}

  public PostgresSpec {
    key = List.copyOf(key);
  }

  /** Without transactions, and of all changes. */
  public PostgresSpec(
      PostgresSettings settings,
      String slot,
      Optional<String> publication,
      String schema,
      String table,
      List<String> key,
      boolean keyEnforced,
      boolean needsBefore,
      boolean snapshot,
      OnTruncate onTruncate,
      Retention retention,
      int chunkRows,
      long chunkBytes,
      InstantSource clock) {
    this(
        settings,
        slot,
        publication,
        schema,
        table,
        key,
        keyEnforced,
        needsBefore,
        snapshot,
        onTruncate,
        retention,
        chunkRows,
        chunkBytes,
        clock,
        false,
        false,
        Optional.empty());
  }

  /** What the sink wants from one of its source's tables. */
  PostgresSpec of(String oneSchema, String oneTable, List<String> itsKey) {
    return new PostgresSpec(
        settings,
        slot,
        publication,
        oneSchema,
        oneTable,
        itsKey,
        whole.filter(Whole::keyed).isPresent(),
        needsBefore,
        snapshot,
        onTruncate,
        retention,
        chunkRows,
        chunkBytes,
        clock,
        tells,
        insertsOnly,
        whole);
  }

  /** What relations tell of their key: the sink of one table knows it. */
  List<String> toldKey() {
    return whole.isPresent() ? key : List.of();
  }

  /** The publication that the stream is read through. */
  String publicationName() {
    return publication.orElse(slot);
  }

  /** The table for messages: {@code "schema"."table"}. */
  String tableName() {
    return Sql.name(schema, table);
  }
}
