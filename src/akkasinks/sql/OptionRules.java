package akkasinks.sql;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.base.FailureException;
import akkasinks.command.Command.Option;
import akkasinks.command.Command.OptionValue;
import akkasinks.command.Command.OptionValue.Documentation;
import akkasinks.command.Command.OptionValue.Entries;
import akkasinks.command.Command.OptionValue.Formula;
import akkasinks.command.Command.OptionValue.Literal;
import akkasinks.command.Command.OptionValue.Many;
import akkasinks.command.Command.OptionValue.None;
import akkasinks.command.Command.OptionValue.SecretName;
import akkasinks.sql.Token.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Lists of options: {@code NAME WORDS [=] value, …}.
 *
 * <p>The parser knows no option but {@code PARTITION BY}, whose value is an expression. Without
 * {@code =}, where the name ends and a bare word begins as its value cannot be told here ({@code
 * COMPRESSION TYPE lz4}): such words all become the name, and who knows the options parts them.
 */
final class OptionRules {
  private static final String PARTITION_BY = "PARTITION BY";
  private static final String PUBLIC_KEY = "PUBLIC KEY";

  private OptionRules() {}

  static List<Option> list(Tokens tokens) {
    if (tokens.peek().is("(") && tokens.peek(1).is(")")) {
      tokens.next();
      tokens.next();
      return List.of();
    }
    return tokens.list(() -> option(tokens));
  }

  /** Options named without values, as DROP and RESET take them. */
  static List<Option> names(Tokens tokens) {
    return tokens.list(
        () -> {
          int position = tokens.peek().position();
          return new Option(name(tokens), new None(), position);
        });
  }

  /** The same without parentheses. */
  static List<Option> bare(Tokens tokens) {
    List<Option> options = new ArrayList<>();
    do {
      options.add(option(tokens));
    } while (tokens.acceptSymbol(","));
    return options;
  }

  private static Option option(Tokens tokens) {
    int position = tokens.peek().position();
    if (describes(tokens, 0) || describes(tokens, 1)) {
      return documentation(tokens, position);
    }
    String name = name(tokens);
    if (name.startsWith("AWS PRIVATELINK")) {
      throw OtherWays.privateLink(position);
    }
    // As RESET (PARTITION BY) has it.
    boolean alone = tokens.peek().is(",") || tokens.peek().is(")");
    if (name.equals(PARTITION_BY) && !alone) {
      tokens.acceptSymbol("=");
      return new Option(name, formula(tokens), position);
    }
    if (tokens.acceptSymbol("=")) {
      return new Option(name, value(tokens), position);
    }
    return new Option(name, alone ? new None() : value(tokens), position);
  }

  /** {@code DOC ON …}, from that token of those ahead. */
  private static boolean describes(Tokens tokens, int from) {
    boolean side = from == 0 || tokens.peek().isWord("KEY") || tokens.peek().isWord("VALUE");
    return side && tokens.peek(from).isWord("DOC") && tokens.peek(from + 1).isWord("ON");
  }

  /** {@code [KEY | VALUE] DOC ON { TYPE t | COLUMN t.c } = 'text'}. */
  private static Option documentation(Tokens tokens, int position) {
    String side = tokens.peek().isWord("DOC") ? "" : tokens.next().upper() + " ";
    tokens.expect("DOC", "ON");
    Token what = tokens.peek();
    if (!tokens.accept("TYPE") && !tokens.accept("COLUMN")) {
      throw tokens.expected(Tokens.oneOf("TYPE", "COLUMN"));
    }
    List<String> object = new ArrayList<>();
    do {
      object.add(tokens.name("what the text describes").text());
    } while (tokens.acceptSymbol("."));
    tokens.acceptSymbol("=");
    String text = tokens.string("the text as a string");
    return new Option(side + "DOC ON " + what.upper(), new Documentation(object, text), position);
  }

  /** Words in upper case; a Kafka property, known by its dots or quotes, as written. */
  private static String name(Tokens tokens) {
    Token first = tokens.peek();
    if (!first.isName()) {
      throw tokens.expected("an option's name");
    }
    tokens.next();
    if (first.kind() == Kind.QUOTED) {
      return first.text();
    }
    if (tokens.peek().is(".")) {
      return dotted(tokens, first);
    }
    StringBuilder name = new StringBuilder(first.upper());
    while (tokens.peek().kind() == Kind.WORD
        && !beginsValue(tokens)
        && !PARTITION_BY.contentEquals(name)) {
      name.append(' ').append(tokens.next().upper());
    }
    if (PUBLIC_KEY.contentEquals(name) && tokens.peek().kind() == Kind.NUMBER) {
      name.append(' ').append(tokens.next().text());
    }
    return name.toString();
  }

