package akkasinks.partition.expression;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.base.FailureException;
import akkasinks.base.Nearest;
import akkasinks.change.Column;
import akkasinks.change.Relation;
import akkasinks.command.Expression;
import akkasinks.command.Expression.Call;
import akkasinks.command.Expression.Case;
import akkasinks.command.Expression.Cast;
import akkasinks.command.Expression.IsNull;
import akkasinks.command.Expression.When;
import java.math.BigDecimal;
import java.util.List;

/** Checks an expression against a relation and compiles it; errors point into the statement. */
final class Compiler {
  private static final int MANY_DIGITS = 18;

  private final Relation relation;

  Compiler(Relation relation) {
    this.relation = relation;
  }

  Typed compile(Expression expression) {
    return switch (expression) {
      case Expression.Column column -> column(column);
      case Expression.Text(String text, int _) -> {
        var slice = Slice.of(text);
        yield Typed.of(Kind.TEXT, (_, _) -> slice, expression);
      }
      case Expression.Number number -> number(number);
      case Expression.Bool(boolean value, int _) ->
          Typed.of(Kind.BOOL, (_, _) -> value, expression);
      case Expression.Null _ -> Typed.of(Kind.NULL, (_, _) -> null, expression);
      case Call call -> call(call);
      case Cast cast -> Casts.to(kind(cast), compile(cast.value()), cast, relation);
      case IsNull(Expression value, boolean not, int _) -> {
        Node node = compile(value).node();
        yield Typed.of(
            Kind.BOOL, (batch, row) -> (node.value(batch, row) == null) != not, expression);
      }
      case Case cases -> cases(cases);
    };
  }

  private Typed column(Expression.Column written) {
    int place = relation.indexOf(written.name());
    if (place < 0) {
      throw Failure.of(Code.UNDEFINED_COLUMN, "column \"" + written.name() + "\" does not exist")
          .hint(Nearest.hint(written.name(), relation.columns().stream().map(Column::name)))
          .at(written.position())
          .exception();
    }
    var type = relation.columns().get(place).type();
    var kind = Columns.kind(type);
    return new Typed(
        kind,
        Columns.read(relation, place),
        kind == Kind.OTHER ? type.described() : kind.type(),
        written);
  }

  private static Typed number(Expression.Number written) {
    if (written.digits().length() <= MANY_DIGITS && !written.digits().contains(".")) {
      long value = Long.parseLong(written.digits());
      return Typed.of(value <= Integer.MAX_VALUE ? Kind.INT4 : Kind.INT8, (_, _) -> value, written);
    }
    var value = new BigDecimal(written.digits());
    return Typed.of(Kind.NUMERIC, (_, _) -> value, written);
  }

  private static Kind kind(Cast cast) {
    return Kind.named(cast.type())
        .orElseThrow(
            () ->
                Failure.of(Code.UNDEFINED_OBJECT, "type \"" + cast.type() + "\" does not exist")
                    .hint(
                        "Known here: bool, int2, int4, int8, uint4, uint8, numeric, float8, text,"
                            + " bytea.")
                    .at(cast.position())
                    .exception());
  }

  private Typed call(Call call) {
    return switch (call.function()) {
      case "and", "or" -> Logic.both(call, bool(call, 0), bool(call, 1));
      case "not" -> Logic.not(call, bool(call, 0));
      case "=", "<>", "<", "<=", ">", ">=" ->
          Logic.comparison(
              call, compile(call.arguments().get(0)), compile(call.arguments().get(1)));
      case "+", "-", "*", "/", "%" ->
          arithmetic(call, compile(call.arguments().get(0)), compile(call.arguments().get(1)));
      case "||" -> concatenation(call);
      case "coalesce" -> coalesce(call);
      case "concat" -> concat(call);
      case "mod" ->
          call.arguments().size() == 2
              ? call(new Call("%", call.arguments(), call.position()))
              : unknown(call);
      case "abs" -> absolute(call);
      default -> function(call);
    };
  }

