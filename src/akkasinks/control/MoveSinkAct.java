package akkasinks.control;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.base.Notice;
import akkasinks.catalog.Lookup;
import akkasinks.cluster.ClusterNode;
import akkasinks.command.Command;
import akkasinks.command.Outcome;
import java.util.List;

/**
 * A sink goes to another node: it ends there cleanly and begins here. Answered at once; whoever
 * places sinks looks every two seconds.
 */
record MoveSinkAct(Statements statements, ClusterNode node) implements Act<Command.MoveSink> {

  @Override
  public Outcome carryOut(Command.MoveSink command) {
    var sink = Lookup.sink(statements.state(), command.name());
    var to = Members.named(node.members(), command.node());
    if (!to.takesSinks()) {
      throw Failure.of(Code.PREREQUISITE, "node \"" + to.address() + "\" takes no sinks now")
          .detail("It is " + (to.reachable() ? to.status() : "unreachable") + ".")
          .exception();
    }
    node.catalog().move(sink.id(), to.address());
    return new Outcome.Done(
        "MOVE",
        List.of(
            Notice.of("sink \"" + sink.name() + "\" goes to node \"" + to.address() + "\"")
                .hint("GET /api/sinks/" + sink.name() + " shows where it is.")));
  }
}
