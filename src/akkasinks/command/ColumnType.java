package akkasinks.command;

/**
 * The types that columns of an answer have, with what PostgreSQL's clients know them by. A value is
 * always carried as its PostgreSQL text: {@code t}, {@code 17}, {@code 2026-01-02 03:04:05+00},
 * {@code {a,b}}.
 */
public enum ColumnType {
  BOOL(16, 1),
  INT8(20, 8),
  INT4(23, 4),
  TEXT(25, -1),
  FLOAT8(701, 8),
  TEXT_ARRAY(1009, -1),
  TIMESTAMPTZ(1184, 8),
  NUMERIC(1700, -1),
  JSONB(3802, -1);

  private final int oid;
  private final int length;

  ColumnType(int oid, int length) {
    this.oid = oid;
    this.length = length;
  }

  /** Number of the type in pg_type. */
  public int oid() {
    return oid;
  }

  /** Bytes of a value in binary; −1 if they vary. */
  public int length() {
    return length;
  }
}
