package akkasinks.cluster;

import akkasinks.base.Code;
import akkasinks.base.Code.Remedy;
import akkasinks.base.Failure;
import akkasinks.base.FailureException;
import akkasinks.catalog.Definition.ResolvedSink;
import akkasinks.cluster.SinkLife.Action;
import akkasinks.cluster.SinkLife.Event;
import akkasinks.cluster.SinkLife.Phase;
import akkasinks.cluster.SinkMessage.Answer;
import akkasinks.command.Outcome;
import akkasinks.pipeline.SinkRunner;
import akkasinks.progress.ProgressRecord;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
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
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityContext;
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
      EntityTypeKey.create(SinkMessage.class, "sink");

  private static final Logger LOG = LoggerFactory.getLogger(SinkActor.class);
  private static final int STASH = 256;

  /** All that a sink actor is told. */
  public sealed interface Message permits SinkMessage, Internal {}

  /** From the actor's own futures, timers and run; a number tells what a newer one has outdated. */
  private sealed interface Internal extends Message {}

  private record Loaded(SinkStore.Stored stored) implements Internal {}

  private record NotLoaded(Failure failure) implements Internal {}

  private record Reload() implements Internal {}

  private record Resolved(long turn, CatalogMessage.Resolved is) implements Internal {}

  private record Told(long turn, Event event) implements Internal {}

  private record Attempting(long incarnation) implements Internal {}

  private record Began(long run, ProgressRecord record, long offset, Duration handOver)
      implements Internal {}

  private record Broke(long run, Failure failure) implements Internal {}

  private record RunClosed(long run) implements Internal {}

  private record Due() implements Internal {}

  private record Tick() implements Internal {}

  private record Saved(long revision) implements Internal {}

  private record NotSaved(Failure failure) implements Internal {}

  /**
   * @param userRetry how long a sink waits that only a person can mend
   * @param mirror at least this lies between two writes of the mirror
   */
  public record Settings(Backoff backoff, Duration userRetry, Duration mirror) {}

  /**
   * What every sink of a node works with.
   *
   * @param definitions asks the catalog
   * @param node its address, for status
   */
  record Parts(
      SinkRunner runner,
      Verifier verifier,
      SinkStore store,
      Function<String, CompletionStage<CatalogMessage.Resolved>> definitions,
      Settings settings,
      InstantSource clock,
      RandomGenerator random,
      String node) {}

  /** A wish that must be durable before it is obeyed. */
  private record Wish(UnaryOperator<SinkState> change, Event event, ActorRef<Answer> replyTo) {}

  private final Parts parts;
  private final String sinkId;
  private final ActorRef<ClusterSharding.ShardCommand> shard;
  private final ActorContext<Message> context;
  private final TimerScheduler<Message> timers;
  private final StashBuffer<Message> stash;

  private SinkState state = SinkState.NEW;
  private Optional<Phase> phase = Optional.empty();
  private Instant since;
  private Optional<Failure> lastFailure = Optional.empty();
  private Optional<Instant> nextTry = Optional.empty();
  private int failures;
  private Optional<Instant> ranSince = Optional.empty();
  private Duration handOver = Duration.ZERO;

  /** Grows with every action begun, so that an answer to an older one is known as such. */
  private long turn;

  private @Nullable ResolvedSink definition;
  private final Runs runs;

  private long revision;
  private boolean saving;
  private boolean dirty;
  private final Deque<Wish> wishes = new ArrayDeque<>();
  private @Nullable Wish writing;
  private final List<ActorRef<Answer>> retiring = new ArrayList<>();

  static Behavior<SinkMessage> of(EntityContext<SinkMessage> entity, Parts parts) {
    return of(entity.getEntityId(), entity.getShard(), parts);
  }

  static Behavior<SinkMessage> of(
      String sinkId, ActorRef<ClusterSharding.ShardCommand> shard, Parts parts) {
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
      Parts parts,
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
    this.since = parts.clock().instant();
    this.runs = new Runs(parts.runner());
  }

  // ---- before the durable state is known

  private Behavior<Message> load() {
    context.pipeToSelf(
        parts.store().load(sinkId),
        (stored, error) ->
            error == null ? new Loaded(stored) : new NotLoaded(FailureException.of(error)));
    return Behaviors.receiveMessage(this::loading);
  }

  private Behavior<Message> loading(Message message) {
    return switch (message) {
      case Loaded(var stored) -> {
        state = stored.state();
        revision = stored.revision();
        timers.startTimerWithFixedDelay(new Tick(), parts.settings().mirror());
        take(SinkLife.begin());
        yield stash.unstashAll(living());
      }
      case NotLoaded(var failure) -> {
        failures++;
        lastFailure = Optional.of(storeAway(failure));
        LOG.warn("sink {}: its state cannot be read: {}", sinkId, failure.message());
        timers.startSingleTimer(
            new Reload(), parts.settings().backoff().next(failures, handOver, parts.random()));
        yield Behaviors.same();
      }
      case Reload() -> load();
      case SinkMessage.Describe(var replyTo) -> {
        replyTo.tell(status());
        yield Behaviors.same();
      }
      case SinkMessage.HandOver() -> Behaviors.stopped();
      case SinkMessage other -> {
        if (!stash.isFull()) {
          stash.stash(other);
        }
        yield Behaviors.same();
      }
      case Internal _ -> Behaviors.same();
    };
  }

  // ---- from then on

  private Behavior<Message> living() {
    return Behaviors.receive(Message.class)
        .onMessage(SinkMessage.class, this::onRequest)
        .onMessage(Internal.class, this::onInternal)
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
          wish(new Wish(s -> s.withResnapshot(true), new SinkLife.Redefine(), replyTo));
      case SinkMessage.Redefined() -> happen(new SinkLife.Redefine());
      case SinkMessage.Retire(var replyTo) -> {
        retiring.add(replyTo);
        yield happen(new SinkLife.Retire());
      }
      case SinkMessage.Verify(var replyTo) -> {
        verify(replyTo);
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

  private Behavior<Message> onInternal(Internal message) {
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
        yield happen(new SinkLife.Failed(failure));
      }
      case RunClosed(var run) when runs.isCurrent(run) -> {
        runs.ended();
        yield happen(new SinkLife.Closed());
      }
      case Attempting(var incarnation) -> {
        // An incarnation that I attempted is mine, even if I never learn what became of it.
        state = state.attempting(incarnation);
        dirty = true;
        write();
        yield Behaviors.same();
      }
      case Due() -> {
        nextTry = Optional.empty();
        yield happen(new SinkLife.RetryDue());
      }
      case Tick() -> {
        write();
        yield Behaviors.same();
      }
      case Saved(var now) -> saved(now);
      case NotSaved(var failure) -> notSaved(failure);
      case Resolved _, Told _, Began _, Broke _, RunClosed _ -> Behaviors.same();
      case Loaded _, NotLoaded _, Reload _ -> Behaviors.same();
    };
  }

  private Behavior<Message> began(Began began) {
    handOver = began.handOver();
    ranSince = Optional.of(parts.clock().instant());
    state = state.committed(began.record(), began.offset());
    if (runs.resnapshots()) {
      state = state.withResnapshot(false);
    }
    dirty = true;
    write();
    LOG.info(
        "sink {}: incarnation {} runs, hand-over took {} ms",
        sinkId,
        began.record().incarnation(),
        handOver.toMillis());
    return happen(new SinkLife.Ready());
  }

  // ---- the table's steps

  private Behavior<Message> happen(Event event) {
    if (event instanceof SinkLife.Failed(var failure)) {
      countFailure(failure);
    }
    var now = phase.orElseThrow();
    return take(SinkLife.next(now, event));
  }

  private void countFailure(Failure failure) {
    var now = parts.clock().instant();
    // Only a run that outlived the longest wait counts as having run well.
    var wellAfter = parts.settings().backoff().most();
    if (ranSince.filter(at -> at.plus(wellAfter).isBefore(now)).isPresent()) {
      failures = 0;
    }
    ranSince = Optional.empty();
    failures++;
    lastFailure = Optional.of(failure);
    LOG.warn("sink {}: {} ({}) {}", sinkId, failure.message(), failure.detail(), failure.hint());
  }

  private Behavior<Message> take(SinkLife.Step step) {
    boolean moved = phase.isEmpty() || !phase.get().equals(step.phase());
    if (moved) {
      LOG.debug("sink {}: {} to {}", sinkId, phase, step.phase());
      since = parts.clock().instant();
      phase = Optional.of(step.phase());
      turn++;
      if (!(step.phase() instanceof SinkLife.Stalled)) {
        nextTry = Optional.empty();
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
        context.pipeToSelf(settle(), (_, error) -> told(mine, error));
      }
      case RETRY_LATER -> retryLater();
      case CANCEL_RETRY -> {
        timers.cancel(Due.class);
        nextTry = Optional.empty();
      }
      case DELETE_STATE -> {
        long mine = ++turn;
        context.pipeToSelf(parts.store().delete(sinkId), (_, error) -> told(mine, error));
      }
      case FORGET -> shard.tell(new ClusterSharding.Passivate<>(context.getSelf().unsafeUpcast()));
      case END -> throw new IllegalStateException("END is a behaviour");
    }
  }

  private static Told told(long turn, @Nullable Throwable error) {
    return new Told(
        turn,
        error == null ? new SinkLife.Ready() : new SinkLife.Failed(FailureException.of(error)));
  }

  private void startRun() {
    if (definition == null) {
      throw new IllegalStateException("a run without a definition");
    }
    var self = context.getSelf();
    long run = runs.number() + 1;
    runs.start(
        definition,
        state.mirror(),
        state.resnapshot(),
        new SinkRunner.Events() {
          @Override
          public void attempting(long incarnation) {
            self.tell(new Attempting(incarnation));
          }

          @Override
          public void started(ProgressRecord record, long offset, Duration took) {
            self.tell(new Began(run, record, offset, took));
          }

          @Override
          public void committed(ProgressRecord record, long offset) {
            runs.committed(run, record, offset);
          }

          @Override
          public void failed(Failure failure) {
            self.tell(new Broke(run, failure));
          }
        });
  }

  private CompletionStage<Void> settle() {
    var mirror = state.mirror();
    return definition == null || !state.everTried()
        ? CompletableFuture.completedFuture(null)
        : parts.runner().settle(definition, mirror);
  }

  private void retryLater() {
    boolean person =
        lastFailure.map(failure -> failure.code().remedy() == Remedy.USER).orElse(false);
    var wait =
        person
            ? parts.settings().userRetry()
            : parts.settings().backoff().next(failures, handOver, parts.random());
    nextTry = Optional.of(parts.clock().instant().plus(wait));
    timers.startSingleTimer(Due.class, new Due(), wait);
  }

  /** The last mirror is written on the way out; nobody waits for it: losing it costs time only. */
  private Behavior<Message> end() {
    takeCommitted();
    if (dirty
        && !saving
        && !(phase.orElseThrow() instanceof SinkLife.Ended && definition == null)) {
      parts.store().save(sinkId, state, revision);
    }
    return Behaviors.stopped();
  }

  private Behavior<Message> abandon() {
    runs.abandon();
    return Behaviors.same();
  }

  private void verify(ActorRef<Outcome> replyTo) {
    var running = runs.current();
    if (definition == null
        || running.isEmpty()
        || !(phase.orElseThrow() instanceof SinkLife.Running)) {
      replyTo.tell(
          new Outcome.Failed(
              Failure.of(
                      Code.PREREQUISITE, "the sink does not run, so there is nothing to verify at")
                  .detail("It is " + phase.map(SinkActor::shown).orElseThrow() + ".")
                  .hint("DESCRIBE SINK tells why; RESUME ends a pause.")));
      return;
    }
    parts
        .verifier()
        .verify(definition, running.get())
        .whenComplete(
            (outcome, error) ->
                replyTo.tell(
                    error == null ? outcome : new Outcome.Failed(FailureException.of(error))));
  }

  // ---- the durable state

  private Behavior<Message> wish(Wish wish) {
    wishes.add(wish);
    write();
    return Behaviors.same();
  }

  private void takeCommitted() {
    runs.takeCommitted()
        .ifPresent(
            seen -> {
              state = state.committed(seen.record(), seen.offset());
              dirty = true;
            });
  }

  /** One write at a time; what comes meanwhile goes into the next. */
  private void write() {
    takeCommitted();
    if (saving || isRetired() || (wishes.isEmpty() && !dirty)) {
      return;
    }
    writing = wishes.poll();
    saving = true;
    dirty = false;
    var next = writing == null ? state : writing.change().apply(state);
    context.pipeToSelf(
        parts.store().save(sinkId, next, revision),
        (now, error) -> error == null ? new Saved(now) : new NotSaved(FailureException.of(error)));
  }

  private Behavior<Message> saved(long now) {
    saving = false;
    revision = now;
    var wish = writing;
    writing = null;
    Behavior<Message> behavior = Behaviors.same();
    if (wish != null) {
      state = wish.change().apply(state);
      wish.replyTo().tell(Answer.DONE);
      behavior = happen(wish.event());
    }
    if (!wishes.isEmpty()) {
      write();
    }
    return behavior;
  }

  private Behavior<Message> notSaved(Failure failure) {
    saving = false;
    revision = -1;
    dirty = true;
    LOG.warn("sink {}: its state cannot be written: {}", sinkId, failure.message());
    var wish = writing;
    writing = null;
    if (wish != null) {
      wish.replyTo().tell(Answer.refused(storeAway(failure)));
    }
    if (!wishes.isEmpty()) {
      write();
    }
    return Behaviors.same();
  }

  private boolean isRetired() {
    return phase
        .map(at -> at instanceof SinkLife.Retiring || at instanceof SinkLife.Ended)
        .orElse(false);
  }

  private static Failure storeAway(Failure failure) {
    return Failure.of(Code.UNREACHABLE, "the state store does not answer")
        .detail(failure.message())
        .hint("Nothing was changed. See akkasinks.state in the node's configuration.");
  }

  // ---- status

  private SinkStatus status() {
    takeCommitted();
    var totals = runs.totals();
    return new SinkStatus(
        sinkId,
        phase.map(SinkActor::shown).orElse(SinkStatus.State.LOADING),
        parts.node(),
        since,
        phase.map(this::reason).orElse(lastFailure),
        nextTry,
        failures,
        state.resnapshot(),
        state.mirror(),
        runs.stats(),
        totals.changesIn(),
        totals.recordsOut(),
        totals.bytesOut(),
        totals.commits(),
        handOver.isZero() ? Optional.empty() : Optional.of(handOver));
  }

  private Optional<Failure> reason(Phase at) {
    return switch (at) {
      case SinkLife.Stalled(var reason) -> Optional.of(reason);
      case SinkLife.Superseded(var reason) -> Optional.of(reason);
      case SinkLife.Resolving _, SinkLife.Starting _, SinkLife.Retiring _ -> lastFailure;
      case SinkLife.Running _, SinkLife.Stopping _, SinkLife.Paused _, SinkLife.Ended _ ->
          Optional.empty();
    };
  }

  private static SinkStatus.State shown(Phase at) {
    return switch (at) {
      case SinkLife.Resolving _ -> SinkStatus.State.LOADING;
      case SinkLife.Starting _ -> SinkStatus.State.STARTING;
      case SinkLife.Running _ -> SinkStatus.State.RUNNING;
      case SinkLife.Stalled _ -> SinkStatus.State.STALLED;
      case SinkLife.Stopping _ -> SinkStatus.State.STOPPING;
      case SinkLife.Paused _ -> SinkStatus.State.PAUSED;
      case SinkLife.Superseded _ -> SinkStatus.State.SUPERSEDED;
      case SinkLife.Retiring _, SinkLife.Ended _ -> SinkStatus.State.DROPPING;
    };
  }
}
