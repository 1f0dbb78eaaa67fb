package akkasinks.base;

import org.jspecify.annotations.Nullable;

/** Carries a {@link Failure} to whoever shows it or acts on it. */
public final class FailureException extends RuntimeException {
  private final transient Failure failure;

  public FailureException(Failure failure, @Nullable Throwable cause) {
    super(failure.message(), cause);
    this.failure = failure;
  }

  public Failure failure() {
    return failure;
  }

  /** The failure inside {@code error}, or an internal one that names it. */
  public static Failure of(Throwable error) {
    for (Throwable at = error; at != null; at = at.getCause()) {
      if (at instanceof FailureException known) {
        return known.failure();
      }
    }
    return Failure.of(Code.INTERNAL, error.getClass().getSimpleName() + ": " + error.getMessage());
  }
}
