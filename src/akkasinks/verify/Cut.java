package akkasinks.verify;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.base.FailureException;
import akkasinks.change.Relation;
import akkasinks.pipeline.SinkRunner;
import akkasinks.source.ChangeSource;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A point of the source's history, seen from both sides: the table as it was there, and how much of
 * the topic belongs to it.
 *
 * @param reading open
 * @param ends end offset of each partition of the topic
 */
record Cut(ChangeSource.Reading reading, List<Long> ends) implements AutoCloseable {

  /** Takes a cut; blocks. */
  @FunctionalInterface
  interface Taker {
    Cut take(Verification.Limits limits);
  }

  /**
   * Cuts of a running sink.
   *
   * @param of the table that {@code source} reads
   */
  static Taker of(ChangeSource source, SinkRunner.Running running, Relation of) {
    return limits -> {
      var opening = new Opening();
      boolean whole = false;
      try {
        var ends =
            running
                .cut(() -> opening.opened(source.read(limits.patience())), of)
                .toCompletableFuture()
                .get(limits.deadline().toMillis(), TimeUnit.MILLISECONDS);
        var cut = new Cut(opening.reading(), ends);
        whole = true;
        return cut;
      } catch (ExecutionException e) {
        throw FailureException.of(e).exception(e);
      } catch (TimeoutException e) {
        throw Failure.of(
                Code.BUSY,
                "the sink did not come to the point of comparison within %d s"
                    .formatted(limits.deadline().toSeconds()))
            .hint("It lags behind: wait until its lag is small, then verify again.")
            .exception(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw Failure.of(Code.BUSY, "the comparison was interrupted").exception(e);
      } finally {
        if (!whole) {
          opening.abandon();
        }
      }
    };
  }

  @Override
  public void close() {
    reading.close();
  }

  /** A reading on its way from the sink's thread to ours, closed by whoever comes last. */
  private static final class Opening {
    private ChangeSource.@Nullable Reading reading;
    private boolean abandoned;

    synchronized long opened(ChangeSource.Reading opened) {
      if (abandoned) {
        opened.close();
        throw Failure.of(Code.BUSY, "the comparison was given up").exception();
      }
      reading = opened;
      return opened.point();
    }

    synchronized ChangeSource.Reading reading() {
      if (reading == null) {
        throw new IllegalStateException("the cut was reached without its point");
      }
      return reading;
    }

    synchronized void abandon() {
      abandoned = true;
      if (reading != null) {
        reading.close();
      }
    }
  }
}
