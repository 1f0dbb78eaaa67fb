package akkasinks.partition.expression;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.change.Batch;
import akkasinks.change.Relation;
import akkasinks.command.Expression;
import akkasinks.command.Expression.Call;
import akkasinks.command.Expression.Case;
import akkasinks.command.Expression.Cast;
import akkasinks.command.Expression.Column;
import akkasinks.command.Expression.IsNull;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.SequencedSet;

/**
 * An expression as an unsigned number of each row, to be taken modulo the partitions. NULL, an
 * error, a negative number and one beyond 64 bits are 0, as Materialize has it.
 */
@FunctionalInterface
public interface RowHash {
  /**
   * @throws akkasinks.base.FailureException DATA if the row lacks a column that was not sent
   */
  long of(Batch batch, int row);

  /**
   * @throws akkasinks.base.FailureException UNDEFINED_COLUMN, UNDEFINED_OBJECT, INVALID_DEFINITION,
   *     with the place in the statement
   */
  static RowHash compile(Expression expression, Relation relation) {
    Typed typed = new Compiler(relation).compile(expression);
    Kind kind = typed.kind();
    if (!kind.number() && kind != Kind.NULL) {
      throw Failure.of(
              Code.INVALID_DEFINITION,
              "PARTITION BY does not support casting from %s to uint8".formatted(typed.type()))
          .hint("Hash it: seahash(…), kafka_murmur2(…) or crc32(…) of a text or bytea.")
          .at(expression.position())
          .exception();
    }
    RowHash hash = direct(expression, relation).orElseGet(() -> of(typed.node(), kind));
    return (batch, row) -> {
      try {
        return hash.of(batch, row);
      } catch (NoValue none) {
        return 0;
      }
    };
  }

  private static RowHash of(Node node, Kind kind) {
    return (batch, row) -> {
      Object value = node.value(batch, row);
      return value == null ? 0 : Numbers.unsigned(value, kind);
    };
  }

  /** What most people write, a column or the hash of one, makes no object. */
  private static Optional<RowHash> direct(Expression expression, Relation relation) {
    if (expression instanceof Column(String name, int _)) {
      int column = relation.indexOf(name);
      return Columns.kind(relation.columns().get(column).type()).whole()
          ? Optional.of((batch, row) -> positive(batch, row, column))
          : Optional.empty();
    }
    if (expression instanceof Call call
        && call.arguments().size() == 1
        && text(call.arguments().getFirst()).isPresent()) {
      int column = relation.indexOf(text(call.arguments().getFirst()).get());
      boolean cast = call.arguments().getFirst() instanceof Cast;
      var kind = Columns.kind(relation.columns().get(column).type());
      if (cast ? kind == Kind.BOOL : kind != Kind.TEXT) {
        return Optional.empty();
      }
      return Functions.hash(call.function())
          .<RowHash>map(
              hash ->
                  (batch, row) -> {
                    if (!Columns.has(batch, row, column)) {
                      return 0;
                    }
                    int from = batch.offset(row, column);
                    return hash.of(batch.bytes(), from, from + batch.length(row, column));
                  });
    }
    return Optional.empty();
  }

  private static long positive(Batch batch, int row, int column) {
    return Columns.has(batch, row, column) ? Math.max(0, Columns.whole(batch, row, column)) : 0;
  }

  /** The column, if this is one, or its text by a cast that is no more than that. */
  private static Optional<String> text(Expression argument) {
    return switch (argument) {
      case Column(String name, int _) -> Optional.of(name);
      case Cast(Column(String name, int _), String type, int _) when type.equals("text") ->
          Optional.of(name);
      default -> Optional.empty();
    };
  }

  /** The columns that it speaks of, in order. */
  static SequencedSet<Column> columns(Expression expression) {
    SequencedSet<Column> all = new LinkedHashSet<>();
    switch (expression) {
      case Column column -> all.add(column);
      case Expression.Text _, Expression.Number _, Expression.Bool _, Expression.Null _ -> {}
      case Call call -> call.arguments().forEach(argument -> all.addAll(columns(argument)));
      case Cast cast -> all.addAll(columns(cast.value()));
      case IsNull test -> all.addAll(columns(test.value()));
      case Case cases -> {
        for (var when : cases.whens()) {
          all.addAll(columns(when.condition()));
          all.addAll(columns(when.result()));
        }
        cases.otherwise().ifPresent(otherwise -> all.addAll(columns(otherwise)));
      }
    }
    return all;
  }
}
