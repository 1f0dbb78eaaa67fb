package akkasinks.control.relations;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.base.Nearest;
import akkasinks.command.Command.Select;
import akkasinks.command.Command.Word;
import akkasinks.command.Command.WordKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A query written anew from its words, so that the engine sees no comment, quote or sign that was
 * not understood here, and only functions from a list.
 */
final class QueryText {
  private static final int MOST_WORDS = 5_000;

  private static final Set<String> FUNCTIONS =
      Set.of(
          ("abs array_agg avg bool_and bool_or btrim cast ceil ceiling char_length"
                  + " character_length coalesce concat concat_ws count current_date"
                  + " current_timestamp date_part date_trunc dense_rank every extract first_value"
                  + " floor greatest lag last_value lead least left length listagg"
                  + " localtimestamp lower ltrim max median min mod now nullif ntile octet_length"
                  + " percent_rank position power rank regexp_like regexp_replace"
                  + " regexp_substr replace right round row_number rtrim sign split_part sqrt"
                  + " stddev_pop stddev_samp string_agg strpos substr substring sum to_char"
                  + " trim trunc upper var_pop var_samp")
              .split(" "));

  /** Words that an opening parenthesis may follow without making a call. */
  private static final Set<String> KEYWORDS =
      Set.of(
          ("all and any as between by case distinct else except exists filter from group having"
                  + " ilike in intersect is join like limit not offset on or order over partition"
                  + " select some then union using values when where with within")
              .split(" "));

  /** Their size is not bounded by what the relations hold, or they are the engine's own affairs. */
  private static final Set<String> REFUSED =
      Set.of("information_schema", "recursive", "into", "final", "sequence");

  private static final Pattern INTERVAL = Pattern.compile("\\s*(\\d{1,9})\\s*([a-z]+?)s?\\s*");
  private static final Set<String> UNITS =
      Set.of("second", "minute", "hour", "day", "month", "year");

  private final List<Word> words;
  private final List<Integer> starts = new ArrayList<>();
  private final StringBuilder text = new StringBuilder();

  /**
   * @throws akkasinks.base.FailureException UNDEFINED_FUNCTION, NOT_SUPPORTED or LIMIT with its
   *     position
   */
  QueryText(Select select) {
    words = unqualified(ColumnNames.given(select.words()));
    if (words.size() > MOST_WORDS) {
      throw Failure.of(Code.LIMIT, "a query may have " + MOST_WORDS + " words").exception();
    }
    for (int at = 0; at < words.size(); at++) {
      check(at);
      starts.add(text.length());
      text.append(written(at)).append(' ');
    }
  }

  /** PostgreSQL's own schema is searched without being named. */
  private static List<Word> unqualified(List<Word> words) {
    List<Word> kept = new ArrayList<>(words.size());
    for (int at = 0; at < words.size(); at++) {
      boolean schema = isName(words.get(at)) && words.get(at).text().equals(Declared.POSTGRES);
      if (schema && at + 1 < words.size() && words.get(at + 1).isSymbol(".")) {
        at++;
      } else {
        kept.add(words.get(at));
      }
    }
    return kept;
  }

  String text() {
    return text.toString();
  }

  /** Whether the word occurs as a name. */
  boolean mentions(String name) {
    return words.stream().anyMatch(word -> isName(word) && word.text().equals(name));
  }

  /** Position, in what the user wrote, of the word at an offset in {@link #text}; 0 if none is. */
  int positionAt(int offset) {
    int position = 0;
    for (int at = 0; at < words.size() && starts.get(at) <= offset; at++) {
      position = words.get(at).position();
    }
    return position;
  }

  /** Position of the first word with this text; 0 if none has. */
  int positionOf(String name) {
    return words.stream()
        .filter(word -> isName(word) && word.text().equalsIgnoreCase(name))
        .findFirst()
        .map(Word::position)
        .orElse(0);
  }

  private void check(int at) {
    Word word = words.get(at);
    if (!isName(word)) {
      return;
    }
    if (REFUSED.contains(word.text().toLowerCase(Locale.ROOT))) {
      throw Failure.of(Code.NOT_SUPPORTED, "\"" + word.text() + "\" is not supported in a query")
          .at(word.position())
          .exception();
    }
    boolean call = at + 1 < words.size() && words.get(at + 1).isSymbol("(");
    // The columns of an alias stand in parentheses, too.
    Word before = words.get(Math.max(0, at - 1));
    boolean alias = before.is("as") || before.is("with") || before.isSymbol(")");
    boolean known =
        word.kind() == WordKind.NAME
            && (FUNCTIONS.contains(word.text()) || KEYWORDS.contains(word.text()));
    if (call && !alias && !known) {
      throw Failure.of(
              Code.UNDEFINED_FUNCTION, "function " + word.text() + "() does not exist here")
          .hint(Nearest.hint(word.text(), FUNCTIONS.stream()))
          .at(word.position())
          .exception();
    }
  }

  private String written(int at) {
    Word word = words.get(at);
    return switch (word.kind()) {
      case NAME, NUMBER, SYMBOL -> word.text();
      case QUOTED -> "\"" + word.text().replace("\"", "\"\"") + "\"";
      case STRING ->
          at > 0 && words.get(at - 1).is("interval")
              ? interval(word.text()).orElse(quoted(word.text()))
              : quoted(word.text());
    };
  }

  private static String quoted(String text) {
    return "'" + text.replace("'", "''") + "'";
  }

  /** PostgreSQL has the unit inside the quotes, standard SQL behind them. */
  private static Optional<String> interval(String text) {
    Matcher matcher = INTERVAL.matcher(text.toLowerCase(Locale.ROOT));
    return matcher.matches() && UNITS.contains(matcher.group(2))
        ? Optional.of("'" + matcher.group(1) + "' " + matcher.group(2))
        : Optional.empty();
  }

  private static boolean isName(Word word) {
    return word.kind() == WordKind.NAME || word.kind() == WordKind.QUOTED;
  }
}
