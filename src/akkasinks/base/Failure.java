package akkasinks.base;

import java.util.Objects;

/**
 * One failure, for SQL, HTTP, status and logs alike; message, detail and hint as PostgreSQL uses
 * them.
 *
 * @param message what is wrong, in one sentence without a full stop; never holds a secret
 * @param detail more about it, or empty
 * @param hint what to do, or empty
 * @param column the column of a table that is at fault, or empty
 * @param position where in the statement, counted in characters from 1; 0 if it has no place
 */
public record Failure(
    Code code, String message, String detail, String hint, String column, int position) {
  public Failure {
    // A node of an older version does not send it.
    column = Objects.requireNonNullElse(column, "");
  }

  public static Failure of(Code code, String message) {
    return new Failure(code, message, "", "", "", 0);
  }

  public Failure detail(String text) {
    return new Failure(code, message, text, hint, column, position);
  }

  public Failure hint(String text) {
    return new Failure(code, message, detail, text, column, position);
  }

  public Failure at(int characters) {
    return new Failure(code, message, detail, hint, column, characters);
  }

  public Failure column(String name) {
    return new Failure(code, message, detail, hint, name, position);
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
