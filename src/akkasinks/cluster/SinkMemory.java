package akkasinks.cluster;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.cluster.SinkMessage.Answer;
import akkasinks.progress.Mirror;
import akkasinks.progress.ProgressRecord;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A sink's durable state and how it gets to the store: one write at a time, the newest mirror in
 * each; what comes meanwhile goes into the next. Belongs to the sink's actor.
 */
final class SinkMemory {
  private static final Logger LOG = LoggerFactory.getLogger(SinkMemory.class);

  private final String sinkId;
  private final SinkStore store;
  private SinkState state = SinkState.NEW;
  private long revision;
  private boolean saving;
  private boolean dirty;
  private boolean closed;
  private boolean away;
  private final Deque<Wish> wishes = new ArrayDeque<>();
  private @Nullable Wish writing;

  /**
   * A change that must be durable before it is obeyed.
   *
   * @param event what happens to the sink then
   */
  record Wish(UnaryOperator<SinkState> change, SinkLife.Event event, ActorRef<Answer> replyTo) {}

  SinkMemory(String sinkId, SinkStore store) {
    this.sinkId = sinkId;
    this.store = store;
  }

  CompletionStage<SinkStore.Stored> load() {
    return store.load(sinkId);
  }

  void loaded(SinkStore.Stored stored) {
    state = stored.state();
    revision = stored.revision();
  }

  Mirror mirror() {
    return state.mirror();
  }

  boolean resnapshot() {
    return state.resnapshot();
  }

  boolean everTried() {
    return state.everTried();
  }

  void attempting(long incarnation) {
    state = state.attempting(incarnation);
    dirty = true;
  }

  void committed(ProgressRecord record, long offset) {
    state = state.committed(record, offset);
    dirty = true;
  }

  /** An incarnation that reads the whole table again has begun. */
  void resnapshotBegun() {
    state = state.withResnapshot(false);
    dirty = true;
  }

  void wish(Wish wish) {
    wishes.add(wish);
  }

  /** Begins the next write if there is something to write and none is under way. */
  Optional<CompletionStage<Long>> write() {
    if (saving || closed || (wishes.isEmpty() && !dirty)) {
      return Optional.empty();
    }
    writing = wishes.poll();
    saving = true;
    dirty = false;
    var next = writing == null ? state : writing.change().apply(state);
    return Optional.of(store.save(sinkId, next, revision));
  }

  /** The write is done; gives the event of the wish that was in it. */
  Optional<SinkLife.Event> saved(long now) {
    if (away) {
      LOG.info("sink {}: its state can be written again", sinkId);
    }
    away = false;
    saving = false;
    revision = now;
    var wish = writing;
    writing = null;
    if (wish == null) {
      return Optional.empty();
    }
    state = wish.change().apply(state);
    wish.replyTo().tell(Answer.DONE);
    return Optional.of(wish.event());
  }

  /** The write failed. The sink runs on: losing the mirror costs time only. */
  void notSaved(Failure failure) {
    if (!away) {
      LOG.warn("sink {}: its state cannot be written: {}", sinkId, failure.oneLine());
    }
    away = true;
    saving = false;
    revision = -1;
    dirty = true;
    if (writing != null) {
      writing.replyTo().tell(Answer.refused(storeAway(failure)));
      writing = null;
    }
  }

  /** Writes nothing more: the sink was dropped. */
  CompletionStage<?> delete() {
    closed = true;
    return store.delete(sinkId);
  }

  /** The last mirror goes out; nobody waits for it. */
  void end() {
    if (dirty && !saving && !closed) {
      store.save(sinkId, state, revision);
    }
  }

  static Failure storeAway(Failure failure) {
    return Failure.of(Code.UNREACHABLE, "the state store does not answer")
        .detail(failure.message())
        .hint("Nothing was changed. See akkasinks.state in the node's configuration.");
  }
}