  private Node bool(Call call, int argument) {
    Typed typed = compile(call.arguments().get(argument));
    if (typed.kind() != Kind.BOOL && typed.kind() != Kind.NULL) {
      throw mismatch(
          "argument of %s must be type boolean, not type %s"
              .formatted(call.function().toUpperCase(java.util.Locale.ROOT), typed.type()),
          typed.written().position());
    }
    return typed.node();
  }

  private static Typed arithmetic(Call call, Typed a, Typed b) {
    boolean fits =
        (a.kind().number() || a.kind() == Kind.NULL)
            && (b.kind().number() || b.kind() == Kind.NULL);
    if (!fits) {
      throw Logic.noOperator(call, a, b);
    }
    Kind kind = Numbers.common(a, b);
    if (kind == Kind.NULL) {
      return Typed.of(Kind.NULL, (_, _) -> null, call);
    }
    char operator = call.function().charAt(0);
    return Typed.of(
        kind,
        (batch, row) -> {
          Object left = a.node().value(batch, row);
          Object right = b.node().value(batch, row);
          return left == null || right == null
              ? null
              : Numbers.arithmetic(
                  operator,
                  Numbers.cast(left, a.kind(), kind),
                  Numbers.cast(right, b.kind(), kind),
                  kind);
        },
        call);
  }

  private Typed absolute(Call call) {
    if (call.arguments().size() != 1) {
      return unknown(call);
    }
    Typed of = compile(call.arguments().getFirst());
    if (!of.kind().number()) {
      return unknown(call);
    }
    Expression zero = new Expression.Number("0", call.position());
    Typed negative = arithmetic(new Call("-", List.of(zero, zero), 0), number("0", call), of);
    return Typed.of(
        of.kind(),
        (batch, row) -> {
          Object value = of.node().value(batch, row);
          return switch (value) {
            case null -> null;
            case Long whole when whole >= 0 || of.kind() == Kind.UINT8 -> whole;
            case BigDecimal decimal -> decimal.abs();
            case Double number -> Math.abs(number);
            default -> negative.node().value(batch, row);
          };
        },
        call);
  }

  private static Typed number(String digits, Call call) {
    return number(new Expression.Number(digits, call.position()));
  }

  private Typed concatenation(Call call) {
    Typed a = compile(call.arguments().get(0));
    Typed b = compile(call.arguments().get(1));
    boolean octets = a.kind() == Kind.BYTEA && b.kind() == Kind.BYTEA;
    boolean texts = a.kind() == Kind.TEXT || b.kind() == Kind.TEXT;
    if (!octets && !texts && a.kind() != Kind.NULL && b.kind() != Kind.NULL) {
      throw Logic.noOperator(call, a, b);
    }
    Node left = octets ? a.node() : Casts.toText(a, relation).node();
    Node right = octets ? b.node() : Casts.toText(b, relation).node();
    return Typed.of(
        octets ? Kind.BYTEA : Kind.TEXT,
        (batch, row) -> {
          var x = (Slice) left.value(batch, row);
          var y = (Slice) right.value(batch, row);
          return x == null || y == null ? null : x.then(y);
        },
        call);
  }

  private Typed concat(Call call) {
    Node[] nodes =
        call.arguments().stream()
            .map(argument -> Casts.toText(compile(argument), relation).node())
            .toArray(Node[]::new);
    return Typed.of(
        Kind.TEXT,
        (batch, row) -> {
          Slice all = Slice.of("");
          for (Node node : nodes) {
            var next = (Slice) node.value(batch, row);
            all = next == null ? all : all.then(next);
          }
          return all;
        },
        call);
  }

  private Typed coalesce(Call call) {
    if (call.arguments().isEmpty()) {
      return unknown(call);
    }
    List<Typed> choices = call.arguments().stream().map(this::compile).toList();
    Kind kind = common(choices, "COALESCE", call.position());
    return Typed.of(
        kind,
        (batch, row) -> {
          for (Typed choice : choices) {
            Object value = choice.node().value(batch, row);
            if (value != null) {
              return Logic.as(value, choice.kind(), kind);
            }
          }
          return null;
        },
        call);
  }

