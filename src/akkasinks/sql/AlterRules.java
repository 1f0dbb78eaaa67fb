package akkasinks.sql;

import akkasinks.command.Command;
import akkasinks.command.Command.AlterConnection;
import akkasinks.command.Command.AlterSecret;
import akkasinks.command.Command.AlterSink;
import akkasinks.command.Command.ChangeOwner;
import akkasinks.command.Command.Drop;
import akkasinks.command.Command.DropSink;
import akkasinks.command.Command.Kind;
import akkasinks.command.Command.Name;
import akkasinks.command.Command.Option;
import akkasinks.command.Command.Owned;
import akkasinks.command.Command.PauseSink;
import akkasinks.command.Command.Rename;
import akkasinks.command.Command.ResnapshotSink;
import akkasinks.command.Command.ResumeSink;
import akkasinks.command.Command.RotateKeys;
import akkasinks.command.Command.SinkChange;
import java.util.ArrayList;
import java.util.List;

/** ALTER and DROP. */
final class AlterRules {
  private AlterRules() {}

  static Command alter(Tokens tokens) {
    if (tokens.accept("SINK")) {
      return sink(tokens);
    }
    if (tokens.accept("SECRET")) {
      return secret(tokens);
    }
    if (tokens.accept("CONNECTION")) {
      return connection(tokens);
    }
    if (tokens.accept("SOURCE")) {
      return source(tokens);
    }
    if (tokens.accept("ROLE") || tokens.accept("USER")) {
      return RoleRules.alter(tokens);
    }
    throw tokens.expected(Tokens.oneOf("SECRET", "CONNECTION", "SOURCE", "SINK", "ROLE"));
  }

  private static Command sink(Tokens tokens) {
    boolean ifExists = tokens.ifExists();
    Name name = tokens.name("the sink's name");
    if (tokens.accept("PAUSE")) {
      return new PauseSink(name, ifExists);
    }
    if (tokens.accept("RESUME")) {
      return new ResumeSink(name, ifExists);
    }
    if (tokens.accept("RESNAPSHOT")) {
      return new ResnapshotSink(name, ifExists);
    }
    if (tokens.accept("RENAME")) {
      return new AlterSink(name, ifExists, new SinkChange.RenameTo(newName(tokens)));
    }
    if (tokens.accept("OWNER")) {
      return owner(tokens, Owned.SINK, name, ifExists);
    }
    if (tokens.accept("SET", "FROM")) {
      var from = SinkRules.from(tokens);
      var with = tokens.accept("WITH") ? OptionRules.list(tokens) : List.<Option>of();
      return new AlterSink(name, ifExists, new SinkChange.SetFrom(from, with));
    }
    if (tokens.accept("SET")) {
      return new AlterSink(name, ifExists, new SinkChange.SetOptions(OptionRules.list(tokens)));
    }
    if (tokens.accept("RESET")) {
      return new AlterSink(name, ifExists, new SinkChange.ResetOptions(OptionRules.list(tokens)));
    }
    throw tokens.expected(
        Tokens.oneOf("SET", "RESET", "RENAME TO", "OWNER TO", "PAUSE", "RESUME", "RESNAPSHOT"));
  }

  private static Command secret(Tokens tokens) {
    boolean ifExists = tokens.ifExists();
    Name name = tokens.name("the secret's name");
    if (tokens.accept("RENAME")) {
      return new Rename(Kind.SECRET, name, ifExists, newName(tokens));
    }
    if (tokens.accept("OWNER")) {
      return owner(tokens, Owned.SECRET, name, ifExists);
    }
    if (!tokens.peek().isWord("AS")) {
      throw tokens.expected(Tokens.oneOf("AS", "RENAME TO", "OWNER TO"));
    }
    return new AlterSecret(name, ifExists, CreateRules.secretValue(tokens));
  }

  private static Command connection(Tokens tokens) {
    boolean ifExists = tokens.ifExists();
    Name name = tokens.name("the connection's name");
    if (tokens.accept("RENAME")) {
      return new Rename(Kind.CONNECTION, name, ifExists, newName(tokens));
    }
    if (tokens.accept("OWNER")) {
      return owner(tokens, Owned.CONNECTION, name, ifExists);
    }
    if (tokens.accept("ROTATE", "KEYS")) {
      return new RotateKeys(name, ifExists);
    }
    List<Option> set = new ArrayList<>();
    List<Option> reset = new ArrayList<>();
    do {
      if (tokens.accept("SET")) {
        set.addAll(OptionRules.list(tokens));
      } else if (tokens.accept("DROP") || tokens.accept("RESET")) {
        reset.addAll(OptionRules.names(tokens));
      } else {
        throw tokens.expected(
            Tokens.oneOf("SET", "DROP", "RESET", "RENAME TO", "OWNER TO", "ROTATE KEYS"));
      }
    } while (tokens.acceptSymbol(","));
    List<Option> with = tokens.accept("WITH") ? OptionRules.list(tokens) : List.of();
    return new AlterConnection(name, ifExists, set, reset, with);
  }

  private static Command source(Tokens tokens) {
    boolean ifExists = tokens.ifExists();
    Name name = tokens.name("the source's name");
    if (tokens.peek().isWord("SET")) {
      throw Tokens.notSupported("ALTER SOURCE SET not yet supported", tokens.peek().position());
    }
    if (tokens.accept("OWNER")) {
      return owner(tokens, Owned.SOURCE, name, ifExists);
    }
    tokens.expect("RENAME");
    return new Rename(Kind.SOURCE, name, ifExists, newName(tokens));
  }

  private static Command owner(Tokens tokens, Owned kind, Name name, boolean ifExists) {
    tokens.expect("TO");
    return new ChangeOwner(kind, name, ifExists, tokens.name("the role's name"));
  }

  private static String newName(Tokens tokens) {
    tokens.expect("TO");
    return tokens.name("the new name").text();
  }

  static Command drop(Tokens tokens) {
    if (tokens.accept("SINK")) {
      boolean ifExists = tokens.ifExists();
      Name name = tokens.name("the sink's name");
      return new DropSink(name, ifExists, tokens.accept("CASCADE"));
    }
    if (tokens.accept("SECRET")) {
      return drop(tokens, Kind.SECRET, "the secret's name");
    }
    if (tokens.accept("CONNECTION")) {
      return drop(tokens, Kind.CONNECTION, "the connection's name");
    }
    if (tokens.accept("SOURCE")) {
      return drop(tokens, Kind.SOURCE, "the source's name");
    }
    if (tokens.accept("ROLE") || tokens.accept("USER")) {
      return RoleRules.drop(tokens);
    }
    throw tokens.expected(Tokens.oneOf("SECRET", "CONNECTION", "SOURCE", "SINK", "ROLE"));
  }

  private static Command drop(Tokens tokens, Kind kind, String what) {
    boolean ifExists = tokens.ifExists();
    Name name = tokens.name(what);
    return new Drop(kind, name, ifExists, tokens.accept("CASCADE"));
  }
}
