package akkasinks.cluster;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.base.FailureException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.typed.Cluster;

/** Whether a node takes part. It is asked from before the node has joined until after it left. */
final class Readiness {
  private final ActorSystem<?> system;
  private volatile Optional<Catalog> catalog = Optional.empty();

  Readiness(ActorSystem<?> system) {
    this.system = system;
  }

  /** The node has joined, and hosts sinks. */
  void started(Catalog asked) {
    catalog = Optional.of(asked);
  }

  /** Empty if the node is a member and the catalog answers, else why not; never fails. */
  CompletionStage<Optional<Failure>> missing() {
    MemberStatus status = Cluster.get(system).selfMember().status();
    if (catalog.isEmpty()) {
      return not("this node is starting, as a member it is " + status);
    }
    if (!status.equals(MemberStatus.up())) {
      return not("this node takes no part in the cluster, as a member it is " + status);
    }
    return catalog
        .get()
        .read()
        .handle(
            (_, error) ->
                error == null ? Optional.empty() : Optional.of(FailureException.of(error)));
  }

  private static CompletionStage<Optional<Failure>> not(String why) {
    return CompletableFuture.completedFuture(Optional.of(Failure.of(Code.UNREACHABLE, why)));
  }
}
