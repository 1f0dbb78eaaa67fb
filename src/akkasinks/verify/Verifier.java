package akkasinks.verify;

import akkasinks.catalog.Definition.ResolvedSink;
import akkasinks.pipeline.SinkRunner;
import java.util.concurrent.CompletionStage;

/** Proves that a topic equals the table it comes from, or says where it does not. */
@FunctionalInterface
public interface Verifier {

  /**
   * Compares table and topic at one point of the source's history, while both go on. Returns at
   * once; takes as long as reading both takes. Changes nothing that lasts.
   *
   * @param running the incarnation under way, on this node
   * @return fails with a {@code FailureException}: PREREQUISITE while the sink is not running or
   *     its snapshot is, NOT_SUPPORTED without a key, BUSY if no common point was reached in time
   */
  CompletionStage<VerifyReport> verify(ResolvedSink sink, SinkRunner.Running running);
}
