package akkasinks.catalog;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.catalog.Definition.Sink;
import akkasinks.command.Command.Name;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.stream.Collectors;

/** What a DROP takes with it, and what is owed afterwards. */
final class Dropping {
  private static final int SHOWN = 5;

  private Dropping() {}

  static CatalogEvent.Dropped event(
      CatalogState state, Definition definition, Name name, boolean cascade) {
    List<Definition> dependents = state.dependents(definition.id());
    if (!cascade && !dependents.isEmpty()) {
      throw Failure.of(
              Code.DEPENDENT_OBJECTS,
              "cannot drop "
                  + Lookup.word(definition)
                  + " \""
                  + definition.name()
                  + "\": still depended upon by "
                  + listed(dependents))
          .hint("Drop them first, or use DROP … CASCADE to drop them too.")
          .at(name.position())
          .exception();
    }
    LinkedHashSet<String> order = new LinkedHashSet<>();
    collect(state, definition, order);
    return new CatalogEvent.Dropped(List.copyOf(order), debts(state, order));
  }

  private static String listed(List<Definition> dependents) {
    String shown =
        dependents.stream()
            .limit(SHOWN)
            .map(d -> Lookup.word(d) + " \"" + d.name() + "\"")
            .collect(Collectors.joining(", "));
    int more = dependents.size() - SHOWN;
    return more > 0 ? shown + " and " + more + " more" : shown;
  }

  private static void collect(CatalogState state, Definition definition, LinkedHashSet<String> to) {
    state.dependents(definition.id()).forEach(dependent -> collect(state, dependent, to));
    to.add(definition.id());
  }

  private static List<Debt> debts(CatalogState state, LinkedHashSet<String> ids) {
    List<Debt> debts = new ArrayList<>();
    long number = Long.parseLong(state.nextId(Ids.DEBT).substring(Ids.DEBT.length()));
    for (String id : ids) {
      if (state.definitions().get(id) instanceof Sink) {
        Definition.ResolvedSink sink = state.resolve(id).orElseThrow();
        for (Debt.Kind kind : owed(sink)) {
          debts.add(new Debt(Ids.DEBT + number++, kind, sink));
        }
      }
    }
    return debts;
  }

  /** In the order to pay them: the slot holds back WAL, and decodes by the publication. */
  private static List<Debt.Kind> owed(Definition.ResolvedSink sink) {
    return switch (sink.source()) {
      case Definition.PostgresSource tables when tables.publication().isPresent() ->
          List.of(Debt.Kind.SLOT, Debt.Kind.PROGRESS);
      case Definition.PostgresSource _ ->
          List.of(Debt.Kind.SLOT, Debt.Kind.PUBLICATION, Debt.Kind.PROGRESS);
      case KafkaSource _ -> List.of(Debt.Kind.PROGRESS);
    };
  }
}
