package akkasinks.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** What the audit log tells of statements that came over Postgres' protocol. */
final class AuditTest {
  private static final String NAME = "akkasinks.audit";

  @TempDir Path dir;
  private final ListAppender<ILoggingEvent> logged = new ListAppender<>();

  @BeforeEach
  void listen() {
    logged.start();
    ((Logger) LoggerFactory.getLogger(NAME)).addAppender(logged);
  }

  @AfterEach
  void leave() {
    ((Logger) LoggerFactory.getLogger(NAME)).detachAppender(logged);
  }

  @Test
  void eachStatementAndLoginIsOneLineWithWhoAndFromWhereAndWithoutSecrets() throws SQLException {
    try (RealNode node =
        RealNode.start(
            dir, Map.of("akkasinks.auth.required", true, "akkasinks.auth.password", "hunter2"))) {
      String url = "jdbc:postgresql://127.0.0.1:" + node.pgwire().getPort() + "/d";
      try (var connection = DriverManager.getConnection(url, "akkasinks", "hunter2");
          var statement = connection.createStatement()) {
        statement.execute("CREATE ROLE ann LOGIN PASSWORD 'hunter3'");
        statement.execute("CREATE SECRET pw AS 'hunter4'");
        statement.execute("COMMENT ON SECRET pw IS 'two\nrole=eve lines'");
      }
      refused(url, "ann", "wrong", "SELECT 1");
      refused(url, "ann", "hunter3", "ALTER SECRET pw AS 'hunter5'");
      refused(
          url,
          "akkasinks",
          "hunter2",
          "CREATE CONNECTION c TO KAFKA (BROKER 'b:1', SASL MECHANISMS = 'PLAIN', SASL USERNAME ="
              + " 'u', SASL PASSWORD = 'hunter6')");
    }

    List<String> lines =
        logged.list.stream()
            .map(event -> event.getFormattedMessage().replaceAll("127.0.0.1:\\d+", "HERE"))
            .filter(line -> !line.contains("statement=SELECT") && !line.contains("statement=SHOW"))
            .toList();
    assertThat(lines)
        .containsExactly(
            "role=akkasinks login=scram from=HERE outcome=accepted login",
            "role=akkasinks login=scram from=HERE outcome=accepted statement=CREATE ROLE ann LOGIN"
                + " PASSWORD '<redacted>'",
            "role=akkasinks login=scram from=HERE outcome=accepted statement=CREATE SECRET pw AS"
                + " '<redacted>'",
            "role=akkasinks login=scram from=HERE outcome=accepted statement=COMMENT ON SECRET pw"
                + " IS 'two\\nrole=eve lines'",
            "role=ann login=scram from=HERE outcome=28P01 login",
            "role=ann login=scram from=HERE outcome=accepted login",
            "role=ann login=scram from=HERE outcome=42501 statement=ALTER SECRET pw AS",
            "role=akkasinks login=scram from=HERE outcome=accepted login",
            "role=akkasinks login=scram from=HERE outcome=22023 statement=CREATE CONNECTION c TO"
                + " KAFKA");
    assertThat(logged.list.toString()).doesNotContain("hunter");
  }

  private static void refused(String url, String user, String password, String sql) {
    try (var connection = DriverManager.getConnection(url, user, password);
        var statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException expected) {
      return;
    }
    throw new AssertionError("accepted: " + sql);
  }
}
