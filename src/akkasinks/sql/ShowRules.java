package akkasinks.sql;

import akkasinks.command.Command;
import akkasinks.command.Command.DescribeSink;
import akkasinks.command.Command.Kind;
import akkasinks.command.Command.ListSinks;
import akkasinks.command.Command.Show;
import akkasinks.command.Command.ShowComments;
import akkasinks.command.Command.ShowCreate;
import akkasinks.command.Command.ShowCreateSink;
import akkasinks.command.Command.ShowDebts;

/** SHOW. */
final class ShowRules {
  private ShowRules() {}

  static Command show(Tokens tokens) {
    if (tokens.accept("SECRETS")) {
      return new Show(Kind.SECRET);
    }
    if (tokens.accept("CONNECTIONS")) {
      return new Show(Kind.CONNECTION);
    }
    if (tokens.accept("SOURCES")) {
      return new Show(Kind.SOURCE);
    }
    if (tokens.accept("SINKS")) {
      return new ListSinks();
    }
    if (tokens.accept("DEBTS")) {
      return new ShowDebts();
    }
    if (tokens.accept("SINK")) {
      return new DescribeSink(tokens.name("the sink's name"));
    }
    if (tokens.accept("COMMENTS")) {
      return new ShowComments();
    }
    if (tokens.accept("CREATE")) {
      return showCreate(tokens, false);
    }
    if (tokens.accept("REDACTED")) {
      tokens.expect("CREATE");
      return showCreate(tokens, true);
    }
    throw tokens.expected(
        Tokens.oneOf(
            "SECRETS",
            "CONNECTIONS",
            "SOURCES",
            "SINKS",
            "DEBTS",
            "COMMENTS",
            "SINK",
            "CREATE",
            "REDACTED CREATE"));
  }

  private static Command showCreate(Tokens tokens, boolean redacted) {
    if (tokens.accept("SINK")) {
      return new ShowCreateSink(tokens.name("the sink's name"), redacted);
    }
    if (tokens.accept("CONNECTION")) {
      return new ShowCreate(Kind.CONNECTION, tokens.name("the connection's name"), redacted);
    }
    if (tokens.accept("SOURCE")) {
      return new ShowCreate(Kind.SOURCE, tokens.name("the source's name"), redacted);
    }
    throw tokens.expected(Tokens.oneOf("CONNECTION", "SOURCE", "SINK"));
  }
}
