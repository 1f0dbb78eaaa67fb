package akkasinks.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.command.ColumnType;
import akkasinks.command.Command;
import akkasinks.command.Outcome;
import akkasinks.pipeline.SinkRunner;
import akkasinks.progress.Mirror;
import akkasinks.sql.Statements;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.serialization.jackson.JacksonObjectMapperProvider;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What nodes send each other arrives as it was sent, also from a node of an older version. */
final class WireFormTest {
  private static ActorSystem system;
  private static ObjectMapper cbor;

  @BeforeAll
  static void start() {
    system =
        ActorSystem.create(
            "wire",
            ConfigFactory.parseString("pekko.actor.provider = local")
                .withFallback(ConfigFactory.parseResources("node.conf"))
                .withFallback(ConfigFactory.load())
                .resolve());
    cbor = JacksonObjectMapperProvider.get(system).getOrCreate("jackson-cbor", Optional.empty());
  }

  @AfterAll
  static void stop() {
    system.terminate();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SHOW SINKS",
        "SELECT 'a', \"B\", 1.5 FROM mz_sinks WHERE x <> 2",
        "SHOW SINKS IN CLUSTER c LIKE 'a%'",
        "SHOW SECRETS WHERE name = 'x'",
        "VERIFY SINK s",
        "CREATE SECRET s AS 'x'",
        "ALTER CONNECTION t ROTATE KEYS",
        "CREATE ROLE ann LOGIN PASSWORD 'x'",
        "ALTER ROLE ann NOSUPERUSER PASSWORD NULL",
        "DROP ROLE ann, bob",
        "GRANT USAGE ON SECRET s, t TO ann",
        "REVOKE CREATE ON SCHEMA public FROM ann",
        "ALTER SINK s OWNER TO ann",
        "SHOW PRIVILEGES",
      })
  void aCommandArrives(String sql) throws Exception {
    Command command = Statements.parse(sql).getFirst().command();

    assertThat(cbor.readValue(cbor.writeValueAsBytes(command), Command.class)).isEqualTo(command);
  }

  @Test
  void rowsArriveWithTheirTypesAndWithout() throws Exception {
    Outcome typed =
        new Outcome.Rows(
            "SELECT 1",
            List.of("a"),
            List.of(List.of(Optional.of("1")), List.of(Optional.empty())),
            List.of(),
            List.of(ColumnType.INT8));
    ObjectNode older = cbor.valueToTree(typed);
    older.remove("types");

    assertThat(cbor.readValue(cbor.writeValueAsBytes(typed), Outcome.class)).isEqualTo(typed);
    assertThat(((Outcome.Rows) cbor.treeToValue(older, Outcome.class)).type(0))
        .isEqualTo(ColumnType.TEXT);
  }

  @Test
  void aStatusArrivesWithItsHistoryAndTransactionsAndWithout() throws Exception {
    Instant at = Instant.parse("2026-01-02T03:04:05Z");
    SinkStatus status =
        new SinkStatus(
            "s1",
            SinkStatus.State.STALLED,
            "n",
            at,
            Optional.of(Failure.of(Code.DATA, "no")),
            Optional.empty(),
            1,
            false,
            Mirror.EMPTY,
            new SinkRunner.Stats(
                1,
                2,
                3,
                4,
                Optional.empty(),
                Optional.empty(),
                new SinkRunner.Transactions(
                    1, 2, Optional.of(at), Optional.of(at), Optional.of(Duration.ofMillis(5))),
                new SinkRunner.Found(5, 6, "a notice")),
            1,
            2,
            3,
            4,
            Optional.empty(),
            1,
            List.of(
                new SinkStatus.Change(
                    at, SinkStatus.State.STALLED, Optional.of(Failure.of(Code.DATA, "no")))),
            SinkRunner.Stats.NONE);
    ObjectNode older = cbor.valueToTree(status);
    older.remove(List.of("history", "aborted", "totals"));
    ((ObjectNode) older.path("current")).remove(List.of("transactions", "found"));

    assertThat(cbor.readValue(cbor.writeValueAsBytes(status), SinkStatus.class)).isEqualTo(status);
    SinkStatus read = cbor.treeToValue(older, SinkStatus.class);
    assertThat(read.history()).isEmpty();
    assertThat(read.current().transactions()).isEqualTo(SinkRunner.Transactions.NONE);
    assertThat(read.current().found()).isEqualTo(SinkRunner.Found.NOTHING);
    assertThat(read.totals()).isEqualTo(SinkRunner.Stats.NONE);
  }
}
