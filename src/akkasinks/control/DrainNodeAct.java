package akkasinks.control;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.base.Notice;
import akkasinks.cluster.ClusterNode;
import akkasinks.cluster.NodeMember;
import akkasinks.command.Command;
import akkasinks.command.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node's sinks go elsewhere, a few at a time; then it leaves. Answered at once: each sink's
 * hand-over takes a while.
 */
record DrainNodeAct(ClusterNode node, SinkViews views) implements Act<Command.DrainNode> {
  private static final Logger LOG = LoggerFactory.getLogger(DrainNodeAct.class);

  /** What has not gone by then goes all at once. */
  private static final Duration MOST = Duration.ofMinutes(5);

  private static final Duration LOOK = Duration.ofMillis(500);

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
    node.catalog().drain(leaving.address());
    Thread.ofVirtual().name("drain-" + leaving.address()).start(() -> leave(leaving));
    return new Outcome.Done(
        "DRAIN",
        List.of(
            Notice.of("node \"" + leaving.address() + "\" hands its sinks over, leaves, and ends")
                .hint("GET /api/cluster shows who is still there.")));
  }

  private void leave(NodeMember leaving) {
    long end = System.nanoTime() + MOST.toNanos();
    while (System.nanoTime() < end && hasSinks(leaving)) {
      LockSupport.parkNanos(LOOK.toNanos());
    }
    LOG.info("node {} leaves", leaving.address());
    node.drain(leaving);
  }

  private boolean hasSinks(NodeMember leaving) {
    try {
      return views.all().toCompletableFuture().join().stream()
          .anyMatch(
              view -> view.status().filter(s -> s.node().equals(leaving.address())).isPresent());
    } catch (CompletionException catalogMoves) {
      return true;
    }
  }
}
