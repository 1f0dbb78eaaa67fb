package akkasinks.cluster;

import akkasinks.base.Code.Remedy;
import akkasinks.base.Failure;
import java.util.List;

/**
 * The life cycle of a sink as a pure table; {@link SinkActor} carries out the actions.
 *
 * <pre>
 *             Ready      Failed         Closed  Pause     Resume     Redefine   Retire    HandOver  RetryDue
 * resolving   starting   stalled        -       resolving -          resolving  retiring  ended     -
 * starting    running    stalled¹       -       stopping² -          stopping²  stopping² stopping² -
 * running     -          stalled¹       -       stopping  -          stopping   stopping  stopping  -
 * stalled     -          -              -       paused    resolving  resolving  retiring  ended     resolving
 * stopping    -          -              next    next=³    next=³     next=³     next=³    next=³    -
 * paused      -          (retry)        -       -         resolving  -          retiring  ended     (settle)
 * superseded  -          -              -       paused    resolving  -          retiring  ended     -
 * retiring    ended      (retry)        -       -         -          -          -         ended     (delete)
 * ended       -          -              -       -         -          -          -         (end)     -
 *
 * ¹ superseded if the failure's remedy is NEVER: a newer incarnation owns the sink
 * ² the run is asked to stop; what comes next is remembered in stopping
 * ³ Pause → paused, Resume → resolving unless retiring, Redefine → resolving unless pausing or
 *   retiring, Retire → retiring always, HandOver → ended unless retiring
 * </pre>
 *
 * <p>Ready means: the definition is resolved (resolving), the incarnation has begun (starting), the
 * durable state is deleted (retiring). Held (resolving only): the catalog has it paused, so it is
 * fenced and then rests. Redefine stands for a changed definition and for RESNAPSHOT, which the
 * next start reads from the durable state. Gone (the catalog has no such sink) retires a sink that
 * was being resolved.
 */
final class SinkLife {
  private SinkLife() {}

  /** Where a sink is. */
  sealed interface Phase {}

  record Resolving() implements Phase {}

  record Starting() implements Phase {}

  record Running() implements Phase {}

  record Stalled(Failure reason) implements Phase {}

  record Stopping(Next next) implements Phase {}

  record Paused() implements Phase {}

  record Superseded(Failure reason) implements Phase {}

  record Retiring() implements Phase {}

  record Ended() implements Phase {}

  /** What comes after stopping. */
  enum Next {
    PAUSE,
    RESTART,
    RETIRE,
    HAND_OVER
  }

  /** What happens to a sink. */
  sealed interface Event {}

  record Ready() implements Event {}

  record Failed(Failure failure) implements Event {}

  /** The catalog has it paused. */
  record Held() implements Event {}

  /** The stopped run has closed everything it held. */
  record Closed() implements Event {}

  record Gone() implements Event {}

  record Pause() implements Event {}

  record Resume() implements Event {}

  record Redefine() implements Event {}

  record Retire() implements Event {}

  /** Sharding moves the sink to another node, or the node ends. */
  record HandOver() implements Event {}

  record RetryDue() implements Event {}

  /** What the actor does on the way into the next phase. */
  enum Action {
    RESOLVE,
    START_RUN,
    STOP_RUN,
    /** Fence dead writers of a sink that does not run, if it ever did. */
    SETTLE,
    RETRY_LATER,
    CANCEL_RETRY,
    DELETE_STATE,
    /** Ask sharding not to remember this entity; it answers with HandOver. */
    FORGET,
    END
  }

  record Step(Phase phase, List<Action> actions) {}

  /** How a life begins, once the durable state is read. */
  static Step begin() {
    return to(new Resolving(), Action.RESOLVE);
  }

  /**
   * What it means that a run is over by itself. It has closed all it held; to a sink that waits for
   * just that, nothing else will tell it.
   */
  static Event broke(Phase at, Failure failure) {
    return at instanceof Stopping ? new Closed() : new Failed(failure);
  }

  static Step next(Phase phase, Event event) {
    return switch (phase) {
      case Resolving at -> resolving(at, event);
      case Starting at -> starting(at, event);
      case Running at -> running(at, event);
      case Stalled at -> stalled(at, event);
      case Stopping at -> stopping(at, event);
      case Paused at -> paused(at, event);
      case Superseded at -> superseded(at, event);
      case Retiring at -> retiring(at, event);
      case Ended at -> event instanceof HandOver ? to(at, Action.END) : to(at);
    };
  }

  private static Step resolving(Resolving at, Event event) {
    return switch (event) {
      case Ready() -> to(new Starting(), Action.START_RUN);
      case Failed(var failure) -> to(new Stalled(failure), Action.RETRY_LATER);
      case Gone(), Retire() -> to(new Retiring(), Action.DELETE_STATE);
      // Its writer may have died with an open transaction, which hides everybody's progress.
      case Held() -> to(new Paused(), Action.SETTLE);
      case Pause(), Redefine() -> to(at, Action.RESOLVE);
      case HandOver() -> to(new Ended(), Action.END);
      case Resume(), Closed(), RetryDue() -> to(at);
    };
  }

