package akkasinks.cli;

import akkasinks.base.Failure;
import akkasinks.base.Notice;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Texts for a terminal, in psql's forms. */
final class Print {
  /** Longest part of a statement's line that is shown beside an error. */
  private static final int LINE_SHOWN = 100;

  private Print() {}

  /** A table with a header line, columns as wide as their longest cell, and the number of rows. */
  static String table(List<String> columns, List<List<Optional<String>>> rows) {
    List<List<String>> shown =
        rows.stream()
            .map(row -> row.stream().map(cell -> visible(cell.orElse(""))).toList())
            .toList();
    int[] widths = new int[columns.size()];
    boolean[] numeric = new boolean[columns.size()];
    for (int i = 0; i < widths.length; i++) {
      int column = i;
      widths[i] = width(columns.get(i));
      shown.forEach(row -> widths[column] = Math.max(widths[column], width(row.get(column))));
      numeric[i] =
          !rows.isEmpty() && shown.stream().allMatch(row -> row.get(column).matches("-?[0-9.]*"));
    }
    StringBuilder out = new StringBuilder();
    out.append(line(columns, widths, new boolean[widths.length])).append('\n');
    List<String> rule = new ArrayList<>();
    for (int width : widths) {
      rule.add("-".repeat(width + 2));
    }
    out.append(String.join("+", rule)).append('\n');
    shown.forEach(row -> out.append(line(row, widths, numeric)).append('\n'));
    return out.append(rows.size() == 1 ? "(1 row)\n" : "(" + rows.size() + " rows)\n").toString();
  }

  private static String line(List<String> cells, int[] widths, boolean[] right) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < cells.size(); i++) {
      String gap = " ".repeat(widths[i] - width(cells.get(i)));
      line.append(i == 0 ? " " : "| ")
          .append(right[i] ? gap + cells.get(i) : cells.get(i) + gap)
          .append(' ');
    }
    return line.toString().stripTrailing();
  }

  private static int width(String text) {
    return text.codePointCount(0, text.length());
  }

  /** Control characters cannot move the terminal's cursor or break the table. */
  private static String visible(String text) {
    StringBuilder shown = new StringBuilder();
    text.codePoints()
        .forEach(
            c -> {
              if (c == '\n') {
                shown.append("\\n");
              } else if (Character.isISOControl(c)) {
                shown.append(String.format("\\x%02x", c));
              } else {
                shown.appendCodePoint(c);
              }
            });
    return shown.toString();
  }

  /**
   * A failure with its place in the statement.
   *
   * @param statement the text that the position counts in; empty if there is none
   */
  static String failure(Failure failure, String statement) {
    StringBuilder out = new StringBuilder("ERROR:  ").append(failure.message()).append('\n');
    if (failure.position() > 0 && !statement.isEmpty()) {
      place(out, statement, failure.position());
    }
    more(out, failure.detail(), failure.hint());
    return out.toString();
  }

  static String notice(Notice notice) {
    StringBuilder out = new StringBuilder("NOTICE:  ").append(notice.message()).append('\n');
    more(out, notice.detail(), notice.hint());
    return out.toString();
  }

  private static void more(StringBuilder out, String detail, String hint) {
    if (!detail.isEmpty()) {
      out.append("DETAIL:  ").append(detail).append('\n');
    }
    if (!hint.isEmpty()) {
      out.append("HINT:  ").append(hint).append('\n');
    }
  }

  /** The line that holds the position, and a caret under it; far ends of a long line are cut. */
  private static void place(StringBuilder out, String statement, int position) {
    int[] characters = statement.codePoints().toArray();
    int at = Math.min(position - 1, characters.length);
    int number = 1;
    int start = 0;
    for (int i = 0; i < at; i++) {
      if (characters[i] == '\n') {
        number++;
        start = i + 1;
      }
    }
    int end = at;
    while (end < characters.length && characters[end] != '\n') {
      end++;
    }
    int from = Math.max(start, Math.min(at - LINE_SHOWN / 2, end - LINE_SHOWN));
    int to = Math.min(end, from + LINE_SHOWN);
    String head = "LINE " + number + ": " + (from > start ? "..." : "");
    // A tab would put the caret elsewhere.
    String shown =
        visible(new String(characters, from, to - from).replace('\t', ' ').replace("\r", " "));
    String before =
        visible(new String(characters, from, at - from).replace('\t', ' ').replace("\r", " "));
    out.append(head).append(shown).append(to < end ? "..." : "").append('\n');
    out.append(" ".repeat(head.length() + width(before))).append("^\n");
  }
}
