package akkasinks.control;

import akkasinks.base.Notice;
import akkasinks.catalog.CatalogEvent;
import akkasinks.catalog.CatalogState;
import akkasinks.catalog.Definition.Connection;
import akkasinks.catalog.Definition.ResolvedSink;
import akkasinks.catalog.Plan;
import akkasinks.catalog.Planner;
import akkasinks.command.Command;
import akkasinks.command.Outcome;
import akkasinks.pipeline.Inspections;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * ALTER CONNECTION: tried out as it shall be before it is accepted, also whether what its sinks
 * left behind is found there, unless WITH (VALIDATE = false). Its sinks then start again with it.
 */
record AlterConnectionAct(Statements statements, Inspections inspections)
    implements Act<Command.AlterConnection> {

  @Override
  public Outcome carryOut(Command.AlterConnection command) {
    return Statements.done(statements.record(new Tried(command, inspections)));
  }

  /**
   * @param sinks those that use it, as they would run with it
   */
  private record Subject(Connection connection, List<ResolvedSink> sinks) {}

  private record Tried(Command.AlterConnection command, Inspections inspections)
      implements Look<Subject, List<Notice>> {
    @Override
    public Plan plan(CatalogState state) {
      var plan = new Planner(state).alterConnection(command);
      var users = altered(plan).map(after -> state.sinksUsing(after.id()).size()).orElse(0);
      return users == 0
          ? plan
          : plan.noticing(
              List.of(
                  Notice.of(
                      users == 1
                          ? "the sink that uses it starts again"
                          : users + " sinks that use it start again")));
    }

    @Override
    public Optional<Subject> subject(CatalogState state, Plan plan) {
      return altered(plan)
          .filter(after -> Planner.validates(after, command.with()))
          .map(
              after -> {
                var next = state.apply(new CatalogEvent.ConnectionAltered(after));
                var sinks = new ArrayList<ResolvedSink>();
                next.sinksUsing(after.id()).stream()
                    .sorted()
                    .forEach(id -> next.resolve(id).ifPresent(sinks::add));
                return new Subject(after, sinks);
              });
    }

    private static Optional<Connection> altered(Plan plan) {
      return plan.events().stream()
          .filter(CatalogEvent.ConnectionAltered.class::isInstance)
          .map(event -> ((CatalogEvent.ConnectionAltered) event).connection())
          .findFirst();
    }

    @Override
    public List<Notice> look(Subject subject) {
      var seen = new ArrayList<>(inspections.validate(subject.connection()));
      seen.addAll(inspections.validateFor(subject.connection(), subject.sinks()));
      return seen;
    }

    @Override
    public Plan complete(Plan plan, List<Notice> seen) {
      return plan.noticing(seen);
    }
  }
}
