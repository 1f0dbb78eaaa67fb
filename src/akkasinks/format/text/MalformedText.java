package akkasinks.format.text;

/** Text that is not of its type; caught where the column's name is known. */
public final class MalformedText extends RuntimeException {
  /**
   * @param expected what would have been right there, without the value: that is the user's data
   */
  public MalformedText(String expected) {
    super(expected, null, false, false);
  }
}
