package akkasinks.cluster;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.cluster.sharding.ShardRegion;
import org.apache.pekko.cluster.sharding.typed.ClusterShardingQuery;
import org.apache.pekko.cluster.sharding.typed.GetShardRegionState;
import org.apache.pekko.cluster.sharding.typed.ShardingEnvelope;
import org.apache.pekko.cluster.sharding.typed.ShardingMessageExtractor;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.Entity;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityContext;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.japi.function.Function;

/** The way to sinks by their lasting id, wherever they live. */
public final class SinkRegion {
  private static final Duration LOOK = Duration.ofSeconds(3);

  private final ActorSystem<?> system;
  private volatile boolean open;

  SinkRegion(ActorSystem<?> system) {
    this.system = system;
  }

  /** From now on sinks live on this node too, and can be reached from it. */
  void open(
      Function<EntityContext<SinkMessage>, Behavior<SinkMessage>> maker, PlacementOrders orders) {
    var weights = new SinkWeights(this);
    ClusterSharding.get(system)
        .init(
            Entity.of(SinkActor.KEY, maker)
                .withMessageExtractor(new OneEach())
                .withAllocationStrategy(
                    new SinkAllocation(this::able, this::node, orders, weights::of))
                .withStopMessage(new SinkMessage.HandOver()));
    open = true;
  }

  /** A shard holds one sink: so sinks can be moved one by one, each to where there is room. */
  private static final class OneEach
      extends ShardingMessageExtractor<ShardingEnvelope<SinkMessage>, SinkMessage> {
    @Override
    public String entityId(ShardingEnvelope<SinkMessage> envelope) {
      return envelope.entityId();
    }

    @Override
    public String shardId(String sinkId) {
      return sinkId;
    }

    @Override
    public SinkMessage unwrapMessage(ShardingEnvelope<SinkMessage> envelope) {
      return envelope.message();
    }
  }

  private Set<String> able() {
    return NodeMember.all(system).stream()
        .filter(NodeMember::takesSinks)
        .map(NodeMember::address)
        .collect(Collectors.toSet());
  }

  /** A reference to something in this system has no host. */
  private String node(ActorRef region) {
    var address = region.path().address();
    return NodeMember.hostPort(
        address.hasGlobalScope() ? address : Cluster.get(system).selfMember().address());
  }

  boolean isOpen() {
    return open;
  }

  /** How many sinks are here; 0 if that cannot be told, for who asks is about to end. */
  CompletionStage<Integer> count() {
    return AskPattern.<ClusterShardingQuery, ShardRegion.CurrentShardRegionState>ask(
            ClusterSharding.get(system).shardState(),
            replyTo -> new GetShardRegionState(SinkActor.KEY, replyTo),
            LOOK,
            system.scheduler())
        .handle((state, error) -> error != null ? 0 : state.getShards().size());
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
      String sinkId,
      Function<org.apache.pekko.actor.typed.ActorRef<A>, SinkMessage> message,
      Duration patience) {
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
