package akkasinks.bench;

import java.nio.charset.StandardCharsets;
import java.sql.DriverManager;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.postgresql.PGConnection;

/** A topic with a table's rows as JSON, keyed by their ids: what there is to read from Kafka. */
final class Feed {
  /** How the values of {@link Dataset#SIX} are declared. */
  static final String COLUMNS =
      "id int8 NOT NULL, customer int4 NOT NULL, status text NOT NULL, amount numeric NOT NULL,"
          + " note text, at timestamptz NOT NULL";

  private Feed() {}

  static String topicOf(String table) {
    return table + "-records";
  }

  /** Makes and fills the topic. */
  static void of(Stage stage, String table, int partitions) throws Exception {
    var topic = topicOf(table);
    stage.create(List.of(topic), partitions);
    var failure = new AtomicReference<Exception>();
    // Neither has a character that COPY would escape.
    var query = "SELECT '{\"id\":' || id || '}', row_to_json(t) FROM %s t".formatted(table);
    try (var connection = DriverManager.getConnection(stage.jdbcUrl());
        var producer =
            new KafkaProducer<>(
                StraightPipe.producing(stage.brokers()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
      var rows =
          connection
              .unwrap(PGConnection.class)
              .getCopyAPI()
              .copyOut("COPY (" + query + ") TO STDOUT");
      long sent = 0;
      for (byte[] row = rows.readFromCopy(); row != null; row = rows.readFromCopy()) {
        var line = new String(row, 0, row.length - 1, StandardCharsets.UTF_8).split("\t");
        int partition = (int) (sent++ % partitions);
        producer.send(
            new ProducerRecord<>(topic, partition, utf8(line[0]), utf8(line[1])),
            (_, failed) -> {
              if (failed != null) {
                failure.set(failed);
              }
            });
      }
    }
    if (failure.get() != null) {
      throw failure.get();
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
