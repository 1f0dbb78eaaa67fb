package akkasinks.format.json;

/** Text that is not of its type; caught where the column's name is known. */
final class MalformedText extends RuntimeException {
  MalformedText(String expected) {
    super(expected, null, false, false);
  }
}
