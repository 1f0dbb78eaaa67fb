package akkasinks.pgwire;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.command.Command;
import akkasinks.command.Outcome;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/**
 * Carries out the commands of one connection, so that another can cancel what is under way. A
 * command that is cancelled is no longer waited for; the cluster may still finish it.
 */
final class Running {
  private static final Failure CANCELED =
      Failure.of(Code.CANCELED, "canceling statement due to user request")
          .hint("What became of it is not known: look before trying again.");

  private final Function<Command, CompletionStage<Outcome>> execute;
  private final AtomicReference<Optional<CompletableFuture<Outcome>>> current =
      new AtomicReference<>(Optional.empty());

  Running(Function<Command, CompletionStage<Outcome>> execute) {
    this.execute = execute;
  }

  CompletionStage<Outcome> execute(Command command) {
    CompletableFuture<Outcome> waited = new CompletableFuture<>();
    current.set(Optional.of(waited));
    execute
        .apply(command)
        .whenComplete(
            (outcome, error) -> {
              current.compareAndSet(Optional.of(waited), Optional.empty());
              if (error == null) {
                waited.complete(outcome);
              } else {
                waited.completeExceptionally(error);
              }
            });
    return waited;
  }

  /** Thread-safe. Nothing happens if nothing is under way. */
  void cancel() {
    current
        .getAndSet(Optional.empty())
        .ifPresent(waited -> waited.complete(new Outcome.Failed(CANCELED)));
  }
}
