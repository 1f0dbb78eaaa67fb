package akkasinks.verify;

import static org.assertj.core.api.Assertions.assertThat;

import akkasinks.catalog.Definition.Envelope;
import akkasinks.partition.Partitioner;
import akkasinks.testing.Await;
import akkasinks.testing.RealKafka;
import akkasinks.testing.RealPostgres;
import akkasinks.testing.RealPostgres.Database;
import akkasinks.testing.TableOracle;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Comparisons of a real table and a real topic. The table is empty when the sink begins, so that
 * every row must have its record although the sink takes no snapshot.
 */
class VerifyRunningSinkTest {
  private static final AtomicInteger TOPICS = new AtomicInteger();

  private final RealKafka kafka = RealKafka.shared();
  private final Database database = RealPostgres.shared().createDatabase("verified");
  private final String topic = "verified-" + TOPICS.incrementAndGet();

  @ParameterizedTest
  @EnumSource(
      value = Envelope.class,
      names = {"UPSERT", "DEBEZIUM"})
  void aHealthySinkIsEqualAgainAndAgainWhileTrafficGoesOn(Envelope envelope) throws Exception {
    table();
    var going = new AtomicBoolean(true);
    try (var beside = Executors.newVirtualThreadPerTaskExecutor();
        var sink = new RunningSink(kafka, database, topic, envelope)) {
      var traffic = beside.submit(() -> write(going));
      try {
        Await.until("rows flow", () -> kafka.reader().committed(topic).size(), n -> n > 500);
        long last = 0;
        for (int i = 0; i < 4; i++) {
          var report = sink.verify();
          assertThat(report.differences()).isEmpty();
          assertThat(report.holds()).isTrue();
          assertThat(report.uncovered()).isZero();
          assertThat(report.equal()).isPositive().isEqualTo(report.rows());
          assertThat(report.point()).as("each at a later point").isGreaterThan(last);
          last = report.point();
        }
      } finally {
        going.set(false);
      }
      traffic.get(60, TimeUnit.SECONDS);
      assertThat(sink.verify().holds()).isTrue();
      judge(envelope);
    }
  }

  /** What verify says is what the judge says that shares no code with it. */
  private void judge(Envelope envelope) throws SQLException {
    switch (envelope) {
      case UPSERT, APPEND ->
          TableOracle.assertUpsertTopicEquals(
              database, "SELECT * FROM t", kafka.reader(), topic, "id");
      case DEBEZIUM ->
          TableOracle.assertDebeziumTopicEquals(
              database, "SELECT * FROM t", kafka.reader(), topic, true, "id");
    }
  }

  @Test
  void whatSomebodyElseWroteIntoTheTopicIsFound() throws Exception {
    table();
    try (var sink = new RunningSink(kafka, database, topic, Envelope.UPSERT)) {
      database.execute("INSERT INTO t SELECT i, 'v' || i FROM generate_series(1, 100) i");
      kafka.reader().awaitCommitted(topic, 100);
      put("{\"id\":1}", "{\"id\":1,\"v\":\"forged\"}");
      put("{\"id\":2}", null);
      put("{\"id\":999}", "{\"id\":999,\"v\":\"v999\"}");

      var report = sink.verify();
      assertThat(report.holds()).isFalse();
      assertThat(report.equal()).isEqualTo(98);
      assertThat(report.different()).isOne();
      assertThat(report.extra()).isOne();
      assertThat(report.uncovered()).as("as if it were from before the sink").isOne();
      assertThat(report.differences())
          .contains(
              new VerifyReport.Difference(
                  VerifyReport.Kind.DIFFERENT,
                  "{\"id\":1}",
                  Optional.of("{\"id\":1,\"v\":\"v1\"}"),
                  Optional.of("{\"id\":1,\"v\":\"forged\"}")));

      database.execute("UPDATE t SET v = 'repaired' WHERE id IN (1, 2)");
      database.execute("INSERT INTO t VALUES (999, 'x')", "DELETE FROM t WHERE id = 999");
      assertThat(sink.verify().holds()).isTrue();
    }
  }

  private void table() throws SQLException {
    database.execute(
        "CREATE TABLE t (id int8 PRIMARY KEY, v text)", "ALTER TABLE t REPLICA IDENTITY FULL");
  }

  private Void write(AtomicBoolean going) throws SQLException {
    try (var connection = database.connect();
        var statement = connection.createStatement()) {
      for (int i = 0; going.get(); i++) {
        statement.execute(
            """
            BEGIN;
            INSERT INTO t SELECT %1$d * 10 + k, 'new' FROM generate_series(0, 9) k;
            UPDATE t SET v = 'w%1$d' WHERE id %% 31 = %1$d %% 31;
            UPDATE t SET id = -id WHERE id = %1$d * 5 AND id > 0;
            DELETE FROM t WHERE id %% 17 = %1$d %% 17;
            COMMIT\
            """
                .formatted(i));
      }
    }
    return null;
  }

  private void put(String key, @Nullable String value) throws Exception {
    int partition =
        kafka.reader().committed(topic).stream()
            .filter(entry -> key.equals(entry.key()))
            .findFirst()
            .map(entry -> entry.partition())
            // Where the sink's own partitioner puts the extra key: its tombstone must meet it.
            .orElseGet(
                () -> Partitioner.seahash().partition(key.getBytes(StandardCharsets.UTF_8), 3));
    try (var producer =
        new KafkaProducer<byte[], byte[]>(
            Map.of("bootstrap.servers", kafka.bootstrap()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      producer
          .send(
              new ProducerRecord<>(
                  topic,
                  partition,
                  key.getBytes(StandardCharsets.UTF_8),
                  value == null ? null : value.getBytes(StandardCharsets.UTF_8)))
          .get(30, TimeUnit.SECONDS);
    }
  }
}