  private static Step starting(Starting at, Event event) {
    return event instanceof Ready ? to(new Running()) : live(at, event);
  }

  private static Step running(Running at, Event event) {
    return live(at, event);
  }

  /** What starting and running have in common: there is a run to stop. */
  private static Step live(Phase at, Event event) {
    return switch (event) {
      case Failed(var failure) when failure.code().remedy() == Remedy.NEVER ->
          to(new Superseded(failure));
      case Failed(var failure) -> to(new Stalled(failure), Action.RETRY_LATER);
      case Pause() -> to(new Stopping(Next.PAUSE), Action.STOP_RUN);
      case Redefine() -> to(new Stopping(Next.RESTART), Action.STOP_RUN);
      case Retire(), Gone() -> to(new Stopping(Next.RETIRE), Action.STOP_RUN);
      case HandOver() -> to(new Stopping(Next.HAND_OVER), Action.STOP_RUN);
      case Ready(), Held(), Closed(), Resume(), RetryDue() -> to(at);
    };
  }

  private static Step stalled(Stalled at, Event event) {
    return switch (event) {
      case Resume(), Redefine(), RetryDue() ->
          to(new Resolving(), Action.CANCEL_RETRY, Action.RESOLVE);
      case Pause() -> to(new Paused(), Action.CANCEL_RETRY);
      case Retire(), Gone() -> to(new Retiring(), Action.CANCEL_RETRY, Action.DELETE_STATE);
      case HandOver() -> to(new Ended(), Action.END);
      case Ready(), Held(), Failed(_), Closed() -> to(at);
    };
  }

  private static Step stopping(Stopping at, Event event) {
    boolean retiring = at.next() == Next.RETIRE;
    return switch (event) {
      case Closed() ->
          switch (at.next()) {
            case PAUSE -> to(new Paused());
            case RESTART -> to(new Resolving(), Action.RESOLVE);
            case RETIRE -> to(new Retiring(), Action.DELETE_STATE);
            case HAND_OVER -> to(new Ended(), Action.END);
          };
      case Pause() -> to(retiring || at.next() == Next.HAND_OVER ? at : new Stopping(Next.PAUSE));
      case Resume(), Redefine() when retiring || at.next() == Next.HAND_OVER -> to(at);
      case Resume() -> to(new Stopping(Next.RESTART));
      case Redefine() -> to(at.next() == Next.PAUSE ? at : new Stopping(Next.RESTART));
      case Retire(), Gone() -> to(new Stopping(Next.RETIRE));
      case HandOver() -> to(retiring ? at : new Stopping(Next.HAND_OVER));
      case Ready(), Held(), Failed(_), RetryDue() -> to(at);
    };
  }

  private static Step paused(Paused at, Event event) {
    return switch (event) {
      case Resume() -> to(new Resolving(), Action.CANCEL_RETRY, Action.RESOLVE);
      case Retire(), Gone() -> to(new Retiring(), Action.CANCEL_RETRY, Action.DELETE_STATE);
      case HandOver() -> to(new Ended(), Action.END);
      case Failed(_) -> to(at, Action.RETRY_LATER);
      case RetryDue() -> to(at, Action.SETTLE);
      case Pause(), Held(), Redefine(), Ready(), Closed() -> to(at);
    };
  }

  private static Step superseded(Superseded at, Event event) {
    return switch (event) {
      case Resume() -> to(new Resolving(), Action.RESOLVE);
      case Pause() -> to(new Paused());
      case Retire(), Gone() -> to(new Retiring(), Action.DELETE_STATE);
      case HandOver() -> to(new Ended(), Action.END);
      case Redefine(), Ready(), Held(), Failed(_), Closed(), RetryDue() -> to(at);
    };
  }

  private static Step retiring(Retiring at, Event event) {
    return switch (event) {
      case Ready() -> to(new Ended(), Action.FORGET);
      case Failed(_) -> to(at, Action.RETRY_LATER);
      case RetryDue() -> to(at, Action.DELETE_STATE);
      case HandOver() -> to(new Ended(), Action.END);
      case Gone(), Held(), Pause(), Resume(), Redefine(), Retire(), Closed() -> to(at);
    };
  }

  /** As users see it. */
  static SinkStatus.State shown(Phase at) {
    return switch (at) {
      case Resolving _ -> SinkStatus.State.LOADING;
      case Starting _ -> SinkStatus.State.STARTING;
      case Running _ -> SinkStatus.State.RUNNING;
      case Stalled _ -> SinkStatus.State.STALLED;
      case Stopping _ -> SinkStatus.State.STOPPING;
      case Paused _ -> SinkStatus.State.PAUSED;
      case Superseded _ -> SinkStatus.State.SUPERSEDED;
      case Retiring _, Ended _ -> SinkStatus.State.DROPPING;
    };
  }

  private static Step to(Phase phase, Action... actions) {
    return new Step(phase, List.of(actions));
  }
}
