package akkasinks.control;

import akkasinks.base.Failure;
import akkasinks.catalog.Feed;
import akkasinks.catalog.Lookup;
import akkasinks.change.KafkaPosition;
import akkasinks.cluster.SinkStatus;
import akkasinks.command.Command;
import akkasinks.command.Outcome;
import akkasinks.pipeline.Inspections;
import akkasinks.source.ChangeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * DESCRIBE SINK: a property per row, in the order of the questions asked at night: is it running,
 * why not, what happens next, how far is it, where does it all lie.
 */
record DescribeSinkAct(Statements statements, SinkViews views, Inspections inspections)
    implements Act<Command.DescribeSink> {

  @Override
  public Outcome carryOut(Command.DescribeSink command) {
    var state = statements.state();
    var sink = Lookup.sink(state, command.name());
    var view = Statements.await(views.one(state, state.resolve(sink.id()).orElseThrow()));
    var table = new Table("SHOW", "property", "value");
    table.row("name", sink.name()).row("id", sink.id()).row("state", view.state());
    reason(table, view.reason());
    view.status().ifPresent(status -> life(table, status));
    progress(table, view);
    var definition = view.definition();
    table.row("source", definition.relation());
    feed(table, view);
    table
        .row("topic", sink.topic().name())
        .row("brokers", String.join(",", definition.into().brokers()))
        .row("progress topic", definition.into().progressTopic())
        .row("transactional id", definition.outsideId())
        .row("create_sql", sink.createSql());
    return table.outcome();
  }

  private void feed(Table table, SinkView view) {
    var definition = view.definition();
    switch (definition.feed()) {
      case Feed.Postgres(_, var database) ->
          table
              .row("database", database.host() + ":" + database.port() + "/" + database.database())
              .row("replication slot", definition.slot())
              .row("retained wal bytes", retained(view));
      case Feed.Kafka(var source, var brokers) ->
          table
              .row("source topic", source.topic())
              .row("source brokers", String.join(",", brokers.brokers()))
              .row("bad records skipped", skipped(view));
    }
  }

  private static String skipped(SinkView view) {
    return view.frontier()
        .filter(KafkaPosition.class::isInstance)
        .map(at -> Long.toString(((KafkaPosition) at).skipped()))
        .orElse("");
  }

  private static void reason(Table table, Optional<Failure> reason) {
    reason.ifPresent(
        failure ->
            table
                .row("reason", failure.message())
                .row("detail", failure.detail())
                .row("hint", failure.hint()));
  }

  private static void life(Table table, SinkStatus status) {
    table
        .row("since", status.since().toString())
        .row("next try", status.nextTry().map(Instant::toString).orElse(""))
        .row("failures in a row", Integer.toString(status.failures()))
        .row("node", status.node())
        .row("incarnation", Long.toString(status.mirror().attempted()))
        .row(
            "last hand-over",
            status.handOver().map(Duration::toMillis).map(ms -> ms + " ms").orElse(""))
        .row("resnapshot asked for", status.resnapshot() ? "yes" : "");
  }

  private static void progress(Table table, SinkView view) {
    table.row("frontier", view.frontierText());
    view.status()
        .ifPresent(
            status -> {
              status.current().source().ifPresent(source -> source(table, source));
              table
                  .row("rows in", Long.toString(status.changesIn()))
                  .row("records out", Long.toString(status.recordsOut()))
                  .row("bytes out", Long.toString(status.bytesOut()))
                  .row("commits", Long.toString(status.commits()))
                  .row("key conflicts", Long.toString(status.totals().found().keyConflicts()))
                  .row("dead letters", Long.toString(status.totals().found().deadLetters()))
                  .row("notice", status.totals().found().notice());
            });
  }

  private static void source(Table table, ChangeSource.Status source) {
    table
        .row("lag bytes", known(source.lagBytes()))
        .row("lag records", known(source.lagRecords()))
        .row("waiting", source.waiting())
        .row("tables", source.notice())
        .row("snapshot", source.snapshot().map(DescribeSinkAct::snapshot).orElse("done"));
  }

  private static String known(long value) {
    return value < 0 ? "" : Long.toString(value);
  }

  private static String snapshot(ChangeSource.Snapshot snapshot) {
    return snapshot.estimatedRows() < 0
        ? snapshot.rows() + " rows"
        : snapshot.rows() + " of about " + snapshot.estimatedRows() + " rows";
  }

  /** A running sink knows it; for one that rests the source is asked. */
  private String retained(SinkView view) {
    var known =
        view.status()
            .flatMap(status -> status.current().source())
            .map(ChangeSource.Status::retainedBytes)
            .filter(bytes -> bytes >= 0);
    if (known.isPresent()) {
      return known.get().toString();
    }
    try {
      long bytes = inspections.retainedBytes(view.definition());
      return bytes < 0 ? "no slot" : Long.toString(bytes);
    } catch (akkasinks.base.FailureException e) {
      return "not known: " + e.failure().message();
    }
  }
}
