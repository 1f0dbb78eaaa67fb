package akkasinks.control;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.command.Outcome;
import akkasinks.control.Sinks.Request;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.StashBuffer;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.actor.typed.receptionist.Receptionist;

/** Hands requests to a node: this system's own if it has one, else the first that is known. */
final class SinksDoor {
  private static final int STASH = 1_000;
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private SinksDoor() {}

  private sealed interface Message {}

  private record Nodes(List<ActorRef<Request>> nodes) implements Message {}

  private record GiveUp() implements Message {}

  private record Passing(Request request) implements Message {}

  static Behavior<Request> create() {
    return Behaviors.setup(
        context -> {
          var inner = context.spawn(passing(), "nodes");
          return Behaviors.receiveMessage(
              request -> {
                inner.tell(new Passing(request));
                return Behaviors.same();
              });
        });
  }

  private static Behavior<Message> passing() {
    return Behaviors.setup(
        context -> {
          var listings =
              context.messageAdapter(
                  Receptionist.Listing.class,
                  listing -> new Nodes(List.copyOf(listing.getServiceInstances(Sinks.KEY))));
          context.getSystem().receptionist().tell(Receptionist.subscribe(Sinks.KEY, listings));
          return Behaviors.withTimers(
              timers -> Behaviors.withStash(STASH, stash -> waiting(timers, stash)));
        });
  }

  /** No node is known: one that starts is waited for, but not for long. */
  private static Behavior<Message> waiting(
      TimerScheduler<Message> timers, StashBuffer<Message> stash) {
    return Behaviors.receiveMessage(
        message ->
            switch (message) {
              case Nodes(var nodes) when nodes.isEmpty() -> Behaviors.same();
              case Nodes(var nodes) -> {
                timers.cancelAll();
                yield stash.unstashAll(knowing(nodes, timers, stash));
              }
              case Passing(var request) when stash.isFull() -> {
                request.replyTo().tell(nobody());
                yield Behaviors.same();
              }
              case Passing passing -> {
                stash.stash(passing);
                if (!timers.isTimerActive(GiveUp.class)) {
                  timers.startSingleTimer(GiveUp.class, new GiveUp(), PATIENCE);
                }
                yield Behaviors.same();
              }
              case GiveUp() -> {
                stash.forEach(
                    stashed -> {
                      if (stashed instanceof Passing(var request)) {
                        request.replyTo().tell(nobody());
                      }
                    });
                stash.clear();
                yield Behaviors.same();
              }
            });
  }

  private static Behavior<Message> knowing(
      List<ActorRef<Request>> nodes, TimerScheduler<Message> timers, StashBuffer<Message> stash) {
    var next =
        nodes.stream()
            .min(Comparator.comparing(ref -> ref.path().address().hasGlobalScope()))
            .orElseThrow();
    return Behaviors.receiveMessage(
        message ->
            switch (message) {
              case Nodes(var now) when now.isEmpty() -> waiting(timers, stash);
              case Nodes(var now) -> knowing(now, timers, stash);
              case Passing(var request) -> {
                next.tell(request);
                yield Behaviors.same();
              }
              case GiveUp() -> Behaviors.same();
            });
  }

  private static Outcome nobody() {
    return new Outcome.Failed(
        Failure.of(Code.UNREACHABLE, "no AkkaSinks node is known in this cluster")
            .hint("It may be starting; try again."));
  }
}
