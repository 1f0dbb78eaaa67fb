package akkasinks.control;

import akkasinks.base.FailureException;
import akkasinks.command.Outcome;
import akkasinks.control.Sinks.Request;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.receptionist.Receptionist;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries requests out, as many at the same time as come, each on a thread that may block. */
final class ControlActor {
  private static final Logger LOG = LoggerFactory.getLogger(ControlActor.class);

  private ControlActor() {}

  static Behavior<Request> create(Acts acts, Executor blocking) {
    return Behaviors.setup(
        context -> {
          context
              .getSystem()
              .receptionist()
              .tell(Receptionist.register(Sinks.KEY, context.getSelf()));
          return Behaviors.receiveMessage(
              request -> {
                CompletableFuture.supplyAsync(
                        () -> acts.carryOut(request.command(), request.asker()), blocking)
                    .whenComplete((outcome, error) -> answer(request, outcome, error));
                return Behaviors.same();
              });
        });
  }

  private static void answer(
      Request request, @Nullable Outcome outcome, @Nullable Throwable error) {
    var answer =
        outcome != null
            ? outcome
            : new Outcome.Failed(
                FailureException.of(error == null ? new IllegalStateException() : error));
    try {
      Audit.statement(request.asker(), request.command(), answer);
    } catch (RuntimeException e) {
      LOG.error("{} is missing in the audit log", request.command().getClass().getSimpleName(), e);
    }
    if (answer instanceof Outcome.Failed(var failure)) {
      LOG.info(
          "{}: {} ({})",
          request.command().getClass().getSimpleName(),
          failure.oneLine(),
          failure.code());
    }
    request.replyTo().tell(answer);
  }
}
