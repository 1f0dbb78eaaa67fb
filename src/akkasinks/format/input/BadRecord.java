package akkasinks.format.input;

/**
 * A record that cannot be read as declared. Its message says why, and never holds what the record
 * holds.
 */
public final class BadRecord extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final String why;

  public BadRecord(String why) {
    super(why, null, false, false);
    this.why = why;
  }

  public String why() {
    return why;
  }
}
