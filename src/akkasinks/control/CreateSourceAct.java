package akkasinks.control;

import akkasinks.base.Notice;
import akkasinks.catalog.CatalogEvent;
import akkasinks.catalog.CatalogState;
import akkasinks.catalog.Definition.Connection;
import akkasinks.catalog.Feed;
import akkasinks.catalog.Plan;
import akkasinks.catalog.Planner;
import akkasinks.command.Command;
import akkasinks.command.Outcome;
import akkasinks.pipeline.Inspections;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * CREATE SOURCE: publication, tables and the server's settings, or the topic, are looked at first.
 */
record CreateSourceAct<C extends Command>(
    Statements statements, Inspections inspections, BiFunction<Planner, C, Plan> planner)
    implements Act<C> {

  @Override
  public Outcome carryOut(C command) {
    return Statements.done(
        statements.record(
            new Inspected(state -> planner.apply(new Planner(state), command), inspections)));
  }

  private record Inspected(Function<CatalogState, Plan> planner, Inspections inspections)
      implements Look<Feed, List<Notice>> {
    @Override
    public Plan plan(CatalogState state) {
      return planner.apply(state);
    }

    @Override
    public Optional<Feed> subject(CatalogState state, Plan plan) {
      for (var event : plan.events()) {
        if (event instanceof CatalogEvent.SourceCreated(var source)
            && state.definitions().get(source.connectionId()) instanceof Connection from) {
          return Optional.of(Feed.of(source, from));
        }
      }
      return Optional.empty();
    }

    @Override
    public List<Notice> look(Feed feed) {
      return inspections.inspectSource(feed);
    }

    @Override
    public Plan complete(Plan plan, List<Notice> seen) {
      return plan.noticing(seen);
    }
  }
}
