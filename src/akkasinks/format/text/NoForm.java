package akkasinks.format.text;

/** A value that its type in the format cannot hold; caught where the column's name is known. */
public final class NoForm extends RuntimeException {
  /**
   * @param why what the type cannot hold, without the value: that is the user's data
   */
  public NoForm(String why) {
    super(why, null, false, false);
  }
}
