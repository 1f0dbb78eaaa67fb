package akkasinks.cluster;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.base.FailureException;
import akkasinks.catalog.Definition.ResolvedSink;
import akkasinks.command.Outcome;
import akkasinks.verify.Verifier;
import akkasinks.verify.VerifyReport;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Verifies a sink if it runs, and says why not otherwise. */
final class VerifyIfRunning {
  private VerifyIfRunning() {}

  /** Never fails. */
  static CompletionStage<Outcome> of(
      Verifier verifier, @Nullable ResolvedSink sink, Runs runs, SinkLife.Phase phase) {
    var running = runs.current();
    if (sink == null || running.isEmpty() || !(phase instanceof SinkLife.Running)) {
      return CompletableFuture.completedFuture(
          new Outcome.Failed(
              Failure.of(
                      Code.PREREQUISITE, "the sink does not run, so there is nothing to verify at")
                  .detail("It is " + SinkLife.shown(phase) + ".")
                  .hint("DESCRIBE SINK tells why; RESUME ends a pause.")));
    }
    return verifier
        .verify(sink, running.get())
        .<Outcome>thenApply(VerifyReport::outcome)
        .exceptionally(error -> new Outcome.Failed(FailureException.of(error)));
  }
}
