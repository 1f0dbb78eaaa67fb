package akkasinks.sql;

import akkasinks.command.Expression;
import akkasinks.command.Expression.Bool;
import akkasinks.command.Expression.Call;
import akkasinks.command.Expression.Case;
import akkasinks.command.Expression.Cast;
import akkasinks.command.Expression.Column;
import akkasinks.command.Expression.IsNull;
import akkasinks.command.Expression.Null;
import akkasinks.command.Expression.Number;
import akkasinks.command.Expression.Text;
import akkasinks.command.Expression.When;
import akkasinks.sql.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Scalar expressions with PostgreSQL's precedence: OR, AND, NOT, IS, comparison and IN, {@code ||},
 * sum, product, sign, cast. One method for each.
 */
public final class Expressions {
  private static final Set<String> COMPARISONS = Set.of("=", "<>", "!=", "<", "<=", ">", ">=");
  private static final int DEEPEST = 100;

  private final Tokens tokens;
  private int depth;

  private Expressions(Tokens tokens) {
    this.tokens = tokens;
  }

  /**
   * An expression alone.
   *
   * @param position of its first character in the statement that it was part of, for errors
   * @throws akkasinks.base.FailureException SYNTAX_ERROR
   */
  public static Expression parse(String text, int position) {
    // Blanks stand for what was before it, so that all places are the statement's.
    Tokens tokens = new Tokens(" ".repeat(Math.max(0, position - 1)) + text, Parameters.none());
    Expression expression = parse(tokens);
    if (tokens.peek().kind() != Kind.END) {
      throw tokens.expected("an operator");
    }
    return expression;
  }

  static Expression parse(Tokens tokens) {
    return new Expressions(tokens).expression();
  }

  private Expression expression() {
    if (++depth > DEEPEST) {
      throw Tokens.notSupported(
          "an expression nested more than " + DEEPEST + " deep", tokens.peek().position());
    }
    Expression left = and();
    while (tokens.accept("OR")) {
      left = call("or", left, and(), left.position());
    }
    depth--;
    return left;
  }

  private Expression and() {
    Expression left = not();
    while (tokens.accept("AND")) {
      left = call("and", left, not(), left.position());
    }
    return left;
  }

  private Expression not() {
    Token first = tokens.peek();
    if (!tokens.accept("NOT")) {
      return is();
    }
    if (++depth > DEEPEST) {
      throw Tokens.notSupported(
          "an expression nested more than " + DEEPEST + " deep", first.position());
    }
    Expression negated = not();
    depth--;
    return new Call("not", List.of(negated), first.position());
  }

  private Expression is() {
    Expression left = comparison();
    while (tokens.peek().isWord("IS")) {
      int position = tokens.next().position();
      boolean not = tokens.accept("NOT");
      tokens.expect("NULL");
      left = new IsNull(left, not, position);
    }
    return left;
  }

  private Expression comparison() {
    Expression left = concatenation();
    while (true) {
      Token token = tokens.peek();
      if (token.kind() == Kind.SYMBOL && COMPARISONS.contains(token.text())) {
        tokens.next();
        String symbol = token.text().equals("!=") ? "<>" : token.text();
        left = call(symbol, left, concatenation(), token.position());
      } else if (tokens.accept("IN")) {
        left = in(left, token.position());
      } else {
        return left;
      }
    }
  }

  private Expression in(Expression left, int position) {
    Optional<Expression> any = Optional.empty();
    for (Expression each : tokens.list(this::expression)) {
      Expression equal = call("=", left, each, position);
      any = Optional.of(any.map(a -> call("or", a, equal, position)).orElse(equal));
    }
    return any.orElseThrow();
  }

  private Expression concatenation() {
    Expression left = sum();
    while (tokens.peek().is("||")) {
      Token operator = tokens.next();
      left = call("||", left, sum(), operator.position());
    }
    return left;
  }

  private Expression sum() {
    Expression left = product();
    while (tokens.peek().is("+") || tokens.peek().is("-")) {
      Token operator = tokens.next();
      left = call(operator.text(), left, product(), operator.position());
    }
    return left;
  }

  private Expression product() {
    Expression left = sign();
    while (tokens.peek().is("*") || tokens.peek().is("/") || tokens.peek().is("%")) {
      Token operator = tokens.next();
      left = call(operator.text(), left, sign(), operator.position());
    }
    return left;
  }

  private Expression sign() {
    Token first = tokens.peek();
    if (tokens.acceptSymbol("-")) {
      Expression zero = new Number("0", first.position());
      return new Call("-", List.of(zero, cast()), first.position());
    }
    tokens.acceptSymbol("+");
    return cast();
  }

  private Expression cast() {
    Expression value = primary();
    while (tokens.peek().is("::")) {
      int position = tokens.next().position();
      value = new Cast(value, type(), position);
    }
    return value;
  }

  private String type() {
    Token first = tokens.peek();
    if (!first.isName()) {
      throw tokens.expected("a type's name");
    }
    tokens.next();
    return first.isWord("DOUBLE") && tokens.accept("PRECISION") ? "double precision" : first.text();
  }

  private Expression primary() {
    Token token = tokens.peek();
    return switch (token.kind()) {
      case STRING -> new Text(tokens.next().text(), token.position());
      case NUMBER -> new Number(tokens.next().text(), token.position());
      case QUOTED -> new Column(tokens.next().text(), token.position());
      case WORD -> word(token);
      case SYMBOL -> {
        if (!tokens.acceptSymbol("(")) {
          throw tokens.expected("an expression");
        }
        Expression inner = expression();
        if (!tokens.acceptSymbol(")")) {
          throw tokens.expected("an operator or \")\"");
        }
        yield inner;
      }
      case SEMICOLON, END -> throw tokens.expected("an expression");
    };
  }

  private Expression word(Token word) {
    tokens.next();
    return switch (word.upper()) {
      case "TRUE" -> new Bool(true, word.position());
      case "FALSE" -> new Bool(false, word.position());
      case "NULL" -> new Null(word.position());
      case "CASE" -> cases(word);
      case "CAST" -> {
        tokens.expectSymbol("(");
        Expression value = expression();
        tokens.expect("AS");
        String type = type();
        tokens.expectSymbol(")");
        yield new Cast(value, type, word.position());
      }
      default ->
          tokens.peek().is("(")
              ? new Call(word.text(), arguments(), word.position())
              : new Column(word.text(), word.position());
    };
  }

  private List<Expression> arguments() {
    if (tokens.peek(1).is(")")) {
      tokens.next();
      tokens.next();
      return List.of();
    }
    return tokens.list(this::expression);
  }

  private Expression cases(Token word) {
    Optional<Expression> subject =
        tokens.peek().isWord("WHEN") ? Optional.empty() : Optional.of(expression());
    List<When> whens = new ArrayList<>();
    do {
      Token when = tokens.peek();
      tokens.expect("WHEN");
      Expression condition = expression();
      tokens.expect("THEN");
      Expression test =
          subject.<Expression>map(s -> call("=", s, condition, when.position())).orElse(condition);
      whens.add(new When(test, expression()));
    } while (tokens.peek().isWord("WHEN"));
    Optional<Expression> otherwise =
        tokens.accept("ELSE") ? Optional.of(expression()) : Optional.empty();
    tokens.expect("END");
    return new Case(whens, otherwise, word.position());
  }

  private static Expression call(String operator, Expression a, Expression b, int position) {
    return new Call(operator, List.of(a, b), position);
  }
}
