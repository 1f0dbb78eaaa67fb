package akkasinks.cluster;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.base.FailureException;
import akkasinks.catalog.CatalogState;
import akkasinks.pipeline.SinkRunner;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.ClusterSingleton;
import org.apache.pekko.cluster.typed.Join;
import org.apache.pekko.cluster.typed.Leave;
import org.apache.pekko.cluster.typed.SingletonActor;
import org.apache.pekko.management.cluster.bootstrap.ClusterBootstrap;
import org.apache.pekko.persistence.jdbc.testkit.javadsl.SchemaUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A member of the cluster with all its actors: store, membership, catalog, key, then sinks, in this
 * order, so that a node that cannot open the state's secrets is gone before it hosts a sink.
 */
public final class ClusterNode {
  private static final Logger LOG = LoggerFactory.getLogger(ClusterNode.class);

  /**
   * Virtual: a sink holds some for as long as it runs, so that any fixed number would be a limit on
   * sinks, and a deadlock beyond it.
   */
  private static final ThreadFactory BLOCKING =
      Thread.ofVirtual().name("akkasinks-blocking-", 0).factory();

  private static final Duration START = Duration.ofSeconds(60);
  private static final Duration STOP = Duration.ofSeconds(60);

  private final NodeConfig config;
  private final ActorSystem<Void> system;
  private final Executor blocking;
  private final Readiness readiness;
  private final InetSocketAddress management;
  private final Catalog catalog;
  private final SinkRegion sinks;
  private final Secrets secrets;
  private final NodeParts parts;
  private final PlacementOrders orders = new PlacementOrders();

  /**
   * Starts a node and waits until it is a member and its catalog answers.
   *
   * @param random thread-safe: all sinks of the node draw their waits from it
   * @throws akkasinks.base.FailureException KEY_MISSING if the state holds secrets that this node
   *     cannot open; UNREACHABLE if the state store or the cluster does not answer
   */
  public static ClusterNode start(
      NodeConfig config, NodeParts.Maker maker, InstantSource clock, RandomGenerator random) {
    // What is wrong with the files is said now, and not in Pekko's log.
    config.node().tls().ifPresent(tls -> tls.pem().mutual(tls.authority()));
    var key = SecretKey.find(config.secrets(), config.state());
    if (config.state().isFile()) {
      makeDirectory(config.state());
    }
    boolean schemaExists = StateSchema.exists(config.state());
    ActorSystem<Void> system =
        ActorSystem.create(Behaviors.empty(), NodeConfig.SYSTEM, config.pekko());
    try {
      return new ClusterNode(config, system, schemaExists, key, maker, clock, random);
    } catch (RuntimeException | Error e) {
      system.terminate();
      awaitEnd(system);
      throw e;
    }
  }

  private ClusterNode(
      NodeConfig config,
      ActorSystem<Void> system,
      boolean schemaExists,
      Optional<Secrets> key,
      NodeParts.Maker maker,
      InstantSource clock,
      RandomGenerator random) {
    this.config = config;
    this.system = system;
    this.blocking = Executors.newThreadPerTaskExecutor(BLOCKING);
    if (!schemaExists) {
      makeSchema();
    }
    this.readiness = new Readiness(system);
    this.management =
        Management.start(
            system,
            config.management(),
            readiness,
            SuperuserPassword.of(config.auth())
                .map(password -> new ManagementLogin(password, blocking)));
    join();
    this.sinks = new SinkRegion(system);
    this.catalog = startCatalog(new DebtPayer.Parts(this::runner, config.debts(), clock, random));
    this.secrets = settleKey(key, awaitCatalog());
    this.parts =
        maker.make(
            new NodeParts.Ground(
                system,
                new CatalogSecrets(catalog, secrets, ExternalValues.of(config.secrets())),
                blocking,
                clock));
    startSinks(clock, random);
    readiness.started(catalog);
    LOG.info("node {} is up", address());
  }

  public ActorSystem<Void> system() {
    return system;
  }

  public NodeConfig config() {
    return config;
  }

  public Catalog catalog() {
    return catalog;
  }

  public SinkRegion sinks() {
    return sinks;
  }

  public Secrets secrets() {
    return secrets;
  }

  public NodeParts parts() {
    return parts;
  }

  /** For whatever waits for Kafka, Postgres or a file. */
  public Executor blocking() {
    return blocking;
  }

  /** host:port under which other nodes reach this one. */
  public String address() {
    return NodeMember.hostPort(Cluster.get(system).selfMember());
  }

  /** Where Pekko Management and the node's health answer. */
  public InetSocketAddress management() {
    return management;
  }

  /** Empty if the node is a member and the catalog answers, else why not; never fails. */
  public CompletionStage<Optional<Failure>> unready() {
    return readiness.missing();
  }

  /** All nodes as this one sees them, by address. */
  public List<NodeMember> members() {
    return NodeMember.all(system);
  }

