package akkasinks.faults;

import akkasinks.testing.Await;
import akkasinks.testing.RealKafka;
import akkasinks.testing.RealRegistry;
import java.time.Duration;
import java.util.List;

/**
 * Beside a sink {@code name_sink} of {@link Orders} into topic {@code name}: one in Avro, one of
 * the whole source, and one that reads the first one's topic and writes another.
 */
record EveryKind(NodeProcess node, RealKafka kafka, String name) {

  /** Once the first sink's topic is there. */
  void create() {
    Await.until("topic " + name, () -> kafka.topics().contains(name));
    node.sql(
        """
        CREATE SECRET csr_password_%1$s AS '%2$s';
        CREATE CONNECTION csr_%1$s TO CONFLUENT SCHEMA REGISTRY (URL '%3$s', USERNAME = '%4$s',
          PASSWORD = SECRET csr_password_%1$s);
        CREATE SINK %1$s_avro FROM shop_%1$s.orders INTO KAFKA CONNECTION kafka_%1$s
          (TOPIC '%1$s-avro') KEY (id)
          FORMAT AVRO USING CONFLUENT SCHEMA REGISTRY CONNECTION csr_%1$s ENVELOPE DEBEZIUM;
        CREATE SINK %1$s_whole FROM SOURCE shop_%1$s INTO KAFKA CONNECTION kafka_%1$s
          (TOPIC '%1$s-whole-{table}') FORMAT JSON ENVELOPE UPSERT;
        CREATE SOURCE copied_%1$s
          (id int8, version int8, note text, PRIMARY KEY (id) NOT ENFORCED)
          FROM KAFKA CONNECTION kafka_%1$s (TOPIC '%1$s') KEY FORMAT JSON VALUE FORMAT JSON
          ENVELOPE UPSERT;
        CREATE SINK %1$s_copy FROM copied_%1$s INTO KAFKA CONNECTION kafka_%1$s
          (TOPIC '%1$s-copy') KEY (id) FORMAT JSON ENVELOPE UPSERT;
        """
            .formatted(
                name, RealRegistry.PASSWORD, RealRegistry.shared().url(), RealRegistry.USER));
    awaitRunning();
  }

  void awaitRunning() {
    sinks().forEach(sink -> node.awaitState(sink, "running"));
  }

  /** Each topic holds each change once, in order. */
  void awaitCaughtUp(Orders orders) {
    var reader = kafka.reader();
    for (var topic : List.of(name + "-whole-orders", name + "-copy")) {
      Await.within(Duration.ofMinutes(2))
          .value(topic, () -> orders.check(reader, topic), records -> records > 0);
    }
    Await.within(Duration.ofMinutes(2))
        .value(
            name + "-avro",
            () -> orders.check(reader, name + "-avro", EveryKind::json),
            records -> records > 0);
  }

  void drop() {
    sinks().forEach(sink -> node.sql("DROP SINK " + sink));
  }

  List<String> topics() {
    return List.of(name + "-avro", name + "-whole-orders", name + "-whole-history", name + "-copy");
  }

  private List<String> sinks() {
    return List.of(name + "_avro", name + "_whole", name + "_copy");
  }

  private static String json(byte[] framed) {
    return RealRegistry.shared().decoded(framed).toString().replace("\": ", "\":");
  }
}
