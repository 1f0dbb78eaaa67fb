package akkasinks.sql;

import akkasinks.command.Command;
import akkasinks.command.Command.DescribeSink;
import akkasinks.command.Command.Kind;
import akkasinks.command.Command.ListSinks;
import akkasinks.command.Command.Name;
import akkasinks.command.Command.Narrowed;
import akkasinks.command.Command.Show;
import akkasinks.command.Command.ShowComments;
import akkasinks.command.Command.ShowCreate;
import akkasinks.command.Command.ShowCreateSink;
import akkasinks.command.Command.ShowDebts;
import akkasinks.command.Command.ShowPrivileges;
import akkasinks.command.Command.ShowRights;
import akkasinks.command.Command.ShowRoles;
import akkasinks.command.Command.Word;
import akkasinks.command.Command.WordKind;
import java.util.ArrayList;
import java.util.List;

/** SHOW. */
final class ShowRules {
  private ShowRules() {}

  static Command show(Tokens tokens) {
    if (tokens.accept("SECRETS")) {
      return narrowed(tokens, new Show(Kind.SECRET));
    }
    if (tokens.accept("CONNECTIONS")) {
      return narrowed(tokens, new Show(Kind.CONNECTION));
    }
    if (tokens.accept("SOURCES")) {
      return narrowed(tokens, new Show(Kind.SOURCE));
    }
    if (tokens.accept("SINKS")) {
      return narrowed(tokens, new ListSinks());
    }
    if (tokens.accept("DEBTS")) {
      return narrowed(tokens, new ShowDebts());
    }
    if (tokens.accept("SINK")) {
      return new DescribeSink(tokens.name("the sink's name"));
    }
    if (tokens.accept("RIGHTS")) {
      tokens.expect("FOR");
      tokens.expect("SINK");
      return new ShowRights(tokens.name("the sink's name"));
    }
    if (tokens.accept("COMMENTS")) {
      return narrowed(tokens, new ShowComments());
    }
    if (tokens.accept("ROLES")) {
      return narrowed(tokens, new ShowRoles());
    }
    if (tokens.accept("PRIVILEGES")) {
      return narrowed(tokens, new ShowPrivileges());
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
            "ROLES",
            "PRIVILEGES",
            "SINK",
            "RIGHTS FOR SINK",
            "CREATE",
            "REDACTED CREATE"));
  }

  /** {@code [IN CLUSTER name] [LIKE 'pattern' | WHERE condition]}. */
  private static Command narrowed(Tokens tokens, Command.Question list) {
    List<Word> condition = new ArrayList<>();
    if (tokens.accept("IN", "CLUSTER")) {
      Name cluster = tokens.name("the cluster's name");
      condition.addAll(compared("cluster", "=", cluster.text(), cluster.position()));
    }
    int position = tokens.peek().position();
    if (tokens.accept("LIKE")) {
      and(condition, compared("name", "like", tokens.string("a pattern in quotes"), position));
    } else if (tokens.accept("WHERE")) {
      and(condition, tokens.query());
      if (condition.isEmpty()) {
        throw tokens.expected("a condition");
      }
    }
    return condition.isEmpty() ? list : new Narrowed(list, condition);
  }

  private static void and(List<Word> condition, List<Word> more) {
    if (!condition.isEmpty() && !more.isEmpty()) {
      condition.add(new Word(WordKind.NAME, "and", more.getFirst().position()));
    }
    condition.addAll(more);
  }

  private static List<Word> compared(String column, String how, String text, int position) {
    return List.of(
        new Word(WordKind.NAME, column, position),
        new Word(how.equals("=") ? WordKind.SYMBOL : WordKind.NAME, how, position),
        new Word(WordKind.STRING, text, position));
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
