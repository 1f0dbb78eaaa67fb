package akkasinks.cluster;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.Done;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.typed.Cluster;

/**
 * The end of a node in a cluster: its sinks go elsewhere a few at a time, so that each pauses only
 * for its own move, before everything else is closed. What has not gone in time goes all at once.
 */
final class Draining {
  /** Less than hocon/node.conf gives the phase. */
  private static final Duration MOST = Duration.ofSeconds(55);

  /** None goes any more: the other nodes are ending as well, or cannot take what is left. */
  private static final Duration STUCK = Duration.ofSeconds(10);

  private static final long LOOK_MILLIS = 100;

  private Draining() {}

  static void beforeTheEnd(ActorSystem<?> system, Catalog catalog, SinkRegion sinks) {
    CoordinatedShutdown.get(system)
        .addTask(
            CoordinatedShutdown.PhaseBeforeServiceUnbind(),
            "drain",
            () -> {
              var self = NodeMember.hostPort(Cluster.get(system).selfMember());
              var members = NodeMember.all(system);
              boolean takesPart =
                  members.stream().anyMatch(m -> m.address().equals(self) && m.takesSinks());
              boolean others =
                  members.stream().anyMatch(m -> !m.address().equals(self) && m.takesSinks());
              if (!takesPart || !others) {
                return CompletableFuture.completedFuture(Done.done());
              }
              catalog.drain(self);
              long now = System.nanoTime();
              return empty(sinks, new Left(Integer.MAX_VALUE, now), now + MOST.toNanos());
            });
  }

  /**
   * Looks again until nothing is left, or nothing has left for a while.
   *
   * @param last how many there were when one had left, and when that was
   */
  private static CompletionStage<Done> empty(SinkRegion sinks, Left last, long end) {
    return sinks
        .count()
        .thenComposeAsync(
            count -> {
              long now = System.nanoTime();
              var left = count < last.count() ? new Left(count, now) : last;
              boolean stuck = now - left.at() > STUCK.toNanos();
              return count == 0 || stuck || now > end
                  ? CompletableFuture.completedFuture(Done.done())
                  : empty(sinks, left, end);
            },
            CompletableFuture.delayedExecutor(LOOK_MILLIS, TimeUnit.MILLISECONDS));
  }

  private record Left(int count, long at) {}
}
