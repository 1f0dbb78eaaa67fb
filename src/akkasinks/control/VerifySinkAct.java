package akkasinks.control;

import akkasinks.catalog.Lookup;
import akkasinks.cluster.SinkMessage;
import akkasinks.cluster.SinkRegion;
import akkasinks.command.Command;
import akkasinks.command.Outcome;
import java.time.Duration;

/** VERIFY SINK: carried out where the sink runs, for it must commit at an agreed point. */
record VerifySinkAct(Statements statements, SinkRegion sinks) implements Act<Command.VerifySink> {
  /** A table of any size is read, and its topic. */
  static final Duration PATIENCE = Duration.ofHours(24);

  @Override
  public Outcome carryOut(Command.VerifySink command) {
    var sink = Lookup.sink(statements.state(), command.name());
    return Statements.await(sinks.ask(sink.id(), SinkMessage.Verify::new, PATIENCE));
  }
}
