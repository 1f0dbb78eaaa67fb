package akkasinks.partition.expression;

import akkasinks.change.Relation;
import akkasinks.command.Expression;
import akkasinks.command.Expression.Cast;
import java.math.BigDecimal;

/** Explicit casts. */
final class Casts {
  private Casts() {}

  static Typed to(Kind to, Typed of, Cast written, Relation relation) {
    Kind from = of.kind();
    Node node = of.node();
    if (from == to || from == Kind.NULL) {
      return Typed.of(to, node, written);
    }
    if (to == Kind.TEXT) {
      return Typed.of(Kind.TEXT, toText(of, relation).node(), written);
    }
    if (from.number() && to.number()) {
      return Typed.of(
          to,
          (batch, row) -> {
            Object value = node.value(batch, row);
            return value == null ? null : Numbers.cast(value, from, to);
          },
          written);
    }
    if (from == Kind.TEXT && to.number()) {
      return Typed.of(
          to,
          (batch, row) -> {
            var text = (Slice) node.value(batch, row);
            return text == null ? null : parsed(text.text(), to);
          },
          written);
    }
    if (from == Kind.TEXT && to == Kind.BYTEA) {
      return Typed.of(to, node, written);
    }
    if (from == Kind.BOOL && to == Kind.INT4) {
      return Typed.of(
          to,
          (batch, row) -> {
            var value = (Boolean) node.value(batch, row);
            return value == null ? null : (Object) (value ? 1L : 0L);
          },
          written);
    }
    throw Compiler.mismatch(
        "cannot cast type %s to %s".formatted(of.type(), to.type()), written.position());
  }

  private static Object parsed(String text, Kind to) {
    BigDecimal number = Columns.number(text);
    if (to.whole() && number.stripTrailingZeros().scale() > 0) {
      throw NoValue.HERE;
    }
    return Numbers.cast(number, Kind.NUMERIC, to);
  }

  /** As PostgreSQL shows it. */
  static Typed toText(Typed of, Relation relation) {
    Node node = of.node();
    Expression written = of.written();
    return switch (of.kind()) {
      case TEXT, NULL -> of;
      case BOOL ->
          Typed.of(
              Kind.TEXT,
              (batch, row) -> {
                Object value = node.value(batch, row);
                return value == null ? null : Slice.of(value.toString());
              },
              written);
      case INT2, INT4, INT8, UINT4, UINT8, NUMERIC, FLOAT8, BYTEA, OTHER ->
          written instanceof Expression.Column(String name, int _)
              ? Typed.of(Kind.TEXT, Columns.text(relation.indexOf(name)), written)
              : computed(of);
    };
  }

  private static Typed computed(Typed of) {
    if (!of.kind().number() || of.kind() == Kind.FLOAT8) {
      throw Compiler.mismatch(
          "a computed %s cannot be cast to text here".formatted(of.type()),
          of.written().position());
    }
    Node node = of.node();
    return Typed.of(
        Kind.TEXT,
        (batch, row) -> {
          Object value = node.value(batch, row);
          return value == null ? null : Slice.of(Numbers.text(value, of.kind()));
        },
        of.written());
  }
}
