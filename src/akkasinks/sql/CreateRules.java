package akkasinks.sql;

import akkasinks.command.Command;
import akkasinks.command.Command.CreateConnection;
import akkasinks.command.Command.CreateSecret;
import akkasinks.command.Command.CreateSource;
import akkasinks.command.Command.Name;
import akkasinks.command.Command.Option;
import akkasinks.command.Command.Plaintext;
import akkasinks.command.Command.TableChoice;
import akkasinks.command.Command.TableRef;
import java.util.List;
import java.util.Optional;

/** CREATE SECRET, CONNECTION and SOURCE; {@link SinkRules} has CREATE SINK. */
final class CreateRules {
  private CreateRules() {}

  static Command create(Tokens tokens) {
    if (tokens.accept("SECRET")) {
      return secret(tokens);
    }
    if (tokens.accept("CONNECTION")) {
      return connection(tokens);
    }
    if (tokens.accept("SOURCE")) {
      return source(tokens);
    }
    if (tokens.accept("SINK")) {
      return SinkRules.create(tokens);
    }
    if (tokens.accept("ROLE")) {
      return RoleRules.create(tokens, false);
    }
    if (tokens.accept("USER")) {
      return RoleRules.create(tokens, true);
    }
    throw tokens.expected(Tokens.oneOf("SECRET", "CONNECTION", "SOURCE", "SINK", "ROLE"));
  }

  private static Command secret(Tokens tokens) {
    boolean ifNotExists = tokens.ifNotExists();
    Name name = tokens.name("the secret's name");
    return new CreateSecret(name, ifNotExists, secretValue(tokens));
  }

  /** {@code AS 'value'}. */
  static Plaintext secretValue(Tokens tokens) {
    tokens.expect("AS");
    tokens.discreet(true);
    return new Plaintext(tokens.string("the secret's value as a string"));
  }

  private static Command connection(Tokens tokens) {
    boolean ifNotExists = tokens.ifNotExists();
    Name name = tokens.name("the connection's name");
    // As Materialize's older documents have it: FOR, and options without parentheses.
    if (!tokens.accept("FOR")) {
      tokens.expect("TO");
    }
    Name kind = connectionKind(tokens);
    List<Option> options =
        tokens.peek().is("(") ? OptionRules.list(tokens) : OptionRules.bare(tokens);
    List<Option> with = tokens.accept("WITH") ? OptionRules.list(tokens) : List.of();
    return new CreateConnection(name, ifNotExists, kind, options, with);
  }

  private static Name connectionKind(Tokens tokens) {
    Token kind = tokens.peek();
    if (tokens.accept("CONFLUENT")) {
      tokens.expect("SCHEMA", "REGISTRY");
      return new Name("confluent schema registry", kind.position());
    }
    if (tokens.accept("SSH")) {
      tokens.expect("TUNNEL");
      return new Name("ssh tunnel", kind.position());
    }
    if (kind.isWord("AWS")) {
      throw OtherWays.privateLink(kind.position());
    }
    if (!tokens.accept("POSTGRES") && !tokens.accept("KAFKA")) {
      throw tokens.expected(
          Tokens.oneOf("POSTGRES", "KAFKA", "CONFLUENT SCHEMA REGISTRY", "SSH TUNNEL"));
    }
    return new Name(kind.text(), kind.position());
  }

  private static Command source(Tokens tokens) {
    boolean ifNotExists = tokens.ifNotExists();
    Name name = tokens.name("the source's name");
    if (tokens.peek().is("(") || tokens.peek(1).isWord("KAFKA")) {
      return new KafkaSourceRules(tokens, name, ifNotExists).source();
    }
    tokens.expect("FROM", "POSTGRES", "CONNECTION");
    Name connection = tokens.name("the connection's name");
    List<Option> options = tokens.peek().is("(") ? OptionRules.list(tokens) : List.of();
    tokens.expect("FOR");
    return new CreateSource(name, ifNotExists, connection, options, tables(tokens));
  }

  private static TableChoice tables(Tokens tokens) {
    if (tokens.accept("ALL")) {
      tokens.expect("TABLES");
      return new TableChoice.AllTables();
    }
    if (tokens.accept("SCHEMAS")) {
      return new TableChoice.InSchemas(tokens.list(() -> tokens.name("a schema's name")));
    }
    if (tokens.accept("TABLES")) {
      return new TableChoice.These(tokens.list(() -> table(tokens)));
    }
    throw tokens.expected("ALL TABLES, TABLES (…) or SCHEMAS (…)");
  }

  private static TableRef table(Tokens tokens) {
    Name first = tokens.name("a table's name");
    Optional<String> schema = Optional.empty();
    String table = first.text();
    if (tokens.acceptSymbol(".")) {
      schema = Optional.of(table);
      table = tokens.name("a table's name").text();
    }
    Optional<String> alias =
        tokens.accept("AS")
            ? Optional.of(tokens.name("the relation's name").text())
            : Optional.empty();
    return new TableRef(schema, table, alias, first.position());
  }
}
