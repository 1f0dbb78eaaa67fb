package akkasinks.control;

import akkasinks.base.Failure;
import akkasinks.catalog.Verifier;
import akkasinks.cluster.ClusterNode;
import akkasinks.cluster.NodeConfig;
import akkasinks.cluster.NodeMember;
import akkasinks.cluster.NodeParts;
import akkasinks.cluster.SuperuserPassword;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.random.RandomGenerator;
import org.apache.pekko.Done;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Props;

/** A whole node: a member of the cluster that hosts sinks and carries out commands. */
public final class Node {
  private final ClusterNode member;
  private final SinkViews views;
  private final Logins logins;

  /**
   * Starts a node and waits until it is up.
   *
   * @throws akkasinks.base.FailureException as {@link ClusterNode#start}; nothing is left running
   */
  public static Node start(NodeConfig config, NodeParts.Maker parts) {
    return start(config, parts, InstantSource.system(), new SecureRandom());
  }

  /**
   * As {@link #start(NodeConfig, NodeParts.Maker)}, with a clock and dice of one's own; the dice
   * are thread-safe.
   */
  public static Node start(
      NodeConfig config, NodeParts.Maker parts, InstantSource clock, RandomGenerator random) {
    var password = SuperuserPassword.of(config.auth());
    var member = ClusterNode.start(config, parts, clock, random);
    return new Node(member, password.map(p -> logins(member, p, clock)).orElseGet(Logins::open));
  }

  /** The salt follows from the key, so that all nodes have one verifier for one password. */
  private static Logins logins(ClusterNode member, String password, InstantSource clock) {
    byte[] salt = Arrays.copyOf(member.secrets().derived("salt of the superuser"), Verifier.SALT);
    return Logins.required(
        () -> member.catalog().read().thenApply(view -> view.state().access()),
        Verifier.of(password, salt),
        new Stranger(member.secrets()),
        new Tokens(member.secrets(), clock),
        member.blocking());
  }

  private Node(ClusterNode member, Logins logins) {
    this.member = member;
    this.logins = logins;
    this.views = new SinkViews(member.catalog(), member.sinks());
    member
        .system()
        .systemActorOf(
            ControlActor.create(new Acts(member, views), member.blocking()),
            "akkasinks-control",
            Props.empty());
  }

  public ActorSystem<Void> system() {
    return member.system();
  }

  public NodeConfig config() {
    return member.config();
  }

  /** host:port under which other nodes reach this one. */
  public String address() {
    return member.address();
  }

  /** Carries out commands. */
  public Sinks sinks() {
    return Sinks.get(member.system());
  }

  /** Who may come in. */
  public Logins logins() {
    return logins;
  }

  /** All sinks with their status, by name. */
  public CompletionStage<List<SinkView>> views() {
    return views.all();
  }

  /** Where Pekko Management and the node's health answer. */
  public InetSocketAddress management() {
    return member.management();
  }

  /** All nodes of the cluster as this one sees them, by address. */
  public List<NodeMember> members() {
    return member.members();
  }

  /** Completes when the node has ended, whoever wanted that. */
  public CompletionStage<Done> whenEnded() {
    return member.system().getWhenTerminated();
  }

  /** Whether it has ended because the other nodes could not reach it. */
  public boolean wasPutOut() {
    return CoordinatedShutdown.get(member.system())
        .getShutdownReason()
        .filter(CoordinatedShutdown.clusterDowningReason()::equals)
        .isPresent();
  }

  /** Empty if the node is a member and the catalog answers, else why not; never fails. */
  public CompletionStage<Optional<Failure>> unready() {
    return member.unready();
  }

  /** Ends the sinks cleanly, leaves the cluster, and waits until all is closed. */
  public void stop() {
    member.stop();
  }
}
