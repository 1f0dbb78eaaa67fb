package akkasinks.cluster;

import akkasinks.base.FailureException;
import akkasinks.catalog.Definition.ResolvedSink;
import akkasinks.cluster.SinkLife.Action;
import akkasinks.cluster.SinkLife.Event;
import akkasinks.cluster.SinkLife.Phase;
import akkasinks.cluster.SinkMessage.Answer;
import akkasinks.cluster.SinkSignal.Attempting;
import akkasinks.cluster.SinkSignal.Began;
import akkasinks.cluster.SinkSignal.Broke;
import akkasinks.cluster.SinkSignal.Due;
import akkasinks.cluster.SinkSignal.Loaded;
import akkasinks.cluster.SinkSignal.NotLoaded;
import akkasinks.cluster.SinkSignal.NotSaved;
import akkasinks.cluster.SinkSignal.Reload;
import akkasinks.cluster.SinkSignal.Resolved;
import akkasinks.cluster.SinkSignal.RunClosed;
import akkasinks.cluster.SinkSignal.Saved;
import akkasinks.cluster.SinkSignal.Tick;
import akkasinks.cluster.SinkSignal.Told;
import akkasinks.pipeline.SinkRunner;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.PreRestart;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.StashBuffer;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One sink's life on one node: starts incarnations through {@link SinkRunner}, waits and tries
 * again when they fail, and keeps the mirror. What follows on what is {@link SinkLife}'s table;
 * this class carries out its actions and turns what comes back into its events.
 *
 * <p>What it shall do stands in the catalog; only the wish for a new snapshot is its own, durable
 * before it is obeyed and answered. The mirror is written at most once per interval and its failure
 * stops nothing: the progress topic decides. Nothing here blocks.
 */
public final class SinkActor {
  public static final EntityTypeKey<SinkMessage> KEY =
      EntityTypeKey.create(SinkMessage.class, "sinks");

  private static final Logger LOG = LoggerFactory.getLogger(SinkActor.class);
  private static final int STASH = 256;

  /** All that a sink actor is told. */
  public sealed interface Message permits SinkMessage, SinkSignal {}

  private final SinkParts parts;
  private final String sinkId;
  private final ActorRef<ClusterSharding.ShardCommand> shard;
  private final ActorContext<Message> context;
  private final TimerScheduler<Message> timers;
  private final StashBuffer<Message> stash;

  private Optional<Phase> phase = Optional.empty();
  private final Moves moves;
  private final Attempts attempts;
  private final SinkMemory memory;
  private final Runs runs;
  private @Nullable ResolvedSink definition;
  private final List<ActorRef<Answer>> retiring = new ArrayList<>();

  /** Grows with every action begun, so that an answer to an older one is known as such. */
  private long turn;

  static Behavior<SinkMessage> of(
      String sinkId, ActorRef<ClusterSharding.ShardCommand> shard, SinkParts parts) {
    Behavior<Message> life =
        Behaviors.setup(
            context ->
                Behaviors.withTimers(
                    timers ->
                        Behaviors.withStash(
                            STASH,
                            stash ->
                                new SinkActor(parts, sinkId, shard, context, timers, stash)
                                    .load())));
    return Behaviors.supervise(life)
        .onFailure(
            SupervisorStrategy.restartWithBackoff(
                Duration.ofSeconds(1), Duration.ofSeconds(60), 0.5))
        .narrow();
  }

  private SinkActor(
      SinkParts parts,
      String sinkId,
      ActorRef<ClusterSharding.ShardCommand> shard,
      ActorContext<Message> context,
      TimerScheduler<Message> timers,
      StashBuffer<Message> stash) {
    this.parts = parts;
    this.sinkId = sinkId;
    this.shard = shard;
    this.context = context;
    this.timers = timers;
    this.stash = stash;
    this.moves = new Moves(parts.clock());
    this.attempts = new Attempts(parts.settings(), parts.clock(), parts.random());
    this.memory = new SinkMemory(sinkId, parts.store());
    this.runs = new Runs(parts.runner());
  }

  private Behavior<Message> load() {
    LOG.debug("sink {}: placed", sinkId);
    context.pipeToSelf(
        memory.load(),
        (stored, error) ->
            error == null ? new Loaded(stored) : new NotLoaded(FailureException.of(error)));
    return Behaviors.receiveMessage(this::loading);
  }

