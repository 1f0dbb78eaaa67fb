package akkasinks.pipeline;

import akkasinks.catalog.Definition.ResolvedSink;
import akkasinks.source.ChangeSource;
import akkasinks.target.Target;
import java.util.function.IntSupplier;

/**
 * Turns a definition into the parts that run it. Opens nothing by itself; may block for secrets.
 */
public interface Connectors {
  ChangeSource source(ResolvedSink sink);

  Target target(ResolvedSink sink);

  /**
   * @param partitions tells the topic's number of partitions at any time
   */
  Stages stages(ResolvedSink sink, IntSupplier partitions);
}
