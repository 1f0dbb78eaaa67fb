package akkasinks.cli;

import static org.assertj.core.api.Assertions.assertThat;

import akkasinks.testing.Await;
import akkasinks.testing.Certificates;
import akkasinks.testing.Processes;
import akkasinks.testing.Programs;
import akkasinks.testing.Programs.Ran;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real psql against a whole node. */
final class PsqlTest {
  /** Longer than any test waits, within the bound of a query. */
  static final String LONG_QUERY =
      IntStream.range(0, 9)
          .mapToObj(i -> "(VALUES (1),(2),(3),(4),(5),(6),(7),(8),(9),(10)) t" + i)
          .collect(Collectors.joining(", ", "SELECT count(*) FROM ", ""));

  @TempDir static Path dir;
  private static RealNode node;
  private static String psql;

  @BeforeAll
  static void start() throws IOException {
    psql = Programs.find("psql", "postgresql-client");
    Certificates certificates = Certificates.in(dir);
    Files.writeString(dir.resolve("authority.pem"), certificates.authority());
    Files.writeString(dir.resolve("certificate.pem"), certificates.certificate("server"));
    Files.writeString(dir.resolve("key.pem"), certificates.key("server"));
    node =
        RealNode.start(
            dir,
            Map.of(
                "akkasinks.pgwire.max-connections", "5",
                "akkasinks.pgwire.tls.certificate", dir.resolve("certificate.pem").toString(),
                "akkasinks.pgwire.tls.key", dir.resolve("key.pem").toString()));
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  @Test
  void statementsRunAndShowRowsTagsAndNotices() {
    Ran ran =
        psql(
            "-c",
            "CREATE SECRET quiet AS 'x'",
            "-c",
            "SHOW SECRETS",
            "-c",
            "DROP SECRET quiet",
            "-c",
            "DROP SECRET IF EXISTS quiet");

    assertThat(ran.status()).as(ran.err()).isZero();
    assertThat(ran.out().lines().map(String::strip))
        .containsSubsequence(
            "CREATE SECRET", "name  | comment", "quiet |", "(1 row)", "DROP SECRET");
    assertThat(ran.err()).contains("NOTICE:  secret \"quiet\" does not exist, skipping");
  }

  @Test
  void theCaretStandsUnderTheWordThatIsWrong() {
    Ran ran = psql("-c", "SHOW SINKS;\nDROP SECRET 'Ä𝄞', x");

    assertThat(ran.err().lines())
        .containsSequence(
            "ERROR:  Expected the secret's name, found a string",
            "LINE 2: DROP SECRET 'Ä𝄞', x",
            "                    ^");
    assertThat(psql("-v", "VERBOSITY=sqlstate", "-c", "DROP SECRET nope").err())
        .isEqualTo("ERROR:  42704\n");
  }

  @Test
  void theFirstOfSeveralStatementsThatFailsIsTheLast() {
    Ran ran =
        psql(
            "-c",
            "CREATE SECRET one AS 'x'; DROP SECRET absent; CREATE SECRET two AS 'x'",
            "-c",
            "DROP SECRET one",
            "-c",
            "DROP SECRET IF EXISTS two");

    assertThat(ran.out().lines()).containsExactly("CREATE SECRET", "DROP SECRET", "DROP SECRET");
    assertThat(ran.err()).contains("unknown secret \"absent\"", "\"two\" does not exist");
  }

  @Test
  void aSessionKeepsSettingsAndItsTransaction() {
    Ran ran =
        psql(
            "-At",
            "-c",
            "SELECT 1",
            "-c",
            "SELECT version()",
            "-c",
            "SHOW server_version",
            "-c",
            "SET application_name = 'me'",
            "-c",
            "SHOW application_name",
            "-c",
            "RESET ALL",
            "-c",
            "BEGIN",
            "-c",
            "CREATE SECRET kept AS 'x'",
            "-c",
            "DROP SECRET absent",
            "-c",
            "SHOW SINKS",
            "-c",
            "ROLLBACK",
            "-c",
            "DROP SECRET kept",
            "-c",
            "DISCARD ALL");

    assertThat(ran.out().lines().filter(line -> !line.startsWith("PostgreSQL 14")))
        .containsExactly(
            "1",
            "14.0 (AkkaSinks)",
            "SET",
            "me",
            "RESET",
            "BEGIN",
            "CREATE SECRET",
            "ROLLBACK",
            "DROP SECRET",
            "DISCARD ALL");
    assertThat(ran.err())
        .contains(
            "current transaction is aborted",
            "the statement carried out in this transaction is not undone");
  }

  @Test
  void whatIsUnderWayIsCancelledByControlC() throws Exception {
    Path begun = dir.resolve("begun");
    Process process =
        new ProcessBuilder(command("-c", "\\! touch " + begun, "-c", LONG_QUERY))
            .redirectErrorStream(true)
            .start();
    try {
      Await.until("psql is connected", () -> Files.exists(begun));
      Await.until(
          "psql has ended",
          () -> {
            Processes.signal(process.pid(), "INT");
            return process.waitFor(1, TimeUnit.SECONDS);
          });
      assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
          .contains("canceling statement due to user request");
    } finally {
      process.destroyForcibly();
    }
    assertThat(psql("-Atc", "SELECT 2").out()).isEqualTo("2\n");
  }

  @Test
  void tlsIsSpokenWithTheConfiguredCertificate() {
    String place = "host=localhost port=" + node.pgwire().getPort() + " dbname=d user=u";
    String sure = place + " sslmode=verify-full sslrootcert=" + dir.resolve("authority.pem");

    Ran ran =
        Programs.run(
            new ProcessBuilder(psql, sure, "-X", "-c", "\\conninfo", "-Atc", "SELECT 'safe'"));

    assertThat(ran.out()).as(ran.err()).contains("SSL connection (protocol: TLSv1.3", "safe");
    assertThat(
            Programs.run(
                    new ProcessBuilder(psql, place + " sslmode=disable", "-XAtc", "SELECT 'open'"))
                .out())
        .isEqualTo("open\n");
  }

  @Test
  void oneClientMoreThanThereMayBeIsToldSo() throws SQLException {
    List<Connection> clients = new ArrayList<>();
    try {
      for (int i = 0; i < 5; i++) {
        clients.add(DriverManager.getConnection("jdbc:postgresql:" + jdbcPlace(), "me", ""));
      }
      assertThat(psql("-c", "SELECT 1").err()).contains("sorry, too many clients already");
    } finally {
      for (Connection client : clients) {
        client.close();
      }
    }
    Await.until("they are gone", () -> psql("-c", "SELECT 1").status() == 0);
  }

  private static String jdbcPlace() {
    return "//127.0.0.1:" + node.pgwire().getPort() + "/d";
  }

  /** A browser, or whoever, that speaks another language is shown the door. */
  @Test
  void anotherProtocolIsRefused() throws IOException {
    try (Socket socket = new Socket(node.pgwire().getAddress(), node.pgwire().getPort())) {
      socket.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
          .contains("08P01");
    }
  }

  private static Ran psql(String... words) {
    return Programs.run(new ProcessBuilder(command(words)));
  }

  private static List<String> command(String... words) {
    List<String> command =
        new ArrayList<>(
            List.of(
                psql,
                "host=127.0.0.1 port=" + node.pgwire().getPort() + " user=me dbname=d",
                "-X"));
    command.addAll(List.of(words));
    return command;
  }
}
