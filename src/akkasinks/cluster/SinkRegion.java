package akkasinks.cluster;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.japi.function.Function;

/** The way to sinks by their lasting id, wherever they live. */
public final class SinkRegion {
  private final ActorSystem<?> system;
  private volatile boolean open;

  SinkRegion(ActorSystem<?> system) {
    this.system = system;
  }

  /** From now on sinks can be reached from this node. */
  void open() {
    open = true;
  }

  boolean isOpen() {
    return open;
  }

  /** Before {@link #open} nothing is told: the node says later that it is ready. */
  void tell(String sinkId, SinkMessage message) {
    if (open) {
      ClusterSharding.get(system).entityRefFor(SinkActor.KEY, sinkId).tell(message);
    }
  }

  /**
   * @return fails with UNREACHABLE if the sink does not answer in time
   */
  public <A> CompletionStage<A> ask(
      String sinkId, Function<ActorRef<A>, SinkMessage> message, Duration patience) {
    return ClusterSharding.get(system)
        .entityRefFor(SinkActor.KEY, sinkId)
        .ask(message, patience)
        .exceptionallyCompose(error -> Answers.failed(error, silence(sinkId, patience)));
  }

  private static Failure silence(String sinkId, Duration patience) {
    return Failure.of(
            Code.UNREACHABLE,
            "sink " + sinkId + " did not answer (waited at most " + patience.toSeconds() + " s)")
        .hint("Its node may be down or the state store away; try again.");
  }
}
