package akkasinks.pipeline;

import akkasinks.catalog.Definition.ResolvedSink;
import akkasinks.catalog.Feed;
import akkasinks.catalog.NeededRight;
import akkasinks.source.postgres.PostgresRights;
import akkasinks.target.kafka.KafkaRights;
import java.util.List;
import java.util.stream.Stream;

/** What a sink must be allowed in the systems that it stands between; asks none of them. */
public final class NeededRights {
  private NeededRights() {}

  /** The target's first. */
  public static List<NeededRight> of(ResolvedSink sink) {
    List<NeededRight> source =
        switch (sink.feed()) {
          case Feed.Postgres(var tables, var database) ->
              PostgresRights.of(database, tables, sink.sink());
          case Feed.Kafka(var topic, var brokers) -> KafkaRights.ofSource(topic, brokers);
        };
    return Stream.concat(KafkaRights.ofSink(sink).stream(), source.stream()).toList();
  }
}