  private static Formula formula(Tokens tokens) {
    Token first = tokens.peek();
    Expressions.parse(tokens);
    return new Formula(tokens.text(first.start(), tokens.end()), first.position());
  }

  private static String dotted(Tokens tokens, Token first) {
    StringBuilder name = new StringBuilder(first.text());
    while (tokens.acceptSymbol(".")) {
      if (tokens.peek().kind() != Kind.WORD) {
        throw tokens.expected("the rest of the property's name");
      }
      name.append('.').append(tokens.next().text());
    }
    return name.toString();
  }

  private static boolean beginsValue(Tokens tokens) {
    Token word = tokens.peek();
    return word.isWord("TRUE")
        || word.isWord("FALSE")
        || (word.isWord("SECRET") && tokens.peek(1).isName())
        || (word.isWord("MAP") && tokens.peek(1).is("["));
  }

  private static OptionValue value(Tokens tokens) {
    if (tokens.peek().is("(") || tokens.peek().is("[")) {
      return many(tokens);
    }
    if (tokens.peek().isWord("MAP") && tokens.peek(1).is("[")) {
      return entries(tokens);
    }
    if (tokens.peek().isWord("SECRET") && tokens.peek(1).isName()) {
      tokens.next();
      return new SecretName(tokens.name("the secret's name").text());
    }
    return scalar(tokens);
  }

  private static OptionValue scalar(Tokens tokens) {
    Token token = tokens.peek();
    return switch (token.kind()) {
      case STRING -> new Literal(tokens.next().text(), true);
      case QUOTED -> new Literal(tokens.next().text(), true);
      case NUMBER -> new Literal(tokens.next().text(), false);
      case WORD -> words(tokens);
      case SYMBOL -> {
        if (token.is("-") && tokens.peek(1).kind() == Kind.NUMBER) {
          tokens.next();
          yield new Literal("-" + tokens.next().text(), false);
        }
        throw tokens.expected("the option's value");
      }
      case SEMICOLON, END -> throw tokens.expected("the option's value");
    };
  }

  private static Literal words(Tokens tokens) {
    StringBuilder words = new StringBuilder(tokens.next().text());
    while (tokens.peek().kind() == Kind.WORD) {
      words.append(' ').append(tokens.next().text());
    }
    return new Literal(words.toString(), false);
  }

  private static Many many(Tokens tokens) {
    String close = tokens.next().is("(") ? ")" : "]";
    List<OptionValue> values = new ArrayList<>();
    if (!tokens.peek().is(close)) {
      do {
        values.add(scalar(tokens));
        if (tokens.peek().isWord("USING")) {
          throw used(tokens);
        }
      } while (tokens.acceptSymbol(","));
    }
    if (!tokens.acceptSymbol(close)) {
      throw tokens.expected("\",\" or \"" + close + "\"");
    }
    return new Many(values);
  }

  /** {@code BROKERS ('a:9092' USING SSH TUNNEL t)}. */
  private static FailureException used(Tokens tokens) {
    Token using = tokens.next();
    if (tokens.peek().isWord("AWS")) {
      return OtherWays.privateLink(using.position());
    }
    tokens.expect("SSH", "TUNNEL");
    return OtherWays.tunnelToKafka(using.position());
  }

  private static Entries entries(Tokens tokens) {
    tokens.next();
    tokens.expectSymbol("[");
    Map<String, String> entries = new LinkedHashMap<>();
    if (!tokens.peek().is("]")) {
      do {
        Token at = tokens.peek();
        String key = tokens.string("a key as a string");
        tokens.expectSymbol("=>");
        if (entries.put(key, tokens.string("a value as a string")) != null) {
          throw Failure.of(Code.SYNTAX_ERROR, "key \"" + key + "\" specified more than once")
              .at(at.position())
              .exception();
        }
      } while (tokens.acceptSymbol(","));
    }
    if (!tokens.acceptSymbol("]")) {
      throw tokens.expected("\",\" or \"]\"");
    }
    return new Entries(java.util.Collections.unmodifiableMap(entries));
  }
}