  private Behavior<Message> loading(Message message) {
    return switch (message) {
      case Loaded(var stored) -> {
        memory.loaded(stored);
        timers.startTimerWithFixedDelay(new Tick(), parts.settings().mirror());
        take(SinkLife.begin());
        yield stash.unstashAll(living());
      }
      case NotLoaded(var failure) -> {
        attempts.failed(SinkMemory.storeAway(failure));
        LOG.warn("sink {}: its state cannot be read: {}", sinkId, failure.oneLine());
        timers.startSingleTimer(new Reload(), attempts.planNext());
        yield Behaviors.same();
      }
      case Reload() -> load();
      case SinkMessage.Describe(var replyTo) -> {
        replyTo.tell(status());
        yield Behaviors.same();
      }
      case SinkMessage.HandOver() -> Behaviors.stopped();
      case SinkMessage other -> {
        // Whoever asked more than there is room for hears UNREACHABLE in time, and asks again.
        if (!stash.isFull()) {
          stash.stash(other);
        }
        yield Behaviors.same();
      }
      case SinkSignal _ -> Behaviors.same();
    };
  }

  private Behavior<Message> living() {
    return Behaviors.receive(Message.class)
        .onMessage(SinkMessage.class, this::onRequest)
        .onMessage(SinkSignal.class, this::onSignal)
        .onSignal(PreRestart.class, _ -> abandon())
        .onSignal(PostStop.class, _ -> abandon())
        .build();
  }

  private Behavior<Message> onRequest(SinkMessage message) {
    return switch (message) {
      case SinkMessage.Wake(var paused) -> wake(paused);
      case SinkMessage.Describe(var replyTo) -> {
        replyTo.tell(status());
        yield Behaviors.same();
      }
      case SinkMessage.Pause(var replyTo) -> {
        replyTo.tell(Answer.DONE);
        yield happen(new SinkLife.Pause());
      }
      case SinkMessage.Resume(var replyTo) -> {
        replyTo.tell(Answer.DONE);
        yield happen(new SinkLife.Resume());
      }
      case SinkMessage.Resnapshot(var replyTo) ->
          wish(new SinkMemory.Wish(s -> s.withResnapshot(true), new SinkLife.Redefine(), replyTo));
      case SinkMessage.Redefined() -> happen(new SinkLife.Redefine());
      case SinkMessage.Retire(var replyTo) -> {
        retiring.add(replyTo);
        yield happen(new SinkLife.Retire());
      }
      case SinkMessage.Verify(var replyTo) -> {
        VerifyIfRunning.of(parts.verifier(), definition, runs, phase.orElseThrow())
            .thenAccept(replyTo::tell);
        yield Behaviors.same();
      }
      case SinkMessage.HandOver() -> happen(new SinkLife.HandOver());
    };
  }

  /** A sink that was superseded or is stalled is not roused by this: only RESUME does that. */
  private Behavior<Message> wake(boolean paused) {
    var at = phase.orElseThrow();
    if (paused) {
      return at instanceof SinkLife.Paused ? Behaviors.same() : happen(new SinkLife.Pause());
    }
    boolean resting =
        at instanceof SinkLife.Paused
            || (at instanceof SinkLife.Stopping(var next) && next == SinkLife.Next.PAUSE);
    return resting ? happen(new SinkLife.Resume()) : Behaviors.same();
  }

  private Behavior<Message> onSignal(SinkSignal message) {
    return switch (message) {
      case Resolved(var of, var is) when of == turn -> {
        definition = is.sink().orElse(null);
        yield happen(
            definition == null
                ? new SinkLife.Gone()
                : is.paused() ? new SinkLife.Held() : new SinkLife.Ready());
      }
      case Told(var of, var event) when of == turn -> happen(event);
      case Began began when runs.isCurrent(began.run()) -> began(began);
      case Broke(var run, var failure) when runs.isCurrent(run) -> {
        runs.ended();
        yield happen(SinkLife.broke(phase.orElseThrow(), failure));
      }
      case RunClosed(var run) when runs.isCurrent(run) -> {
        runs.ended();
        yield happen(new SinkLife.Closed());
      }
      case Attempting(var incarnation) -> {
        // An incarnation that I attempted is mine, even if I never learn what became of it.
        memory.attempting(incarnation);
        write();
        yield Behaviors.same();
      }
      case Due() -> {
        attempts.planNone();
        yield happen(new SinkLife.RetryDue());
      }
      case Tick() -> {
        write();
        yield Behaviors.same();
      }
      case Saved(var revision) -> {
        var event = memory.saved(revision);
        event.ifPresent(_ -> runs.askedAgain());
        var behavior = event.isPresent() ? happen(event.get()) : Behaviors.<Message>same();
        write();
        yield behavior;
      }
      case NotSaved(var failure) -> {
        memory.notSaved(failure);
        yield Behaviors.same();
      }
      case Resolved _, Told _, Began _, Broke _, RunClosed _ -> Behaviors.same();
      case Loaded _, NotLoaded _, Reload _ -> Behaviors.same();
    };
  }