  /**
   * A node hands its sinks over, leaves the cluster, and ends.
   *
   * @param member one of {@link #members}
   */
  public void drain(NodeMember member) {
    for (var each : Cluster.get(system).state().getMembers()) {
      if (NodeMember.hostPort(each).equals(member.address())) {
        Cluster.get(system).manager().tell(Leave.create(each.address()));
      }
    }
  }

  /** Ends the sinks cleanly, leaves the cluster, and waits until all is closed. */
  public void stop() {
    system.terminate();
    awaitEnd(system);
  }

  /** Asked for by the debt payer, which pays nothing before {@link SinkRegion#open}. */
  private SinkRunner runner() {
    return parts.runner();
  }

  private void makeSchema() {
    for (int tries = 1; ; tries++) {
      try {
        SchemaUtils.createIfNotExists("jdbc-journal", system)
            .toCompletableFuture()
            .get(START.toSeconds(), TimeUnit.SECONDS);
        return;
      } catch (ExecutionException | TimeoutException e) {
        // Two nodes that make it at the same time may meet in Postgres' own catalog.
        if (tries == 3) {
          throw StateSchema.unreachable(config.state(), e);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw Failure.of(Code.INTERNAL, "interrupted while starting").exception(e);
      }
    }
  }

  private void join() {
    if (config.node().discovery().isPresent()) {
      ClusterBootstrap.get(system).start();
    } else if (config.node().seeds().isEmpty()) {
      var cluster = Cluster.get(system);
      cluster.manager().tell(Join.create(cluster.selfMember().address()));
    }
  }

  private Catalog startCatalog(DebtPayer.Parts payer) {
    var proxy =
        ClusterSingleton.get(system)
            .init(
                SingletonActor.of(
                    CatalogActor.of(sinks, orders, UUID::randomUUID, payer), "catalog"));
    return new Catalog(system, proxy, config.answerWithin());
  }

  private CatalogState awaitCatalog() {
    long end = System.nanoTime() + START.toNanos();
    while (true) {
      try {
        return catalog.read().toCompletableFuture().join().state();
      } catch (CompletionException e) {
        if (System.nanoTime() > end) {
          throw FailureException.of(e).exception(e);
        }
      }
    }
  }

  private Secrets settleKey(Optional<Secrets> key, CatalogState state) {
    var used = state.secrets().values().stream().findFirst();
    if (key.isPresent()) {
      var mine = key.get().keyId();
      for (var sealed : state.secrets().values()) {
        if (!sealed.keyId().equals(mine)) {
          throw Failure.of(
                  Code.KEY_MISSING,
                  "the state's secrets were encrypted with key "
                      + sealed.keyId()
                      + ", not with "
                      + mine)
              .hint(
                  "Give this node the key they were made with: akkasinks.secrets.key-file, or"
                      + " AKKASINKS_SECRETS_KEY in the environment.")
              .exception();
        }
      }
      return key.get();
    }
    var file = config.secrets().file();
    if (used.isPresent()) {
      throw Failure.of(
              Code.KEY_MISSING,
              "the state holds secrets encrypted with key "
                  + used.get().keyId()
                  + ", and this node has no key")
          .detail("There is no file \"" + file + "\" and AKKASINKS_SECRETS_KEY is not set.")
          .hint("Bring the key back; without it the secrets cannot be read.")
          .exception();
    }
    if (!config.state().isFile()) {
      throw Failure.of(Code.KEY_MISSING, "this node has no key for secrets")
          .detail("Nodes that share a state must share a key, so none is made by itself.")
          .hint("head -c 32 /dev/urandom | base64 > \"" + file + "\", and copy it to each node.")
          .exception();
    }
    LOG.info("no secret is stored yet: a new key for them is in {}", file);
    return SecretKey.make(file);
  }

  private void startSinks(InstantSource clock, RandomGenerator random) {
    var each =
        new SinkParts(
            parts.runner(),
            parts.verifier(),
            new SinkStore(system),
            catalog::resolve,
            config.sinks(),
            clock,
            random,
            address());
    Draining.beforeTheEnd(system, catalog, sinks);
    sinks.open(entity -> SinkActor.of(entity.getEntityId(), entity.getShard(), each), orders);
    catalog.nodeReady();
  }

  private static void makeDirectory(NodeConfig.State state) {
    try {
      Files.createDirectories(state.dir());
    } catch (IOException e) {
      throw Failure.of(
              Code.INVALID_PARAMETER, "cannot make state directory \"" + state.dir() + "\"")
          .detail(e.toString())
          .hint("Set akkasinks.state.dir.")
          .exception(e);
    }
  }

  private static void awaitEnd(ActorSystem<?> system) {
    try {
      system.getWhenTerminated().toCompletableFuture().get(STOP.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      LOG.warn("the node did not end in time", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
