package akkasinks.cluster;

import akkasinks.base.Failure;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;

/** Words for asks that nobody answered. */
final class Answers {
  private Answers() {}

  /** {@code silence} if the ask timed out, the error itself otherwise. */
  static <A> CompletionStage<A> failed(Throwable error, Failure silence) {
    if (timedOut(error)) {
      return CompletableFuture.failedFuture(silence.exception(error));
    }
    return CompletableFuture.failedFuture(
        error instanceof CompletionException && error.getCause() != null
            ? error.getCause()
            : error);
  }

  static boolean timedOut(Throwable error) {
    for (Throwable at = error; at != null; at = at.getCause()) {
      if (at instanceof TimeoutException) {
        return true;
      }
    }
    return false;
  }
}
