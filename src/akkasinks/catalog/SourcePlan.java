package akkasinks.catalog;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.catalog.Definition.PostgresSource;
import akkasinks.catalog.Definition.Table;
import akkasinks.catalog.Definition.Tables;
import akkasinks.command.Command.CreateSource;
import akkasinks.command.Command.Name;
import akkasinks.command.Command.TableChoice;
import akkasinks.command.Command.TableRef;
import akkasinks.sql.Printer;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** CREATE SOURCE as a definition. */
final class SourcePlan {
  private SourcePlan() {}

  static PostgresSource of(CreateSource c, CatalogState state) {
    Options options = new Options(OptionTables.POSTGRES_SOURCE, c.options());
    String connection = Lookup.postgres(state, c.connection()).id();
    return new PostgresSource(
        state.nextId(Ids.SOURCE),
        c.name().text(),
        connection,
        options.text("PUBLICATION"),
        tables(c.tables()),
        Printer.print(
            new CreateSource(c.name(), false, c.connection(), options.all(), c.tables())));
  }

  private static Tables tables(TableChoice choice) {
    return switch (choice) {
      case TableChoice.AllTables() -> new Tables.All();
      case TableChoice.InSchemas(List<Name> schemas) -> {
        Set<String> seen = new HashSet<>();
        schemas.forEach(s -> once(seen, s.text(), s.position()));
        yield new Tables.Schemas(schemas.stream().map(Name::text).toList());
      }
      case TableChoice.These(List<TableRef> tables) -> {
        Set<String> seen = new HashSet<>();
        tables.forEach(t -> once(seen, t.alias().orElse(t.name()), t.position()));
        yield new Tables.Listed(
            tables.stream()
                .map(t -> new Table(t.schema().orElse(""), t.name(), t.alias().orElse(t.name())))
                .toList());
      }
    };
  }

  private static void once(Set<String> seen, String name, int position) {
    if (!seen.add(name)) {
      throw Failure.of(Code.DUPLICATE_OBJECT, "\"" + name + "\" specified more than once")
          .hint("Give one of two tables with the same name another: (a.t, b.t AS t2).")
          .at(position)
          .exception();
    }
  }
}