  private Behavior<Message> began(Began began) {
    attempts.began(began.handOver());
    memory.committed(began.record(), began.offset());
    if (runs.resnapshots()) {
      memory.resnapshotBegun();
    }
    write();
    LOG.info("sink {}: {}", shown(), began);
    return happen(new SinkLife.Ready());
  }

  private Behavior<Message> happen(Event event) {
    if (event instanceof SinkLife.Failed(var failure)) {
      attempts.failed(failure);
      LOG.warn("sink {}: {}", shown(), failure.oneLine());
    }
    var now = phase.orElseThrow();
    return take(SinkLife.next(now, event));
  }

  private Behavior<Message> take(SinkLife.Step step) {
    boolean moved = phase.isEmpty() || !phase.get().equals(step.phase());
    if (moved) {
      LOG.debug("sink {}: {}", sinkId, step.phase());
      moves.to(step.phase());
      phase = Optional.of(step.phase());
      turn++;
      if (!(step.phase() instanceof SinkLife.Stalled)) {
        attempts.planNone();
      }
    }
    if (step.phase() instanceof SinkLife.Retiring || step.phase() instanceof SinkLife.Ended) {
      retiring.forEach(replyTo -> replyTo.tell(Answer.DONE));
      retiring.clear();
    }
    Behavior<Message> behavior = Behaviors.same();
    for (var action : step.actions()) {
      if (action == Action.END) {
        behavior = end();
      } else {
        act(action);
      }
    }
    return behavior;
  }

  private void act(Action action) {
    switch (action) {
      case RESOLVE -> {
        long mine = ++turn;
        context.pipeToSelf(
            parts.definitions().apply(sinkId),
            (is, error) ->
                error == null
                    ? new Resolved(mine, is)
                    : new Told(mine, new SinkLife.Failed(FailureException.of(error))));
      }
      case START_RUN -> startRun();
      case STOP_RUN -> {
        long run = runs.number();
        context.pipeToSelf(runs.stop(), (_, _) -> new RunClosed(run));
      }
      case SETTLE -> {
        long mine = ++turn;
        context.pipeToSelf(runs.settle(definition, memory), (_, error) -> Told.ready(mine, error));
      }
      case RETRY_LATER -> timers.startSingleTimer(Due.class, new Due(), attempts.planNext());
      case CANCEL_RETRY -> {
        timers.cancel(Due.class);
        attempts.planNone();
      }
      case DELETE_STATE -> {
        long mine = ++turn;
        context.pipeToSelf(memory.delete(), (_, error) -> Told.ready(mine, error));
      }
      case FORGET -> shard.tell(new ClusterSharding.Passivate<>(context.getSelf().unsafeUpcast()));
      case END -> throw new IllegalStateException("END is a behaviour");
    }
  }

  private void startRun() {
    if (definition == null) {
      throw new IllegalStateException("a run without a definition");
    }
    takeCommitted();
    long run = runs.number() + 1;
    runs.start(
        definition,
        memory.mirror(),
        memory.resnapshot(),
        new RunEvents(run, runs, context.getSelf()));
  }

  private Behavior<Message> end() {
    takeCommitted();
    memory.end();
    return Behaviors.stopped();
  }

  private Behavior<Message> abandon() {
    runs.abandon();
    return Behaviors.same();
  }

  private Behavior<Message> wish(SinkMemory.Wish wish) {
    memory.wish(wish);
    write();
    return Behaviors.same();
  }

  /** For logs: the name that people know it by, once the catalog has told it. */
  private String shown() {
    return definition == null ? sinkId : "%s (%s)".formatted(definition.sink().name(), sinkId);
  }

  private void takeCommitted() {
    runs.takeCommitted().ifPresent(seen -> memory.committed(seen.record(), seen.offset()));
  }

  private void write() {
    takeCommitted();
    memory
        .write()
        .ifPresent(
            written ->
                context.pipeToSelf(
                    written,
                    (revision, error) ->
                        error == null
                            ? new Saved(revision)
                            : new NotSaved(FailureException.of(error))));
  }

  private SinkStatus status() {
    takeCommitted();
    return SinkStatus.of(sinkId, parts.node(), phase, moves, attempts, memory, runs);
  }
}
