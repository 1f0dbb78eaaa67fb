package akkasinks.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akkasinks.testing.Await;
import akkasinks.testing.Programs;
import akkasinks.testing.Programs.Ran;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.util.PSQLException;

/** Drivers of two languages against a whole node: pgjdbc, and npm's pg. */
final class PgDriversTest {
  private static final String NODE_POSTGRES = "pg@8.23.1";

  @TempDir static Path dir;
  private static RealNode node;

  @BeforeAll
  static void start() {
    node = RealNode.start(dir, Map.of());
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  @Test
  void jdbcRunsStatementsAndReadsRowsInTextAndBinary() throws SQLException {
    for (String mode :
        List.of("simple", "extended", "extendedForPrepared", "extendedCacheEverything")) {
      try (Connection connection = connect(Map.of("preferQueryMode", mode));
          Statement statement = connection.createStatement()) {
        assertThat(connection.isValid(5)).isTrue();
        assertThat(connection.getTransactionIsolation())
            .isEqualTo(Connection.TRANSACTION_READ_COMMITTED);
        assertThat(connection.getMetaData().getDatabaseProductVersion()).startsWith("14.0");
        statement.execute("CREATE SECRET by_jdbc AS 'x'");
        statement.execute("DROP SECRET IF EXISTS absent");
        assertThat(statement.getWarnings().getMessage()).contains("\"absent\" does not exist");
        // Often enough for the driver to prepare it by name and to ask for binary.
        for (int i = 0; i < 7; i++) {
          assertThat(rows(connection, "SHOW SECRETS")).contains(List.of("by_jdbc", "null"));
          assertThat(
                  rows(
                      connection,
                      "SELECT 7, 7000000000, true, 1.5, -0.00012, 'ä', NULL, ARRAY['a b', 'c d'],"
                          + " TIMESTAMP WITH TIME ZONE '2026-01-02 03:04:05.25+00' AS t"))
              .containsExactly(
                  List.of(
                      "7",
                      "7000000000",
                      "true",
                      "1.5",
                      "-0.00012",
                      "ä",
                      "null",
                      "{\"a b\",\"c d\"}",
                      "2026-01-02 03:04:05.25"));
        }
        statement.execute("DROP SECRET by_jdbc");
      }
    }
  }

  @Test
  void jdbcGivesParametersWhereALiteralCouldStand() throws SQLException {
    try (Connection connection = connect(Map.of("prepareThreshold", "2"))) {
      for (int i = 0; i < 4; i++) {
        try (PreparedStatement create = connection.prepareStatement("CREATE SECRET p AS ?")) {
          create.setString(1, "it's secret");
          create.execute();
        }
        try (PreparedStatement select =
            connection.prepareStatement(
                "SELECT x FROM (VALUES (1), (2), (3)) v(x) WHERE x > ? LIMIT ?")) {
          select.setInt(1, 1);
          select.setLong(2, 1);
          try (ResultSet result = select.executeQuery()) {
            assertThat(result.next()).isTrue();
            assertThat(result.getInt(1)).isEqualTo(2);
            assertThat(result.next()).isFalse();
          }
        }
        try (PreparedStatement drop = connection.prepareStatement("DROP SECRET p")) {
          assertThat(drop.getParameterMetaData().getParameterCount()).isZero();
          drop.execute();
        }
      }
      assertThatThrownBy(
              () -> {
                try (var create = connection.prepareStatement("CREATE SECRET n AS ?")) {
                  create.setString(1, null);
                  create.execute();
                }
              })
          .hasMessageContaining("parameter $1 must not be NULL");
    }
  }

  @Test
  void jdbcSeesStatePositionDetailAndHintOfAnErrorAndGoesOn() throws SQLException {
    try (Connection connection = connect(Map.of());
        Statement statement = connection.createStatement()) {
      assertThatThrownBy(() -> statement.execute("DROP SECRET IF EXITS x"))
          .isInstanceOfSatisfying(
              PSQLException.class,
              e -> {
                assertThat(e.getSQLState()).isEqualTo("42601");
                assertThat(e.getServerErrorMessage().getPosition()).isEqualTo(16);
              });
      connection.setAutoCommit(false);
      statement.execute("SHOW SINKS");
      assertThatThrownBy(() -> statement.execute("SELECT nope")).hasMessageContaining("nope");
      assertThatThrownBy(() -> statement.execute("SHOW SINKS"))
          .isInstanceOfSatisfying(
              SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("25P02"));
      connection.rollback();
      connection.setAutoCommit(true);
      statement.execute("SHOW SINKS");
    }
  }

  @Test
  void jdbcFetchesRowsPieceByPiece() throws SQLException {
    try (Connection connection = connect(Map.of());
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.setFetchSize(2);
      try (ResultSet result =
          statement.executeQuery("SELECT x FROM (VALUES (1),(2),(3),(4),(5)) v(x) ORDER BY x")) {
        int sum = 0;
        while (result.next()) {
          sum += result.getInt("x");
        }
        assertThat(sum).isEqualTo(15);
      }
      connection.commit();
    }
  }

  @Test
  void jdbcCancelsWhatIsUnderWay() throws SQLException {
    try (Connection connection = connect(Map.of());
        Statement statement = connection.createStatement()) {
      CompletableFuture<String> ended =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  statement.execute(PsqlTest.LONG_QUERY);
                  return "ran to its end";
                } catch (SQLException e) {
                  return e.getSQLState();
                }
              });
      Await.until(
          "it is cancelled",
          () -> {
            statement.cancel();
            return ended.getNow("");
          },
          "57014"::equals);
      assertThat(rows(connection, "SELECT 1")).containsExactly(List.of("1"));
    }
  }

  @Test
  void nodePostgresRunsPlainAndPreparedStatements() throws Exception {
    String npm = Programs.find("npm", "npm");
    String nodeJs = Programs.find("node", "nodejs");
    Path modules = Files.createDirectories(Path.of("target", "npm-pg").toAbsolutePath());
    if (!Files.isDirectory(modules.resolve("node_modules/pg"))) {
      Files.writeString(modules.resolve("package.json"), "{\"private\": true}");
      Ran installed =
          Programs.run(
              new ProcessBuilder(npm, "install", "--no-audit", "--no-fund", NODE_POSTGRES)
                  .directory(modules.toFile()));
      assertThat(installed.status())
          .as("npm install %s: %s", NODE_POSTGRES, installed.err())
          .isZero();
    }
    Path script = modules.resolve("statements.js");
    Files.writeString(script, NODE_SCRIPT);

    Ran ran =
        Programs.run(
            new ProcessBuilder(nodeJs, script.toString(), Integer.toString(node.pgwire().getPort()))
                .directory(modules.toFile()));

    assertThat(ran.err()).isEmpty();
    assertThat(ran.out().lines())
        .containsExactly(
            "{\"one\":1,\"big\":\"7000000000\",\"yes\":true}",
            "secret \"absent\" does not exist, skipping",
            "CREATE DROP",
            "[{\"x\":2}]",
            "[{\"x\":2}]",
            "42704 13",
            "57014");
  }

  private static final String NODE_SCRIPT =
      """
      const { Client } = require('pg');
      const settings = { host: '127.0.0.1', port: +process.argv[2], user: 'me', database: 'd' };
      (async () => {
        const client = new Client(settings);
        await client.connect();
        const show = value => console.log(JSON.stringify(value));
        show((await client.query('SELECT 1 AS one, 7000000000 AS big, true AS yes')).rows[0]);
        client.on('notice', notice => console.log(notice.message));
        await client.query('DROP SECRET IF EXISTS absent');
        const both = await client.query("CREATE SECRET js AS 'x'; DROP SECRET js");
        console.log(both.map(result => result.command).join(' '));
        const text = 'SELECT x FROM (VALUES (1), (2), (3)) v(x) WHERE x = $1';
        for (let i = 0; i < 2; i++) {
          show((await client.query({ name: 'named', text, values: [2] })).rows);
        }
        await client.query('DROP SECRET absent').catch(e => console.log(e.code, e.position));
        const long = client.query({ text: LONG, queryMode: 'extended' });
        const cancel = setInterval(() => {
          const other = new (require('pg').Connection)();
          other.connect(settings.port, settings.host);
          other.on('connect', () => other.cancel(client.processID, client.secretKey));
          other.on('error', () => {});
        }, 200);
        await long.catch(e => console.log(e.code));
        clearInterval(cancel);
        await client.end();
      })().catch(e => { console.error(e); process.exit(1); });
      """
          .replace("LONG", "'" + PsqlTest.LONG_QUERY + "'");

  private static Connection connect(Map<String, String> options) throws SQLException {
    Properties properties = new Properties();
    properties.putAll(options);
    properties.setProperty("user", "me");
    properties.setProperty("options", "-c TimeZone=UTC");
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + node.pgwire().getPort() + "/d", properties);
  }

  private static List<List<String>> rows(Connection connection, String sql) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql);
        ResultSet result = statement.executeQuery()) {
      List<List<String>> rows = new ArrayList<>();
      while (result.next()) {
        List<String> row = new ArrayList<>();
        for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
          Object value = result.getObject(i);
          row.add(
              value instanceof Boolean || value instanceof java.sql.Array
                  ? value.toString()
                  : value instanceof java.sql.Timestamp time
                      ? time.toInstant().toString().replace("T", " ").replaceAll("0*Z", "")
                      : String.valueOf(value));
        }
        rows.add(row);
      }
      return rows;
    }
  }
}
