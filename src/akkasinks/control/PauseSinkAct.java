package akkasinks.control;

import akkasinks.base.Notice;
import akkasinks.catalog.CatalogEvent;
import akkasinks.catalog.CatalogState;
import akkasinks.catalog.Plan;
import akkasinks.catalog.Planner;
import akkasinks.cluster.SinkMessage;
import akkasinks.cluster.SinkRegion;
import akkasinks.command.Command;
import akkasinks.command.Outcome;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;

/** ALTER SINK … PAUSE: the slot stays, so that nothing is lost, and holds back WAL meanwhile. */
record PauseSinkAct(Statements statements, SinkRegion sinks) implements Act<Command.PauseSink> {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  @Override
  public Outcome carryOut(Command.PauseSink command) {
    var seen = new AtomicReference<>(CatalogState.EMPTY);
    var plan =
        statements.record(
            state -> {
              seen.set(state);
              return new Planner(state).pauseSink(command);
            });
    for (var event : plan.events()) {
      if (event instanceof CatalogEvent.SinkPaused(var id)) {
        return told(plan, id, seen.get());
      }
    }
    return Statements.done(plan);
  }

  private Outcome told(Plan plan, String id, CatalogState state) {
    var kept =
        Notice.of(
                "the sink keeps replication slot \""
                    + state.resolve(id).orElseThrow().slot()
                    + "\", which holds back WAL on the source's disk")
            .hint("Until RESUME or DROP SINK. DESCRIBE SINK tells how much it is.");
    var answer = Statements.attempt(sinks.ask(id, SinkMessage.Pause::new, PATIENCE));
    return answer
        .failure()
        .map(
            failure ->
                Statements.done(plan, kept, Notice.of("not confirmed yet: " + failure.message())))
        .orElseGet(() -> Statements.done(plan, kept));
  }
}
