package akkasinks.format.avro;

/** A value that its Avro type cannot hold; caught where the column's name is known. */
final class NoForm extends RuntimeException {
  /**
   * @param why what the type cannot hold, without the value: that is the user's data
   */
  NoForm(String why) {
    super(why, null, false, false);
  }
}
