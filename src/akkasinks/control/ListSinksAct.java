package akkasinks.control;

import akkasinks.base.Failure;
import akkasinks.command.Command;
import akkasinks.command.Outcome;

/** SHOW SINKS: Materialize's columns, and how each sink is. */
record ListSinksAct(Statements statements, SinkViews views) implements Act<Command.ListSinks> {
  @Override
  public Outcome carryOut(Command.ListSinks command) {
    var table =
        new Table(
            "SHOW",
            "name",
            "type",
            "cluster",
            "comment",
            "state",
            "reason",
            "source",
            "topic",
            "rows_in",
            "records_out",
            "frontier",
            "lag_bytes");
    var state = statements.state();
    for (var view : Statements.await(views.all())) {
      var sink = view.definition().sink();
      long lag = view.lagBytes();
      table.row(
          sink.name(),
          "kafka",
          "default",
          state.commentOn(sink.id()),
          view.state(),
          view.reason().map(Failure::message).orElse(""),
          view.definition().relation(),
          sink.topic().name(),
          view.status().map(seen -> Long.toString(seen.changesIn())).orElse(""),
          view.status().map(seen -> Long.toString(seen.recordsOut())).orElse(""),
          view.frontierText(),
          lag < 0 ? "" : Long.toString(lag));
    }
    return table.outcome();
  }
}
