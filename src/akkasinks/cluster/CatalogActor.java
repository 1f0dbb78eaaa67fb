package akkasinks.cluster;

import akkasinks.catalog.CatalogEvent;
import akkasinks.catalog.CatalogState;
import akkasinks.catalog.Definition.Sink;
import akkasinks.cluster.CatalogMessage.Recorded;
import akkasinks.cluster.CatalogMessage.View;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.RecoveryCompleted;
import org.apache.pekko.persistence.typed.javadsl.CommandHandler;
import org.apache.pekko.persistence.typed.javadsl.Effect;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehavior;
import org.apache.pekko.persistence.typed.javadsl.RetentionCriteria;
import org.apache.pekko.persistence.typed.javadsl.SignalHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Owns the names of the whole cluster; one of it lives. Knows nothing of statements: whoever
 * carries one out plans its events on a {@link View} and has them recorded, all or none, if nobody
 * was faster.
 *
 * <p>After an event is stored the sinks it touches are told. Should the node die between the two,
 * recovery tells all sinks again, and what was dropped is retired before its debts are paid.
 */
final class CatalogActor extends EventSourcedBehavior<CatalogMessage, CatalogEvent, CatalogState> {
  private static final Logger LOG = LoggerFactory.getLogger(CatalogActor.class);
  private static final int SNAPSHOT_EVENTS = 200;
  private static final int SNAPSHOTS_KEPT = 2;

  private final ActorContext<CatalogMessage> context;
  private final SinkRegion sinks;
  private final PlacementOrders orders;
  private final Supplier<UUID> installations;
  private final ActorRef<DebtPayer.Message> payer;

  /**
   * @param orders reach whoever places sinks: it lives on the same node as the catalog
   * @param payer is made beside the catalog, as its child
   */
  static Behavior<CatalogMessage> of(
      SinkRegion sinks,
      PlacementOrders orders,
      Supplier<UUID> installations,
      DebtPayer.Parts payer) {
    Behavior<CatalogMessage> life =
        Behaviors.setup(context -> new CatalogActor(context, sinks, orders, installations, payer));
    return Behaviors.supervise(life)
        .onFailure(
            SupervisorStrategy.restartWithBackoff(
                Duration.ofMillis(500), Duration.ofSeconds(30), 0.2));
  }

  private CatalogActor(
      ActorContext<CatalogMessage> context,
      SinkRegion sinks,
      PlacementOrders orders,
      Supplier<UUID> installations,
      DebtPayer.Parts payer) {
    super(
        PersistenceId.ofUniqueId("catalog"),
        SupervisorStrategy.restartWithBackoff(Duration.ofMillis(500), Duration.ofSeconds(30), 0.2));
    this.context = context;
    this.sinks = sinks;
    this.orders = orders;
    this.installations = installations;
    this.payer = context.spawn(DebtPayer.of(payer, sinks, context.getSelf()), "debts");
  }

  @Override
  public CatalogState emptyState() {
    return CatalogState.EMPTY;
  }

  @Override
  public EventHandler<CatalogState, CatalogEvent> eventHandler() {
    return CatalogState::apply;
  }

  @Override
  public RetentionCriteria retentionCriteria() {
    return RetentionCriteria.snapshotEvery(SNAPSHOT_EVENTS, SNAPSHOTS_KEPT);
  }

  @Override
  public SignalHandler<CatalogState> signalHandler() {
    return newSignalHandlerBuilder()
        .onSignal(RecoveryCompleted.instance(), this::recovered)
        .build();
  }

  @Override
  public CommandHandler<CatalogMessage, CatalogEvent, CatalogState> commandHandler() {
    return newCommandHandlerBuilder().forAnyState().onAnyCommand(this::onMessage);
  }

  private void recovered(CatalogState state) {
    if (state.installation().isEmpty()) {
      context.getSelf().tell(new CatalogMessage.Install());
    }
    rouse(state);
  }

