package akkasinks.cluster;

import akkasinks.catalog.Definition.ResolvedSink;
import akkasinks.command.Outcome;
import akkasinks.pipeline.SinkRunner.Running;
import java.util.concurrent.CompletionStage;

/** Compares a running sink's topic with its relation, on the node where it runs. */
@FunctionalInterface
public interface Verifier {
  /** Returns at once; the work goes on elsewhere. */
  CompletionStage<Outcome> verify(ResolvedSink sink, Running running);
}
