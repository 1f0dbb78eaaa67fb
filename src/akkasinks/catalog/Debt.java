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

  /** The same, to be paid over {@code connection} if that is one of the sink's. */
  Debt over(Definition.Connection connection) {
    return switch (connection) {
      case Definition.PostgresConnection from when from.id().equals(sink.from().id()) ->
          new Debt(id, kind, sink.over(from, sink.into()));
      case Definition.KafkaConnection into when into.id().equals(sink.into().id()) ->
          new Debt(id, kind, sink.over(sink.from(), into));
      case Definition.Connection _ -> this;
    };
  }

  /** Whether it is paid over this connection, or its sink was. */
  boolean uses(String connectionId) {
    return sink.from().id().equals(connectionId) || sink.into().id().equals(connectionId);
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
