package akkasinks.catalog;

import akkasinks.catalog.Definition.SshConnection;
import akkasinks.command.Command.CreateConnection;
import akkasinks.command.Command.Option;
import akkasinks.command.Command.OptionValue.Literal;
import akkasinks.sql.Printer;
import akkasinks.sql.Statements;
import java.util.ArrayList;
import java.util.List;

/** A definition's statement as SHOW CREATE prints it. */
public final class ShownStatement {
  private ShownStatement() {}

  /** The statement, and the public keys that came with it, which a bastion has to be given. */
  public static String of(Definition definition) {
    return definition instanceof SshConnection tunnel
        ? keyed(tunnel, tunnel.createSql())
        : definition.createSql();
  }

  /** The same for others to see. */
  public static String redacted(Definition definition) {
    String redacted = Redacted.of(definition);
    return definition instanceof SshConnection tunnel ? keyed(tunnel, redacted) : redacted;
  }

  private static String keyed(SshConnection tunnel, String sql) {
    if (!(Statements.parse(sql).getFirst().command() instanceof CreateConnection c)) {
      throw new IllegalStateException("not a connection: " + sql);
    }
    List<Option> options = new ArrayList<>(c.options());
    List<String> keys = List.of(tunnel.publicKey1(), tunnel.publicKey2());
    for (int i = 0; i < keys.size(); i++) {
      options.add(new Option(ConnectionPlan.PUBLIC_KEYS.get(i), new Literal(keys.get(i), true), 0));
    }
    return Printer.print(
        new CreateConnection(c.name(), c.ifNotExists(), c.kind(), options, c.with()));
  }
}
