package akkasinks.sql;

import akkasinks.command.Command;
import akkasinks.command.Command.ExplainSchema;

/** {@code EXPLAIN { KEY | VALUE } SCHEMA [AS JSON] FOR CREATE SINK …}. */
final class ExplainRules {
  private ExplainRules() {}

  static Command explain(Tokens tokens) {
    boolean key = tokens.accept("KEY");
    if (!key && !tokens.accept("VALUE")) {
      throw tokens.expected(Tokens.oneOf("KEY", "VALUE"));
    }
    tokens.expect("SCHEMA");
    if (tokens.accept("AS")) {
      tokens.expect("JSON");
    }
    tokens.expect("FOR", "CREATE", "SINK");
    return new ExplainSchema(key, SinkRules.explained(tokens));
  }
}
