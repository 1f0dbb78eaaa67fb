package akkasinks.faults;

import static org.assertj.core.api.Assertions.assertThat;

import akkasinks.testing.Await;
import akkasinks.testing.Processes;
import akkasinks.testing.RealKafka;
import akkasinks.testing.RealPostgres;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Goal: a statement that a crash cut short can be sent again, and then all is as if it had been
 * carried out once. Method: a sink's life, statement by statement; each time the node halts at a
 * step of the statement, starts again on its state, already armed for the next crash, and gets the
 * statement again.
 */
class StatementCrashTest {
  private static final String CREATE =
      """
      CREATE SINK %1$s FROM shop_crash.orders INTO KAFKA CONNECTION kafka_crash (TOPIC 'crash-%1$s')
        KEY (id) FORMAT JSON ENVELOPE UPSERT\
      """;

  private final NodeProcess node = NodeProcess.create();

  @Test
  @Tag("full")
  void aStatementCutShortAtAnyStepActsOnceWhenSentAgain() throws Exception {
    try (node;
        var postgres = RealPostgres.start()) {
      var database = postgres.createDatabase("statements");
      database.execute(
          "CREATE TABLE orders (id int PRIMARY KEY)",
          "INSERT INTO orders SELECT generate_series(1, 100)");
      // Secret, two connections and source are planned first.
      upArmed("statement.planned", 5);
      node.sql(Statements.connections(database, RealKafka.shared().bootstrap(), "crash", true));

      cutShort(CREATE.formatted("s"));
      upArmed("statement.recorded", 1);
      assertThat(sinks()).isEmpty();
      cutShort(CREATE.formatted("s"));

      upArmed("statement.planned", 1);
      refused(CREATE.formatted("s"), "sink \"s\" already exists");
      assertThat(RealKafka.shared().reader().awaitCommitted("crash-s", 100)).hasSize(100);
      assertThat(slots(database)).hasSize(1);
      cutShort("ALTER SINK s PAUSE");
      upArmed("statement.recorded", 1);
      node.awaitState("s", "running");
      cutShort("ALTER SINK s PAUSE");

      // PAUSE again is planned, too.
      upArmed("statement.planned", 2);
      node.awaitState("s", "paused");
      node.sql("ALTER SINK s PAUSE");
      cutShort("ALTER SINK s RENAME TO t");
      upArmed("statement.recorded", 1);
      assertThat(sinks()).containsExactly("s");
      cutShort("ALTER SINK s RENAME TO t");

      upArmed("statement.planned", 2);
      refused("ALTER SINK s RENAME TO t", "unknown sink \"s\"");
      node.sql("ALTER SINK t RESUME");
      node.awaitState("t", "running");
      cutShort("DROP SINK t");
      upArmed("statement.recorded", 1);
      assertThat(sinks()).containsExactly("t");
      cutShort("DROP SINK t");

      upArmed("source.slot.create.after", 1);
      refused("DROP SINK t", "unknown sink \"t\"");
      nothingIsLeft(database);
      assertThat(RealKafka.shared().reader().awaitCommitted("crash-s", 100)).hasSize(100);
      cutShort(CREATE.formatted("u"));
      upArmed("kafka.forget.fenced", 1);
      refused(CREATE.formatted("u"), "sink \"u\" already exists");
      assertThat(RealKafka.shared().reader().awaitCommitted("crash-u", 100)).hasSize(100);
      cutShort("DROP SINK u");

      node.up().awaitReady();
      refused("DROP SINK u", "unknown sink \"u\"");
      nothingIsLeft(database);
    }
  }

  private void upArmed(String failPoint, int call) {
    node.up(Map.of("akkasinks.failpoint." + failPoint, "halt:" + call)).awaitReady();
  }

  /** Sends it and waits for the end of the node; whether an answer came first does not matter. */
  private void cutShort(String statement) {
    var process = ProcessHandle.of(node.pid()).orElseThrow();
    try {
      node.trySql(statement);
    } catch (UncheckedIOException cut) {
      assertThat(cut).hasMessageNotContaining("timed out");
    }
    Processes.awaitEnd(process);
  }

  private void refused(String statement, String message) {
    assertThat(
            node.trySql(statement).path("results").path(0).path("error").path("message").asText())
        .isEqualTo(message);
  }

  private void nothingIsLeft(RealPostgres.Database database) {
    Leftovers.awaitNoSlotNorPublication(database);
    Await.until("nothing is owed", () -> names("SHOW DEBTS").isEmpty());
    assertThat(sinks()).isEmpty();
  }

  private List<String> sinks() {
    return names("SHOW SINKS");
  }

  private List<String> names(String show) {
    List<String> names = new ArrayList<>();
    node.sql(show).path("results").path(0).path("rows").forEach(r -> names.add(r.path(0).asText()));
    return names;
  }

  private static List<List<String>> slots(RealPostgres.Database database) throws Exception {
    return database.query("SELECT slot_name FROM pg_replication_slots");
  }
}
