package akkasinks.control;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.base.Notice;
import akkasinks.cluster.ClusterNode;
import akkasinks.command.Command;
import akkasinks.command.Outcome;
import java.util.List;

/**
 * A node hands its sinks over and leaves. Answered at once: each sink's hand-over takes a while.
 */
record DrainNodeAct(ClusterNode node) implements Act<Command.DrainNode> {

  @Override
  public Outcome carryOut(Command.DrainNode command) {
    var members = node.members();
    var leaving = Members.named(members, command.node());
    if (members.stream().noneMatch(member -> member.takesSinks() && !member.equals(leaving))) {
      throw Failure.of(
              Code.PREREQUISITE, "node \"" + command.node() + "\" is the only one that takes sinks")
          .hint("Start another one first, or stop this one: its sinks go on when it starts again.")
          .exception();
    }
    node.drain(leaving);
    return new Outcome.Done(
        "DRAIN",
        List.of(
            Notice.of("node \"" + leaving.address() + "\" hands its sinks over, leaves, and ends")
                .hint("GET /api/cluster shows who is still there.")));
  }
}
