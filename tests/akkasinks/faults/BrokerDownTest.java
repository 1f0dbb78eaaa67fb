package akkasinks.faults;

import static org.assertj.core.api.Assertions.assertThat;

import akkasinks.testing.Await;
import akkasinks.testing.RealKafka;
import akkasinks.testing.RealPostgres;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Goal: a broker that is away for three times wal_sender_timeout in the middle of one large
 * transaction does no harm: each key comes once, and as long as the sink need not begin anew the
 * server keeps its walsender, which would else decode the whole transaction again. Method: a node,
 * a server with a short timeout, and a broker that is ended, killed or frozen for so long.
 */
class BrokerDownTest {
  private static final int ROWS = 600_000;
  private static final Duration WAL_SENDER_TIMEOUT = Duration.ofSeconds(2);
  private static final Duration AWAY = WAL_SENDER_TIMEOUT.multipliedBy(3);

  private static RealPostgres postgres;
  private static NodeProcess node;

  @BeforeAll
  static void start() {
    postgres =
        RealPostgres.start(
            RealPostgres.CURRENT,
            Map.of("wal_sender_timeout", WAL_SENDER_TIMEOUT.toMillis() + "ms"));
    node = NodeProcess.create().up().awaitReady();
  }

  @AfterAll
  static void end() {
    node.close();
    postgres.close();
  }

  private interface Absence {
    void during(RealKafka kafka, Runnable away);
  }

  @Test
  void aBrokerThatIsStoppedAndStartedAgainInsideALargeTransactionDoesNoHarm() throws Exception {
    checkHarmless(
        "stopped",
        (kafka, away) -> {
          kafka.stop();
          away.run();
          kafka.up();
        });
  }

  /** In the long tier: killed in a bad moment a single broker forgets how commits ended. */
  @Test
  @Tag("full")
  void aBrokerThatIsKilledAndStartedAgainInsideALargeTransactionDoesNoHarm() throws Exception {
    checkHarmless(
        "killed",
        (kafka, away) -> {
          kafka.kill();
          away.run();
          kafka.up();
        });
  }

  @Test
  @Tag("full")
  void aBrokerThatIsFrozenInsideALargeTransactionDoesNoHarm() throws Exception {
    checkHarmless(
        "frozen",
        (kafka, away) -> {
          kafka.freeze();
          try {
            away.run();
          } finally {
            kafka.thaw();
          }
        });
  }

  private static void checkHarmless(String name, Absence absence) throws Exception {
    try (var kafka = RealKafka.start()) {
      var database = postgres.createDatabase(name);
      var sink = name + "_sink";
      database.execute("CREATE TABLE t (id int8 PRIMARY KEY, n int4)");
      kafka.createTopic(name, 1, Map.of());
      node.sql(
          Statements.connections(database, kafka.bootstrap(), name, true)
              + """
              CREATE SINK %1$s_sink FROM shop_%1$s.t INTO KAFKA CONNECTION kafka_%1$s
                (TOPIC '%1$s') KEY (id) FORMAT JSON ENVELOPE UPSERT;
              """
                  .formatted(name));
      Await.until(
          "the snapshot is over",
          () -> node.state(sink).equals("running") && node.sink(sink).path("snapshot").isEmpty());
      long begun = incarnation(sink);
      var walsenders = new Walsenders(database.name());
      walsenders.look();

      database.execute("INSERT INTO t SELECT g, g FROM generate_series(1, " + ROWS + ") g");
      Await.until("some of it is committed", () -> out(sink) > 0);
      absence.during(
          kafka,
          () -> {
            long until = System.nanoTime() + AWAY.toNanos();
            Await.until(
                "three timeouts have passed",
                () -> {
                  walsenders.look();
                  return System.nanoTime() > until;
                });
            assertThat(out(sink)).as("the transaction is under way").isLessThan(ROWS);
          });
      try (var keys = new Keys(kafka.bootstrap(), name, ROWS)) {
        Await.within(Duration.ofMinutes(3))
            .value(
                "each key is there, see " + node.log(),
                () -> {
                  walsenders.look();
                  for (int more = 1, i = 0; more > 0 && i < 100; i++) {
                    more = keys.read();
                  }
                  return keys.count();
                },
                count -> count == ROWS);
        keys.readToEnd();
      }
      assertThat(walsenders.pids)
          .as("the server decoded the transaction once per incarnation")
          .hasSize((int) (incarnation(sink) - begun) + 1);
      node.sql("DROP SINK " + sink);
      Leftovers.awaitNoSlotNorPublication(database);
    }
  }

  private static long out(String sink) {
    return node.sink(sink).path("records_out").asLong();
  }

  private static long incarnation(String sink) {
    return node.sink(sink).path("incarnation").asLong();
  }

  /** The server's processes that have ever been seen to decode for the sink. */
  private static final class Walsenders {
    private final String database;
    private final Set<String> pids = new HashSet<>();

    Walsenders(String database) {
      this.database = database;
    }

    void look() {
      try {
        postgres
            .admin()
            .query(
                "SELECT active_pid FROM pg_replication_slots WHERE active AND database = '"
                    + database
                    + "'")
            .forEach(row -> pids.add(String.valueOf(row.getFirst())));
      } catch (java.sql.SQLException e) {
        throw new AssertionError(e);
      }
    }
  }
}
