package akkasinks.source.postgres;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * The rows of the catalog that the database's tables are decoded by, as a text that is another one
 * when any of them was written since.
 *
 * <p>What happens to them while a slot is being made can be lost to the slot for good: PostgreSQL
 * (18.6 too) does not note a transaction that begins and commits between the slot's first look at
 * the running transactions and its second one, and decodes with a catalog that lacks it. After an
 * ADD COLUMN the rows then come without the column, and nothing says so; after a TRUNCATE or a
 * rewriting ALTER decoding ends with <em>could not map filenumber … to relation OID</em>, each time
 * it is read. All tables count, not the slot's own alone: a slot that is read leaves its catalog on
 * the server's disk, and another one may begin from that. See docs/decisions/2026-11-26-slot.md.
 */
final class DecodedBy {
  /**
   * Tables with their partitions and TOAST tables, composite types, their columns, keys, domains
   * and enums; and the publication. What updates in place (ANALYZE, VACUUM, CREATE INDEX) leaves
   * xmin as it is, and matters not; nobody decodes temporary tables.
   */
  private static final String QUERY =
      """
      WITH t AS (
          SELECT oid, xmin FROM pg_class
          WHERE relkind IN ('r', 'p', 't', 'm', 'c') AND relpersistence <> 't'),
        p AS (SELECT oid, xmin FROM pg_publication WHERE pubname = ?)
      SELECT concat(count(*), '/', sum(hashtextextended(r, 0))) FROM (
        SELECT concat('c', oid, '/', xmin) AS r FROM t
        UNION ALL SELECT concat('a', attrelid, '.', attnum, '/', xmin) FROM pg_attribute
          WHERE attnum > 0 AND attrelid IN (SELECT oid FROM t)
        UNION ALL SELECT concat('i', indexrelid, '/', xmin) FROM pg_index
          WHERE (indisprimary OR indisreplident) AND indrelid IN (SELECT oid FROM t)
        UNION ALL SELECT concat('e', oid, '/', xmin) FROM pg_enum
        UNION ALL SELECT concat('d', oid, '/', xmin) FROM pg_type WHERE typtype IN ('d', 'e', 'r')
        UNION ALL SELECT concat('p', oid, '/', xmin) FROM p
        UNION ALL SELECT concat('r', oid, '/', xmin) FROM pg_publication_rel
          WHERE prpubid IN (SELECT oid FROM p)
        %s) q
      """;

  /** From PostgreSQL 15 on, publications can hold schemas. */
  private static final String SCHEMAS =
      "UNION ALL SELECT concat('n', oid, '/', xmin) FROM pg_publication_namespace"
          + " WHERE pnpubid IN (SELECT oid FROM p)";

  private DecodedBy() {}

  /** Every transaction that is no longer running is seen. */
  static String now(Connection connection, String publication) throws SQLException {
    boolean schemas = connection.getMetaData().getDatabaseMajorVersion() >= 15;
    try (var statement = connection.prepareStatement(QUERY.formatted(schemas ? SCHEMAS : ""))) {
      statement.setString(1, publication);
      try (var row = statement.executeQuery()) {
        row.next();
        return row.getString(1);
      }
    }
  }
}