  private Effect<CatalogEvent, CatalogState> onMessage(CatalogState state, CatalogMessage message) {
    if (state.installation().isEmpty() && !(message instanceof CatalogMessage.Install)) {
      return Effect().stash();
    }
    return switch (message) {
      case CatalogMessage.Install() -> install(state);
      case CatalogMessage.Read(var replyTo) -> {
        replyTo.tell(view(state));
        yield Effect().none();
      }
      case CatalogMessage.Record record -> record(state, record);
      case CatalogMessage.Resolve(var sinkId, var replyTo) -> {
        replyTo.tell(
            new CatalogMessage.Resolved(state.resolve(sinkId), state.paused().contains(sinkId)));
        yield Effect().none();
      }
      case CatalogMessage.FetchSecret(var secretId, var replyTo) -> {
        replyTo.tell(
            new CatalogMessage.Fetched(
                java.util.Optional.ofNullable(state.secrets().get(secretId))));
        yield Effect().none();
      }
      case CatalogMessage.ListDebts(var replyTo) -> {
        payer.tell(new DebtPayer.Report(replyTo));
        yield Effect().none();
      }
      case CatalogMessage.NodeReady() -> {
        rouse(state);
        yield Effect().none();
      }
      case CatalogMessage.Move(var sinkId, var node) -> {
        orders.move(sinkId, node);
        yield Effect().none();
      }
      case CatalogMessage.Paid(var debtIds) -> paid(state, debtIds);
    };
  }

  private Effect<CatalogEvent, CatalogState> install(CatalogState state) {
    if (!state.installation().isEmpty()) {
      return Effect().none();
    }
    return Effect()
        .persist(new CatalogEvent.Installed(installations.get().toString()))
        .thenRun(now -> LOG.info("a new installation: {}", now.installation()))
        .thenUnstashAll();
  }

  private Effect<CatalogEvent, CatalogState> record(
      CatalogState state, CatalogMessage.Record record) {
    if (record.version() != version()) {
      record.replyTo().tell(new Recorded(false, view(state)));
      return Effect().none();
    }
    if (record.events().isEmpty()) {
      record.replyTo().tell(new Recorded(true, view(state)));
      return Effect().none();
    }
    return Effect()
        .persist(record.events())
        .thenRun(
            (CatalogState now) -> {
              record.replyTo().tell(new Recorded(true, view(now)));
              record.events().forEach(event -> spread(now, event));
            });
  }

  private Effect<CatalogEvent, CatalogState> paid(CatalogState state, List<String> debtIds) {
    var events =
        state.debts().stream()
            .filter(debt -> debtIds.contains(debt.id()))
            .map(debt -> (CatalogEvent) new CatalogEvent.DebtPaid(debt.id()))
            .toList();
    return events.isEmpty()
        ? Effect().none()
        : Effect()
            .persist(events)
            .thenRun((CatalogState now) -> payer.tell(new DebtPayer.Owed(now.debts())));
  }

  /** Tells whom an event concerns. */
  private void spread(CatalogState now, CatalogEvent event) {
    switch (event) {
      case CatalogEvent.SinkCreated created ->
          sinks.tell(created.sink().id(), new SinkMessage.Wake(false));
      case CatalogEvent.SinkAltered altered ->
          sinks.tell(altered.sink().id(), new SinkMessage.Redefined());
      case CatalogEvent.SinkPaused paused -> sinks.tell(paused.id(), new SinkMessage.Wake(true));
      case CatalogEvent.SinkResumed resumed ->
          sinks.tell(resumed.id(), new SinkMessage.Wake(false));
      case CatalogEvent.SecretAltered altered ->
          now.sinksUsing(altered.id()).forEach(id -> sinks.tell(id, new SinkMessage.Redefined()));
      case CatalogEvent.ConnectionAltered(var connection) -> {
        now.sinksUsing(connection.id()).forEach(id -> sinks.tell(id, new SinkMessage.Redefined()));
        payer.tell(new DebtPayer.Owed(now.debts()));
      }
      case CatalogEvent.Dropped _ -> payer.tell(new DebtPayer.Owed(now.debts()));
      // A rename changes nothing outside, so that nothing need be started again.
      case CatalogEvent.Renamed _ -> {}
      case CatalogEvent.Installed _,
          CatalogEvent.SecretCreated _,
          CatalogEvent.ConnectionCreated _,
          CatalogEvent.SourceCreated _,
          CatalogEvent.CommentSet _,
          CatalogEvent.DebtPaid _,
          CatalogEvent.RoleCreated _,
          CatalogEvent.RoleAltered _,
          CatalogEvent.RoleDropped _,
          CatalogEvent.OwnerSet _,
          CatalogEvent.Granted _,
          CatalogEvent.Revoked _ -> {}
    }
  }

  private void rouse(CatalogState state) {
    state
        .all(Sink.class)
        .forEach(
            sink ->
                sinks.tell(sink.id(), new SinkMessage.Wake(state.paused().contains(sink.id()))));
    payer.tell(new DebtPayer.Owed(state.debts()));
  }

  private View view(CatalogState state) {
    return new View(version(), state);
  }

  private long version() {
    return lastSequenceNumber(context);
  }
}
