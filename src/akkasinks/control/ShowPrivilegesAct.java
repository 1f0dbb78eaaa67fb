package akkasinks.control;

import akkasinks.catalog.Access;
import akkasinks.catalog.CatalogState;
import akkasinks.catalog.Lookup;
import akkasinks.command.Command;
import akkasinks.command.Outcome;
import java.util.Locale;

/** SHOW PRIVILEGES: who owns what, and what is granted to whom. */
record ShowPrivilegesAct(Statements statements) implements Act<Command.ShowPrivileges> {
  @Override
  public Outcome carryOut(Command.ShowPrivileges command) {
    var table = new Table("SHOW", "grantee", "name", "object_type", "privilege_type");
    var state = statements.state();
    grants(table, state, Access.SCHEMA, Access.SCHEMA, "schema");
    for (var definition : state.definitions().values()) {
      var word = Lookup.word(definition);
      table.row(state.access().ownerOf(definition.id()), definition.name(), word, "OWNER");
      grants(table, state, definition.id(), definition.name(), word);
    }
    return table.outcome();
  }

  private static void grants(
      Table table, CatalogState state, String object, String name, String word) {
    state.access().grants().stream()
        .filter(grant -> grant.object().equals(object))
        .forEach(
            grant ->
                table.row(
                    state.access().grantee(grant),
                    name,
                    word,
                    grant.privilege().name().toUpperCase(Locale.ROOT)));
  }
}
