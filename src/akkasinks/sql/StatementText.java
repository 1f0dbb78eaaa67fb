package akkasinks.sql;

import akkasinks.command.Command;
import akkasinks.command.Command.Granted;
import akkasinks.command.Command.Name;
import akkasinks.command.Command.Option;
import akkasinks.command.Command.PasswordChange;
import akkasinks.command.Command.RoleAttributes;
import akkasinks.command.Command.SinkChange;
import akkasinks.command.Command.Word;
import java.util.List;
import java.util.stream.Collectors;

/** Any command as one statement, for people: secrets and passwords are not in it. */
public final class StatementText {
  private static final String HIDDEN = "'<redacted>'";

  private StatementText() {}

  /** Of a command that was accepted: what its options hold has been found to be no secret. */
  public static String of(Command command) {
    return switch (command) {
      case Command.CreateSecret c ->
          "CREATE SECRET "
              + (c.ifNotExists() ? "IF NOT EXISTS " : "")
              + name(c.name())
              + " AS "
              + HIDDEN;
      case Command.AlterSecret c -> alter("SECRET", c.ifExists(), c.name()) + " AS " + HIDDEN;
      case Command.CreateConnection c -> Printer.print(c);
      case Command.CreateSource c -> Printer.print(c);
      case Command.CreateKafkaSource c -> Printer.print(c);
      case Command.CreateSink c -> Printer.print(c);
      case Command.AlterConnection c -> alterConnection(c);
      case Command.RotateKeys c -> alter("CONNECTION", c.ifExists(), c.name()) + " ROTATE KEYS";
      case Command.AlterSink c -> alter("SINK", c.ifExists(), c.name()) + " " + change(c.change());
      case Command.Rename c ->
          alter(c.kind().name(), c.ifExists(), c.name())
              + " RENAME TO "
              + Printer.name(c.newName());
      case Command.ChangeOwner c ->
          alter(c.kind().name(), c.ifExists(), c.name()) + " OWNER TO " + name(c.role());
      case Command.PauseSink c -> alter("SINK", c.ifExists(), c.name()) + " PAUSE";
      case Command.ResumeSink c -> alter("SINK", c.ifExists(), c.name()) + " RESUME";
      case Command.ResnapshotSink c -> alter("SINK", c.ifExists(), c.name()) + " RESNAPSHOT";
      case Command.MoveSink c -> "MOVE SINK " + name(c.name()) + " TO " + Printer.string(c.node());
      case Command.DrainNode c -> "DRAIN NODE " + Printer.string(c.node());
      case Command.Drop c -> drop(c.kind().name(), c.ifExists(), c.name(), c.cascade());
      case Command.DropSink c -> drop("SINK", c.ifExists(), c.name(), c.cascade());
      case Command.CommentOn c -> "COMMENT ON " + commented(c);
      case Command.CreateRole c -> "CREATE ROLE " + name(c.name()) + attributes(c.attributes());
      case Command.AlterRole c -> "ALTER ROLE " + name(c.name()) + attributes(c.attributes());
      case Command.DropRole c ->
          "DROP ROLE " + (c.ifExists() ? "IF EXISTS " : "") + names(c.names());
      case Command.Grant c ->
          "GRANT %s ON %s TO %s".formatted(c.privilege(), granted(c.on()), names(c.roles()));
      case Command.Revoke c ->
          "REVOKE %s ON %s FROM %s".formatted(c.privilege(), granted(c.on()), names(c.roles()));
      case Command.ValidateConnection c -> "VALIDATE CONNECTION " + name(c.name());
      case Command.VerifySink c -> "VERIFY SINK " + name(c.name());
      case Command.DescribeSink c -> "DESCRIBE SINK " + name(c.name());
      case Command.Show c -> "SHOW " + c.kind() + "S";
      case Command.ListSinks _ -> "SHOW SINKS";
      case Command.ShowDebts _ -> "SHOW DEBTS";
      case Command.ShowComments _ -> "SHOW COMMENTS";
      case Command.ShowRoles _ -> "SHOW ROLES";
      case Command.ShowPrivileges _ -> "SHOW PRIVILEGES";
      case Command.ShowRights c -> "SHOW RIGHTS FOR SINK " + name(c.name());
      case Command.ShowCreate c -> showCreate(c.redacted(), c.kind().name(), c.name());
      case Command.ShowCreateSink c -> showCreate(c.redacted(), "SINK", c.name());
      case Command.ExplainSchema c ->
          "EXPLAIN %s SCHEMA FOR %s".formatted(c.key() ? "KEY" : "VALUE", Printer.print(c.sink()));
      case Command.Select c -> words(c.words());
      case Command.Narrowed c -> of(c.list()) + " WHERE " + words(c.condition());
    };
  }

