package akkasinks.source.postgres;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * The rows of the catalog that a table's changes are decoded by, as a text that is another one when
 * any of them was written since.
 *
 * <p>What happens to them while a slot is being made can be lost to the slot for good: PostgreSQL
 * (18.6 too) does not note a transaction that begins and commits between the slot's first look at
 * the running transactions and its second one, and decodes with a catalog that lacks it. After an
 * ADD COLUMN the rows then come without the column, and nothing says so; after a TRUNCATE or a
 * rewriting ALTER decoding ends with <em>could not map filenumber … to relation OID</em>, each time
 * it is read. See docs/decisions/2026-11-26-slot.md.
 */
final class DecodedBy {
  /**
   * The table with its partitions and TOAST tables, their columns, keys and enums, and what
   * publishes it. Updates in place (ANALYZE, VACUUM, CREATE INDEX) leave xmin as it is, and matter
   * not.
   */
  private static final String QUERY =
      """
      WITH s AS (SELECT ?::oid AS oid),
        t AS (
          SELECT c.oid, c.reltoastrelid FROM pg_class c, s
          WHERE c.oid = s.oid OR c.oid IN (
            SELECT relid FROM pg_partition_tree(s.oid)
            WHERE s.oid IN (SELECT oid FROM pg_class WHERE relkind = 'p'))),
        a AS (
          SELECT attrelid, attnum, atttypid, xmin FROM pg_attribute
          WHERE attnum > 0 AND attrelid IN (SELECT oid FROM t)),
        p AS (SELECT oid, xmin FROM pg_publication WHERE pubname = ?)
      SELECT coalesce(md5(string_agg(r, ' ' ORDER BY r)), '') FROM (
        SELECT concat('c', oid, '/', xmin) AS r FROM pg_class
          WHERE oid IN (SELECT oid FROM t UNION SELECT reltoastrelid FROM t)
        UNION ALL SELECT concat('a', attrelid, '.', attnum, '/', xmin) FROM a
        UNION ALL SELECT concat('i', indexrelid, '/', xmin) FROM pg_index
          WHERE (indisprimary OR indisreplident) AND indrelid IN (SELECT oid FROM t)
        UNION ALL SELECT concat('e', oid, '/', xmin) FROM pg_enum
          WHERE enumtypid IN (
            SELECT atttypid FROM a
            UNION SELECT typelem FROM pg_type WHERE pg_type.oid IN (SELECT atttypid FROM a))
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
  static String now(Connection connection, TableInspection.Table table, String publication)
      throws SQLException {
    boolean schemas = connection.getMetaData().getDatabaseMajorVersion() >= 15;
    try (var statement = connection.prepareStatement(QUERY.formatted(schemas ? SCHEMAS : ""))) {
      statement.setLong(1, table.oid());
      statement.setString(2, publication);
      try (var row = statement.executeQuery()) {
        row.next();
        return row.getString(1);
      }
    }
  }
}
