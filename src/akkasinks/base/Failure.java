package akkasinks.base;

/**
 * One failure, for SQL, HTTP, status and logs alike; message, detail and hint as PostgreSQL uses
 * them.
 *
 * @param message what is wrong, in one sentence without a full stop; never holds a secret
 * @param detail more about it, or empty
 * @param hint what to do, or empty
 * @param position where in the statement, counted in characters from 1; 0 if it has no place
 */
public record Failure(Code code, String message, String detail, String hint, int position) {

  public static Failure of(Code code, String message) {
    return new Failure(code, message, "", "", 0);
  }

  public Failure detail(String text) {
    return new Failure(code, message, text, hint, position);
  }

  public Failure hint(String text) {
    return new Failure(code, message, detail, text, position);
  }

  public Failure at(int characters) {
    return new Failure(code, message, detail, hint, characters);
  }

  /** Message, detail and hint on one line, for logs. */
  public String oneLine() {
    var line = new StringBuilder(message);
    if (!detail.isEmpty()) {
      line.append("; DETAIL: ").append(detail);
    }
    if (!hint.isEmpty()) {
      line.append("; HINT: ").append(hint);
    }
    return line.toString().replaceAll("\\s*\\R\\s*", " ");
  }

  public FailureException exception() {
    return new FailureException(this, null);
  }

  public FailureException exception(Throwable cause) {
    return new FailureException(this, cause);
  }
}