  private Typed cases(Case cases) {
    List<Node> conditions =
        cases.whens().stream()
            .map(
                when -> bool(new Call("case/when", List.of(when.condition()), cases.position()), 0))
            .toList();
    List<Typed> results =
        java.util.stream.Stream.concat(
                cases.whens().stream().map(When::result),
                java.util.stream.Stream.of(
                    cases.otherwise().orElse(new Expression.Null(cases.position()))))
            .map(this::compile)
            .toList();
    Kind kind = common(results, "CASE", cases.position());
    return Typed.of(
        kind,
        (batch, row) -> {
          int chosen = 0;
          while (chosen < conditions.size()
              && !Boolean.TRUE.equals(conditions.get(chosen).value(batch, row))) {
            chosen++;
          }
          Object value = results.get(chosen).node().value(batch, row);
          return value == null ? null : Logic.as(value, results.get(chosen).kind(), kind);
        },
        cases);
  }

  /** The kind that all of them become. */
  private static Kind common(List<Typed> all, String what, int position) {
    Typed common = all.getFirst();
    for (Typed next : all.subList(1, all.size())) {
      if (common.kind().number() && next.kind().number()) {
        common = Typed.of(Numbers.common(common, next), common.node(), common.written());
      } else if (common.kind() == Kind.NULL) {
        common = next;
      } else if (next.kind() != Kind.NULL && next.kind() != common.kind()) {
        throw mismatch(
            "%s types %s and %s cannot be matched".formatted(what, common.type(), next.type()),
            position);
      }
    }
    return common.kind();
  }

  private Typed function(Call call) {
    var hash = Functions.hash(call.function());
    if (hash.isPresent() && call.arguments().size() == 1) {
      return hashed(call, hash.get());
    }
    var function = Functions.named(call.function());
    int given = call.arguments().size();
    if (function.isEmpty()
        || given < function.get().least()
        || given > function.get().wants().size()) {
      return unknown(call);
    }
    Node[] nodes = new Node[given];
    for (int i = 0; i < given; i++) {
      Typed argument = compile(call.arguments().get(i));
      if (!fits(argument.kind(), function.get().wants().get(i))) {
        return unknown(call);
      }
      nodes[i] = argument.node();
    }
    var body = function.get().body();
    return Typed.of(
        function.get().result(),
        (batch, row) -> {
          Object[] values = Functions.values(nodes, batch, row);
          return values == null ? null : body.of(values);
        },
        call);
  }

  private Typed hashed(Call call, Functions.Hash hash) {
    Typed argument = compile(call.arguments().getFirst());
    if (!fits(argument.kind(), Kind.BYTEA)) {
      return unknown(call);
    }
    return Typed.of(
        Functions.kindOfHash(call.function()),
        (batch, row) -> {
          var of = (Slice) argument.node().value(batch, row);
          return of == null ? null : hash.of(of.bytes(), of.from(), of.to());
        },
        call);
  }

  private static boolean fits(Kind is, Kind wanted) {
    return switch (wanted) {
      case BYTEA -> is == Kind.BYTEA || is == Kind.TEXT || is == Kind.NULL;
      case INT8 -> is.whole() && is != Kind.UINT8 || is == Kind.NULL;
      default -> is == wanted || is == Kind.NULL;
    };
  }

  private Typed unknown(Call call) {
    var types = call.arguments().stream().map(a -> compile(a).type()).toList();
    throw Failure.of(
            Code.UNDEFINED_OBJECT,
            "function %s(%s) does not exist".formatted(call.function(), String.join(", ", types)))
        .hint("Add a cast, e.g. x::text. docs/sql/create-sink.md lists the functions.")
        .at(call.position())
        .exception();
  }

  static FailureException mismatch(String message, int position) {
    return Failure.of(Code.INVALID_DEFINITION, message).at(position).exception();
  }
}
