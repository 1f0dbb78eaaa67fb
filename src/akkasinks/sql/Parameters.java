package akkasinks.sql;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What stands for {@code $1}, {@code $2} … in a statement. Belongs to one reading of one text.
 *
 * <p>A parameter may stand wherever a string may; in a query also for a number, a boolean or NULL.
 */
public final class Parameters {
  /** As many as a message of the protocol can carry. */
  private static final int MOST = 65_535;

  private static final Pattern NUMBER = Pattern.compile("[0-9]+(\\.[0-9]+)?");
  private static final Value TO_COME = new Value(Optional.empty(), false);

  private final Optional<List<Value>> values;
  private int highest;

  /**
   * @param text empty for NULL
   * @param bare whether it is a number or a boolean rather than a string
   */
  public record Value(Optional<String> text, boolean bare) {
    Token.Kind kind() {
      if (text.isEmpty() || (bare && (text.get().equals("true") || text.get().equals("false")))) {
        return Token.Kind.WORD;
      }
      return bare && NUMBER.matcher(text.get()).matches() ? Token.Kind.NUMBER : Token.Kind.STRING;
    }

    @Override
    public String toString() {
      return "Value[<redacted>]";
    }
  }

  private Parameters(Optional<List<Value>> values) {
    this.values = values;
  }

  /** There are none: {@code $1} is an error. */
  public static Parameters none() {
    return new Parameters(Optional.of(List.of()));
  }

  /** They come later; {@link #count} tells how many, once the text is read. */
  public static Parameters toCome() {
    return new Parameters(Optional.empty());
  }

  public static Parameters of(List<Value> values) {
    return new Parameters(Optional.of(List.copyOf(values)));
  }

  /** The highest number that the text named. */
  public int count() {
    return highest;
  }

  /** Empty if there is no such parameter. */
  Optional<Value> value(String number) {
    int n = number.length() > 5 ? 0 : Integer.parseInt(number);
    if (n < 1 || n > MOST || n > values.map(List::size).orElse(MOST)) {
      return Optional.empty();
    }
    highest = Math.max(highest, n);
    return Optional.of(values.map(given -> given.get(n - 1)).orElse(TO_COME));
  }

  /** Whether a statement is only looked at: what stands in a parameter's place means nothing. */
  boolean areToCome() {
    return values.isEmpty();
  }
}
