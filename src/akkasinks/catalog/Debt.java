package akkasinks.catalog;

/**
 * Something a dropped sink left in another system, to be removed once that system answers.
 *
 * @param id {@code d1}, …
 * @param sink the sink and its connections as they were when it was dropped
 */
public record Debt(String id, Kind kind, Definition.ResolvedSink sink) {
  public enum Kind {
    /** The replication slot. */
    SLOT,
    /** The publication that the sink owned. */
    PUBLICATION,
    /** The record in the progress topic. */
    PROGRESS
  }

  /** What is owed, for people. */
  public String description() {
    return switch (kind) {
      case SLOT -> "drop replication slot \"" + sink.slot() + "\"";
      case PUBLICATION -> "drop publication \"" + sink.slot() + "\"";
      case PROGRESS ->
          "remove \""
              + sink.outsideId()
              + "\" from progress topic \""
              + sink.into().progressTopic()
              + "\"";
    };
  }
}