  /**
   * Of a command that was refused: only what it was about, since it may have been refused for a
   * secret that it held.
   */
  public static String subject(Command command) {
    return of(command).split("[('$]", 2)[0].strip();
  }

  private static String alterConnection(Command.AlterConnection c) {
    return alter("CONNECTION", c.ifExists(), c.name())
        + (c.set().isEmpty() ? "" : " SET " + Printer.options(c.set()))
        + (c.set().isEmpty() || c.reset().isEmpty() ? "" : ",")
        + (c.reset().isEmpty() ? "" : " RESET " + optionNames(c.reset()))
        + (c.with().isEmpty() ? "" : " WITH " + Printer.options(c.with()));
  }

  private static String change(SinkChange change) {
    return switch (change) {
      case SinkChange.RenameTo(String newName) -> "RENAME TO " + Printer.name(newName);
      case SinkChange.SetOptions(var options) -> "SET " + Printer.options(options);
      case SinkChange.ResetOptions(var options) -> "RESET " + optionNames(options);
      case SinkChange.SetFrom(var from, var with) ->
          "SET FROM "
              + from.stream().map(StatementText::name).collect(Collectors.joining("."))
              + (with.isEmpty() ? "" : " WITH " + Printer.options(with));
    };
  }

  private static String optionNames(List<Option> options) {
    return options.stream().map(Option::name).collect(Collectors.joining(", ", "(", ")"));
  }

  private static String commented(Command.CommentOn c) {
    String on =
        switch (c.on()) {
          case Command.Commented.Object(var kind, Name name) -> kind + " " + name(name);
          case Command.Commented.Sink(Name name) -> "SINK " + name(name);
          case Command.Commented.Column(List<Name> path) ->
              "COLUMN " + path.stream().map(StatementText::name).collect(Collectors.joining("."));
        };
    return on + " IS " + c.text().map(Printer::string).orElse("NULL");
  }

  private static String attributes(RoleAttributes attributes) {
    return attributes.login().map(yes -> yes ? " LOGIN" : " NOLOGIN").orElse("")
        + attributes.superuser().map(yes -> yes ? " SUPERUSER" : " NOSUPERUSER").orElse("")
        + switch (attributes.password()) {
          case PasswordChange.Keep() -> "";
          case PasswordChange.Remove() -> " PASSWORD NULL";
          case PasswordChange.To _ -> " PASSWORD " + HIDDEN;
        };
  }

  private static String granted(Granted on) {
    return switch (on) {
      case Granted.Objects(var kind, var names) -> kind + " " + names(names);
      case Granted.Schema(Name name) -> "SCHEMA " + name(name);
    };
  }

  private static String alter(String kind, boolean ifExists, Name name) {
    return "ALTER " + kind + (ifExists ? " IF EXISTS " : " ") + name(name);
  }

  private static String drop(String kind, boolean ifExists, Name name, boolean cascade) {
    return "DROP "
        + kind
        + (ifExists ? " IF EXISTS " : " ")
        + name(name)
        + (cascade ? " CASCADE" : "");
  }

  private static String showCreate(boolean redacted, String kind, Name name) {
    return "SHOW " + (redacted ? "REDACTED " : "") + "CREATE " + kind + " " + name(name);
  }

  private static String words(List<Word> words) {
    return words.stream()
        .map(
            word ->
                switch (word.kind()) {
                  case STRING -> Printer.string(word.text());
                  case QUOTED -> "\"" + word.text().replace("\"", "\"\"") + "\"";
                  case NAME, NUMBER, SYMBOL -> word.text();
                })
        .collect(Collectors.joining(" "));
  }

  private static String names(List<Name> names) {
    return names.stream().map(StatementText::name).collect(Collectors.joining(", "));
  }

  private static String name(Name name) {
    return Printer.name(name.text());
  }
}
