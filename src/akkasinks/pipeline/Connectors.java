package akkasinks.pipeline;

import akkasinks.catalog.Definition.ResolvedSink;
import akkasinks.source.ChangeSource;
import akkasinks.target.Target;

/**
 * Turns a definition into the parts that run it. Opens nothing by itself; may block for secrets.
 */
public interface Connectors {
  ChangeSource source(ResolvedSink sink);

  Target target(ResolvedSink sink);

  /**
   * @param places where the records go
   */
  Stages stages(ResolvedSink sink, Target.Places places);
}
