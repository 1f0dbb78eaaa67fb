package akkasinks.control;

import akkasinks.base.Notice;
import akkasinks.catalog.Planner;
import akkasinks.cluster.SinkMessage;
import akkasinks.cluster.SinkRegion;
import akkasinks.command.Command;
import akkasinks.command.Outcome;
import java.time.Duration;
import java.util.List;

/** ALTER SINK … RESNAPSHOT: the whole table again, beside the stream. */
record ResnapshotSinkAct(Statements statements, SinkRegion sinks)
    implements Act<Command.ResnapshotSink> {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final String TAG = "ALTER SINK";

  @Override
  public Outcome carryOut(Command.ResnapshotSink command) {
    var sink = new Planner(statements.state()).resnapshotSink(command);
    if (sink.isEmpty()) {
      return new Outcome.Done(
          TAG,
          List.of(Notice.of("sink \"" + command.name().text() + "\" does not exist, skipping")));
    }
    var answer =
        Statements.await(sinks.ask(sink.get().id(), SinkMessage.Resnapshot::new, PATIENCE));
    return answer
        .refusal()
        .<Outcome>map(Outcome.Failed::new)
        .orElseGet(() -> new Outcome.Done(TAG, List.of()));
  }
}
