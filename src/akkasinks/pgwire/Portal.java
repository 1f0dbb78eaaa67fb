package akkasinks.pgwire;

import akkasinks.command.Outcome;
import akkasinks.sql.Statement;
import java.util.List;
import java.util.Optional;

/** A statement with its parameters' values, carried out once, its rows fetched piece by piece. */
final class Portal {
  private final Optional<Statement> statement;
  private final List<Integer> formats;
  private Optional<Outcome> outcome = Optional.empty();
  private int next;

  /**
   * @param statement empty for an empty text
   * @param formats of the result's columns, as {@link FrontendMessage.Bind} has them
   */
  Portal(Optional<Statement> statement, List<Integer> formats) {
    this.statement = statement;
    this.formats = formats;
  }

  Optional<Statement> statement() {
    return statement;
  }

  List<Integer> formats() {
    return formats;
  }

  Optional<Outcome> outcome() {
    return outcome;
  }

  void carriedOut(Outcome result) {
    outcome = Optional.of(result);
  }

  /** Up to so many rows more (0: all); after them the portal stands behind them. */
  List<List<Optional<String>>> take(Outcome.Rows rows, int most) {
    int left = rows.rows().size() - next;
    int end = next + (most <= 0 ? left : Math.min(left, most));
    var taken = rows.rows().subList(next, end);
    next = end;
    return taken;
  }

  boolean hasMore(Outcome.Rows rows) {
    return next < rows.rows().size();
  }
}
