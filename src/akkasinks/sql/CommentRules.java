package akkasinks.sql;

import akkasinks.command.Command;
import akkasinks.command.Command.CommentOn;
import akkasinks.command.Command.Commented;
import akkasinks.command.Command.Kind;
import akkasinks.command.Command.Name;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** COMMENT ON. */
final class CommentRules {
  private CommentRules() {}

  static Command comment(Tokens tokens) {
    tokens.expect("ON");
    Commented on = on(tokens);
    tokens.expect("IS");
    if (tokens.accept("NULL")) {
      return new CommentOn(on, Optional.empty());
    }
    String text = tokens.string("the comment as a string, or NULL");
    return new CommentOn(on, text.isEmpty() ? Optional.empty() : Optional.of(text));
  }

  private static Commented on(Tokens tokens) {
    if (tokens.accept("SECRET")) {
      return new Commented.Object(Kind.SECRET, tokens.name("the secret's name"));
    }
    if (tokens.accept("CONNECTION")) {
      return new Commented.Object(Kind.CONNECTION, tokens.name("the connection's name"));
    }
    if (tokens.accept("SOURCE")) {
      return new Commented.Object(Kind.SOURCE, tokens.name("the source's name"));
    }
    if (tokens.accept("SINK")) {
      return new Commented.Sink(tokens.name("the sink's name"));
    }
    if (tokens.accept("COLUMN")) {
      return column(tokens);
    }
    throw tokens.expected(Tokens.oneOf("SECRET", "CONNECTION", "SOURCE", "SINK", "COLUMN"));
  }

  private static Commented column(Tokens tokens) {
    List<Name> path = new ArrayList<>();
    path.add(tokens.name("the relation's name"));
    do {
      tokens.expectSymbol(".");
      path.add(tokens.name("the column's name"));
    } while (tokens.peek().is("."));
    return new Commented.Column(path);
  }
}
