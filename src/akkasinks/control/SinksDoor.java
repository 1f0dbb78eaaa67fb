package akkasinks.control;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.command.Outcome;
import akkasinks.control.Sinks.Request;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.receptionist.Receptionist;

/** Hands requests to a node: this system's own if it has one, else the first that is known. */
final class SinksDoor {
  private SinksDoor() {}

  private sealed interface Message {}

  private record Nodes(List<ActorRef<Request>> nodes) implements Message {}

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
          return knowing(context, List.of());
        });
  }

  private static Behavior<Message> knowing(
      ActorContext<Message> context, List<ActorRef<Request>> nodes) {
    Optional<ActorRef<Request>> next =
        nodes.stream().min(Comparator.comparing(ref -> ref.path().address().hasGlobalScope()));
    return Behaviors.receiveMessage(
        message ->
            switch (message) {
              case Nodes(var now) -> knowing(context, now);
              case Passing(var request) -> {
                next.ifPresentOrElse(
                    node -> node.tell(request), () -> request.replyTo().tell(nobody()));
                yield Behaviors.same();
              }
            });
  }

  private static Outcome nobody() {
    return new Outcome.Failed(
        Failure.of(Code.UNREACHABLE, "no AkkaSinks node is known in this cluster")
            .hint("It may be starting; try again."));
  }
}
