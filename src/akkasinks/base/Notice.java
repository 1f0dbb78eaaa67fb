package akkasinks.base;

/**
 * Something a statement's author should know although the statement succeeded; PostgreSQL's NOTICE.
 *
 * @param detail more about it, or empty
 * @param hint what to do, or empty
 */
public record Notice(String message, String detail, String hint) {
  public static Notice of(String message) {
    return new Notice(message, "", "");
  }

  public Notice detail(String text) {
    return new Notice(message, text, hint);
  }

  public Notice hint(String text) {
    return new Notice(message, detail, text);
  }
}
