package akkasinks.cluster;

import akkasinks.pipeline.Inspections;
import akkasinks.pipeline.SecretReader;
import akkasinks.pipeline.SinkRunner;
import akkasinks.verify.Verifier;
import java.time.InstantSource;
import java.util.concurrent.Executor;
import org.apache.pekko.actor.typed.ActorSystem;

/** What a node is given to do the real work with. */
public record NodeParts(SinkRunner runner, Inspections inspections, Verifier verifier) {

  /** Makes the parts, once the node has a ground for them to stand on. */
  @FunctionalInterface
  public interface Maker {
    NodeParts make(Ground ground);
  }

  /**
   * @param blocking for whatever waits for Kafka, Postgres or a file
   */
  public record Ground(
      ActorSystem<?> system, SecretReader secrets, Executor blocking, InstantSource clock) {}
}
