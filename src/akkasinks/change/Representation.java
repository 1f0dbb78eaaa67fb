package akkasinks.change;

/** How the bytes of a column are to be read. */
public enum Representation {
  /** PostgreSQL's text output, UTF-8, with the session settings that the source pins. */
  POSTGRES_TEXT,
  /** PostgreSQL's binary output. */
  POSTGRES_BINARY
}
