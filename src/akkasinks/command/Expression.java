package akkasinks.command;

import java.util.List;
import java.util.Optional;

/**
 * A scalar SQL expression over one row, as written. Operators are {@link Call}s of their symbol:
 * {@code +}, {@code ||}, {@code and}, {@code not}, …; a minus sign is {@code 0 - x}.
 */
public sealed interface Expression {
  /** In the statement, in characters from 1. */
  int position();

  record Column(String name, int position) implements Expression {}

  record Text(String value, int position) implements Expression {}

  /** A number without sign, as written. */
  record Number(String digits, int position) implements Expression {}

  record Bool(boolean value, int position) implements Expression {}

  record Null(int position) implements Expression {}

  record Call(String function, List<Expression> arguments, int position) implements Expression {
    public Call {
      arguments = List.copyOf(arguments);
    }
  }

  record Cast(Expression value, String type, int position) implements Expression {}

  record IsNull(Expression value, boolean not, int position) implements Expression {}

  /** Its simple form is turned into this one. */
  record Case(List<When> whens, Optional<Expression> otherwise, int position)
      implements Expression {
    public Case {
      whens = List.copyOf(whens);
    }
  }

  /** One arm of a CASE. */
  record When(Expression condition, Expression result) {}
}
