package akkasinks.base;

/**
 * The kinds of failure that a user can meet. Each has the SQLSTATE that SQL clients see, and says
 * whether trying again by itself can help.
 */
public enum Code {
  SYNTAX_ERROR("42601", Remedy.USER),
  INVALID_PARAMETER("22023", Remedy.USER),
  UNDEFINED_OBJECT("42704", Remedy.USER),
  UNDEFINED_TABLE("42P01", Remedy.USER),
  UNDEFINED_COLUMN("42703", Remedy.USER),
  UNDEFINED_FUNCTION("42883", Remedy.USER),
  UNDEFINED_PARAMETER("42P02", Remedy.USER),
  DUPLICATE_OBJECT("42710", Remedy.USER),
  DUPLICATE_COLUMN("42701", Remedy.USER),
  DEPENDENT_OBJECTS("2BP01", Remedy.USER),
  INVALID_DEFINITION("42P17", Remedy.USER),
  NOT_SUPPORTED("0A000", Remedy.USER),
  PREREQUISITE("55000", Remedy.USER),
  AUTHENTICATION("28000", Remedy.USER),
  PRIVILEGE("42501", Remedy.USER),
  /** Of a client of ours; {@link #AUTHENTICATION} is what other systems say to us. */
  WRONG_PASSWORD("28P01", Remedy.USER),
  RESERVED_NAME("42939", Remedy.USER),
  LIMIT("54000", Remedy.USER),
  /** The other side could not be reached or did not answer in time; trying again may help. */
  UNREACHABLE("08001", Remedy.RETRY),
  /** A connection that worked broke; trying again may help. */
  CONNECTION_LOST("08006", Remedy.RETRY),
  BUSY("55006", Remedy.RETRY),
  /** A newer incarnation owns the sink. This one stops for good. */
  FENCED("40001", Remedy.NEVER),
  /** What the source or target holds is not the history that the frontier belongs to. */
  HISTORY_CHANGED("XX001", Remedy.USER),
  /** A value, row or schema that cannot be carried on as the sink is defined. */
  DATA("22000", Remedy.USER),
  SCHEMA_CHANGED("0A001", Remedy.USER),
  KEY_MISSING("28P02", Remedy.USER),
  /** What a session meets: its transaction, its prepared statements and cursors, its protocol. */
  FAILED_TRANSACTION("25P02", Remedy.USER),
  UNDEFINED_STATEMENT("26000", Remedy.USER),
  UNDEFINED_CURSOR("34000", Remedy.USER),
  DUPLICATE_STATEMENT("42P05", Remedy.USER),
  PROTOCOL("08P01", Remedy.USER),
  TOO_MANY("53300", Remedy.RETRY),
  CANCELED("57014", Remedy.USER),
  SHUTDOWN("57P01", Remedy.RETRY),
  INTERNAL("XX000", Remedy.RETRY);

  /** Who can make it go away. */
  public enum Remedy {
    /** Trying again, with backoff. */
    RETRY,
    /** A person; the sink still looks again from time to time, so that it recovers by itself. */
    USER,
    /** Nobody: this incarnation is over. */
    NEVER
  }

  private final String sqlState;
  private final Remedy remedy;

  Code(String sqlState, Remedy remedy) {
    this.sqlState = sqlState;
    this.remedy = remedy;
  }

  /** Five characters, as PostgreSQL's appendix A has them. */
  public String sqlState() {
    return sqlState;
  }

  public Remedy remedy() {
    return remedy;
  }
}
