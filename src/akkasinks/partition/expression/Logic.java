package akkasinks.partition.expression;

import akkasinks.base.FailureException;
import akkasinks.command.Expression.Call;

/** Truth values, with NULL for unknown, and comparisons. */
final class Logic {
  private Logic() {}

  static Typed both(Call call, Node a, Node b) {
    boolean decides = call.function().equals("or");
    return Typed.of(
        Kind.BOOL,
        (batch, row) -> {
          var left = (Boolean) a.value(batch, row);
          if (left != null && left == decides) {
            return decides;
          }
          var right = (Boolean) b.value(batch, row);
          if (right != null && right == decides) {
            return decides;
          }
          return left == null || right == null ? null : (Object) !decides;
        },
        call);
  }

  static Typed not(Call call, Node of) {
    return Typed.of(
        Kind.BOOL,
        (batch, row) -> {
          var value = (Boolean) of.value(batch, row);
          return value == null ? null : (Object) !value;
        },
        call);
  }

  static Typed comparison(Call call, Typed a, Typed b) {
    boolean numbers = a.kind().number() && b.kind().number();
    Kind kind = numbers ? Numbers.common(a, b) : a.kind() == Kind.NULL ? b.kind() : a.kind();
    boolean same = a.kind() == b.kind() || a.kind() == Kind.NULL || b.kind() == Kind.NULL;
    if (!numbers && !same || kind == Kind.OTHER) {
      throw noOperator(call, a, b);
    }
    return Typed.of(
        Kind.BOOL,
        (batch, row) -> {
          Object left = a.node().value(batch, row);
          Object right = b.node().value(batch, row);
          if (left == null || right == null) {
            return null;
          }
          int order = Numbers.compare(as(left, a.kind(), kind), as(right, b.kind(), kind), kind);
          return holds(call.function(), order);
        },
        call);
  }

  private static boolean holds(String symbol, int order) {
    return switch (symbol) {
      case "=" -> order == 0;
      case "<>" -> order != 0;
      case "<" -> order < 0;
      case "<=" -> order <= 0;
      case ">" -> order > 0;
      default -> order >= 0;
    };
  }

  /** A value of one kind as that of another that it was found to fit. */
  static Object as(Object value, Kind from, Kind to) {
    return from.number() && to.number() ? Numbers.cast(value, from, to) : value;
  }

  static FailureException noOperator(Call call, Typed a, Typed b) {
    return Compiler.mismatch(
        "operator does not exist: %s %s %s".formatted(a.type(), call.function(), b.type()),
        call.position());
  }
}
