package akkasinks.control.relations;

import akkasinks.command.Command.Word;
import akkasinks.command.Command.WordKind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;

/**
 * Names result columns after their aggregate, as PostgreSQL does and the engine does not: {@code
 * SELECT count(*)} has a column {@code count}.
 */
final class ColumnNames {
  private static final Set<String> AGGREGATES =
      Set.of("count", "sum", "avg", "min", "max", "array_agg", "string_agg", "bool_and", "bool_or");

  /** What ends the list of a SELECT. */
  private static final Set<String> CLAUSES =
      Set.of(
          "from",
          "where",
          "group",
          "having",
          "order",
          "limit",
          "offset",
          "union",
          "except",
          "intersect",
          "values");

  private ColumnNames() {}

  static List<Word> given(List<Word> words) {
    List<Word> named = new ArrayList<>();
    Deque<Boolean> inList = new ArrayDeque<>(List.of(false));
    for (int at = 0; at < words.size(); at++) {
      Word word = words.get(at);
      int end = inList.peek() && begins(words, at) ? callEnd(words, at) : -1;
      if (end >= 0 && ends(words, end + 1)) {
        named.addAll(words.subList(at, end + 1));
        named.add(new Word(WordKind.NAME, "as", word.position()));
        named.add(new Word(WordKind.QUOTED, word.text(), word.position()));
        at = end;
        continue;
      }
      if (word.isSymbol("(")) {
        inList.push(false);
      } else if (word.isSymbol(")") && inList.size() > 1) {
        inList.pop();
      } else if (word.is("select")) {
        inList.pop();
        inList.push(true);
      } else if (word.kind() == WordKind.NAME && CLAUSES.contains(word.text())) {
        inList.pop();
        inList.push(false);
      }
      named.add(word);
    }
    return named;
  }

  private static boolean begins(List<Word> words, int at) {
    Word before = words.get(Math.max(0, at - 1));
    return AGGREGATES.contains(words.get(at).text())
        && words.get(at).kind() == WordKind.NAME
        && (before.is("select") || before.isSymbol(","));
  }

  /** Where the parenthesis after a name closes; −1 if there is none. */
  private static int callEnd(List<Word> words, int name) {
    int depth = 0;
    for (int at = name + 1; at < words.size(); at++) {
      depth += words.get(at).isSymbol("(") ? 1 : words.get(at).isSymbol(")") ? -1 : 0;
      if (depth == 0) {
        return at > name + 1 ? at : -1;
      }
    }
    return -1;
  }

  private static boolean ends(List<Word> words, int after) {
    return after >= words.size()
        || words.get(after).isSymbol(",")
        || words.get(after).isSymbol(")")
        || words.get(after).is("from");
  }
}
