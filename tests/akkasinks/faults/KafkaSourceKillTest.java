package akkasinks.faults;

import static org.assertj.core.api.Assertions.assertThat;

import akkasinks.testing.Await;
import akkasinks.testing.RealKafka;
import akkasinks.testing.Seeds;
import akkasinks.testing.TopicWriter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Goal: from topic to topic a node killed at the worst moments loses nothing and doubles nothing.
 * Method: transactions come all the time, every fourth is aborted; the node is killed at steps of
 * the protocol; afterwards each committed record must have arrived once.
 */
class KafkaSourceKillTest {
  private static final int KILLS = Integer.getInteger("kafka.kills", 2);
  private static final int EACH = 200;
  private static final List<String> STEPS =
      List.of("incarnation.begun", "kafka.send", "kafka.progress.sent", "kafka.commit.before");

  private static final RealKafka KAFKA = RealKafka.shared();

  @Test
  @Tag("full")
  void eachCommittedRecordArrivesOnceThoughTheNodeIsKilledAgainAndAgain() {
    Seeds.forAll(
        1,
        random -> {
          KAFKA.createTopic("kill-in", 3, Map.of());
          var over = new AtomicBoolean();
          var load = CompletableFuture.supplyAsync(() -> write(over));
          try (var node = NodeProcess.create()) {
            node.up().awaitReady();
            node.sql(
                """
                CREATE CONNECTION kafka TO KAFKA (BROKER '%s', SECURITY PROTOCOL = 'PLAINTEXT');
                CREATE SOURCE numbers (id int8 NOT NULL)
                  FROM KAFKA CONNECTION kafka (TOPIC 'kill-in') FORMAT JSON ENVELOPE NONE;
                CREATE SINK numbers_out FROM numbers INTO KAFKA CONNECTION kafka
                  (TOPIC 'kill-out') KEY (id) FORMAT JSON ENVELOPE DEBEZIUM;
                """
                    .formatted(KAFKA.bootstrap()));
            for (int kill = 0; kill < KILLS; kill++) {
              node.awaitStep(Seeds.oneOf(random, STEPS), Duration.ofSeconds(5));
              node.kill();
              node.up().awaitReady();
            }
            over.set(true);
            long count = load.join();
            var ids =
                Await.within(Duration.ofSeconds(90))
                    .value(
                        count + " records",
                        () -> KAFKA.reader().committed("kill-out"),
                        records -> records.size() >= count)
                    .stream()
                    .map(record -> Objects.requireNonNull(record.key()))
                    .map(key -> Long.parseLong(key.replaceAll("\\D", "")))
                    .sorted()
                    .toList();
            assertThat(ids).isEqualTo(LongStream.range(0, count).boxed().toList());
            node.awaitState("numbers_out", "running");
          }
        });
  }

  /** How many were committed: numbers from 0 on. */
  private static long write(AtomicBoolean over) {
    long next = 0;
    try (var writer = new TopicWriter(KAFKA.bootstrap(), "kill-in")) {
      for (int transaction = 1; !over.get() || transaction < 20; transaction++) {
        boolean abort = transaction % 4 == 0;
        writer.begin();
        for (long id = next; id < next + EACH; id++) {
          writer.send("k" + id, "{\"id\":%d}".formatted(abort ? -id - 1 : id));
        }
        if (abort) {
          writer.abort();
        } else {
          writer.commit();
          next += EACH;
        }
      }
    }
    return next;
  }
}
