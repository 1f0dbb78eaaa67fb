package akkasinks.control;

import akkasinks.base.Notice;
import akkasinks.catalog.CatalogEvent;
import akkasinks.catalog.CatalogState;
import akkasinks.catalog.Definition.ResolvedSink;
import akkasinks.catalog.Feed;
import akkasinks.catalog.Plan;
import akkasinks.catalog.Planner;
import akkasinks.cluster.SinkMessage;
import akkasinks.cluster.SinkRegion;
import akkasinks.command.Command;
import akkasinks.command.Outcome;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;

/** ALTER SINK … PAUSE: a slot stays, so that nothing is lost, and holds back WAL meanwhile. */
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
    var kept = kept(state.resolve(id).orElseThrow());
    var answer = Statements.attempt(sinks.ask(id, SinkMessage.Pause::new, PATIENCE));
    return answer
        .failure()
        .map(
            failure ->
                Statements.done(plan, kept, Notice.of("not confirmed yet: " + failure.message())))
        .orElseGet(() -> Statements.done(plan, kept));
  }

  private static Notice kept(ResolvedSink sink) {
    return switch (sink.feed()) {
      case Feed.Postgres _ ->
          Notice.of(
                  "the sink keeps replication slot \""
                      + sink.slot()
                      + "\", which holds back WAL on the source's disk")
              .hint("Until RESUME or DROP SINK. DESCRIBE SINK tells how much it is.");
      case Feed.Kafka(var source, _) ->
          Notice.of("nothing keeps topic \"" + source.topic() + "\" for the sink meanwhile")
              .hint(
                  "RESUME it before the topic's retention passes what it has read: it then stalls"
                      + " rather than leave a gap.");
    };
  }
}
