package akkasinks.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akkasinks.testing.Programs;
import akkasinks.testing.Programs.Ran;
import akkasinks.testing.RealPostgres;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Roles and what they may, with the real psql and pgjdbc against a node that wants logins. */
final class RolesTest {
  private static final String SUPER = "correct horse";
  private static final String KAFKA =
      "TO KAFKA (BROKER '127.0.0.1:1', SECURITY PROTOCOL = 'PLAINTEXT') WITH (VALIDATE = false)";
  private static final String POSTGRES =
      "TO POSTGRES (HOST '127.0.0.1', PORT 1, USER 'u', PASSWORD SECRET %s, DATABASE 'd')"
          + " WITH (VALIDATE = false)";

  @TempDir static Path dir;
  private static RealNode node;
  private static String psql;

  @BeforeAll
  static void start() {
    psql = Programs.find("psql", "postgresql-client");
    node =
        RealNode.start(
            dir, Map.of("akkasinks.auth.required", true, "akkasinks.auth.password", SUPER));
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  @Test
  void aRoleLogsInWithItsPasswordAndIsDeniedWhatIsNotItsOwn() {
    accepted("CREATE ROLE ann WITH LOGIN PASSWORD 'ann''s word'");
    accepted("CREATE SECRET theirs AS 'x'");

    Ran in = as("ann", "ann's word", "SELECT current_user");
    assertThat(in.out()).as(in.err()).isEqualTo("ann\n");
    assertThat(as("ann", "ann's word", "DROP SECRET theirs").err())
        .contains("ERROR:  42501: must be owner of secret \"theirs\"");
    assertThat(as("ann", "ann's word", "CREATE SECRET mine AS 'x'").err())
        .contains("ERROR:  42501: permission denied for schema \"public\"");
    assertThat(as("ann", "ann's word", "CREATE ROLE eve SUPERUSER").err())
        .contains("ERROR:  42501: permission denied to create role");
  }

  @Test
  void aWrongPasswordAndAnUnknownRoleAreOneError() {
    accepted("CREATE ROLE bob LOGIN PASSWORD 'right'", "CREATE ROLE idle PASSWORD 'right'");

    for (String user : List.of("bob", "nobody", "akkasinks")) {
      assertThat(as(user, "wrong", "SELECT 1").err())
          .contains("FATAL:  password authentication failed for user \"" + user + "\"");
    }
    assertThat(as("idle", "right", "SELECT 1").err())
        .contains("FATAL:  role \"idle\" is not permitted to log in");
    assertThat(as("idle", "wrong", "SELECT 1").err()).contains("password authentication failed");
    assertThatThrownBy(() -> DriverManager.getConnection(jdbc(), "bob", "wrong"))
        .isInstanceOfSatisfying(
            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("28P01"));
  }

  @Test
  void whatIsGrantedMayBeUsedUntilItIsRevoked() {
    accepted(
        "CREATE ROLE maker LOGIN PASSWORD 'm'",
        "CREATE SECRET shared AS 'x'",
        "GRANT CREATE ON SCHEMA public TO maker");

    String create = "CREATE CONNECTION made " + POSTGRES.formatted("shared");
    assertThat(as("maker", "m", create).err())
        .contains("ERROR:  42501: permission denied for secret \"shared\"");
    accepted("GRANT USAGE ON SECRET shared TO maker");
    assertThat(as("maker", "m", create).out()).isEqualTo("CREATE CONNECTION\n");
    assertThat(
            as(
                    "maker",
                    "m",
                    "CREATE CONNECTION mine "
                        + POSTGRES.replace("SECRET %s", "= '${env:AKKASINKS_AUTH_PASSWORD}'"))
                .err())
        .contains("ERROR:  42501: must be superuser to name files or variables of the nodes");
    accepted("REVOKE USAGE ON SECRET shared FROM maker");
    // It could else be turned to a server of the owner's own, which would be told the password.
    assertThat(
            as("maker", "m", "ALTER CONNECTION made SET (HOST '127.0.0.2') WITH (VALIDATE = false)")
                .err())
        .contains("permission denied for secret \"shared\"");
    assertThat(as("maker", "m", "ALTER CONNECTION made RENAME TO made2").status()).isZero();
    assertThat(as("maker", "m", "GRANT USAGE ON CONNECTION made2 TO public").status()).isZero();
    assertThat(as("maker", "m", "GRANT USAGE ON SECRET shared TO maker").err())
        .contains("permission denied for secret \"shared\"");

    assertThat(as("maker", "m", "SHOW PRIVILEGES WHERE grantee IN ('maker', 'public')").out())
        .isEqualTo(
            "maker|public|schema|CREATE\n"
                + "maker|made2|connection|OWNER\n"
                + "public|made2|connection|USAGE\n");
  }

  @Test
  void aSinkNeedsItsSourceAndItsConnection() throws SQLException {
    var database = RealPostgres.shared().createDatabase("roles");
    database.execute("CREATE TABLE orders (id int PRIMARY KEY)");
    accepted(
        "CREATE ROLE sinker LOGIN PASSWORD 's'",
        "GRANT CREATE ON SCHEMA public TO sinker",
        "CREATE SECRET pw AS '" + database.password() + "'",
        "CREATE CONNECTION pg TO POSTGRES (HOST '%s', PORT %d, USER '%s', PASSWORD SECRET pw,"
                .formatted(database.host(), database.port(), database.user())
            + " DATABASE '"
            + database.name()
            + "')",
        "CREATE CONNECTION kafka " + KAFKA,
        "CREATE SOURCE shop FROM POSTGRES CONNECTION pg FOR ALL TABLES");
    String create =
        "CREATE SINK o FROM shop.public.orders INTO KAFKA CONNECTION kafka (TOPIC 'o') KEY (id)"
            + " FORMAT JSON ENVELOPE UPSERT";

    assertThat(as("sinker", "s", create).err()).contains("permission denied for source \"shop\"");
    accepted("GRANT USAGE ON SOURCE shop TO sinker");
    assertThat(as("sinker", "s", create).err())
        .contains("permission denied for connection \"kafka\"");
    assertThat(as("sinker", "s", "EXPLAIN KEY SCHEMA FOR " + create).err())
        .contains("permission denied for connection \"kafka\"");
    assertThat(
            as("sinker", "s", "CREATE SOURCE two FROM POSTGRES CONNECTION pg FOR ALL TABLES").err())
        .contains("permission denied for connection \"pg\"");
    assertThat(as("sinker", "s", "VALIDATE CONNECTION pg").err())
        .contains("permission denied for connection \"pg\"");
    accepted("GRANT USAGE ON CONNECTION kafka TO sinker");
    // Now it is allowed, and gets as far as Kafka, which is not there.
    assertThat(as("sinker", "s", create).err()).contains("08001").doesNotContain("42501");
  }

  @Test
  void rolesAreShownWithoutTheirPasswordsAndGoWhenNothingIsTheirs() {
    accepted(
        "CREATE ROLE leaving LOGIN PASSWORD 'secret word'",
        "GRANT CREATE ON SCHEMA public TO leaving");
    assertThat(as("leaving", "secret word", "CREATE SECRET kept AS 'x'").status()).isZero();

    assertThat(accepted("SHOW ROLES LIKE 'leaving'")).isEqualTo("leaving|t|f\n");
    assertThat(as("akkasinks", SUPER, "DROP ROLE leaving").err())
        .contains(
            "ERROR:  2BP01: role \"leaving\" cannot be dropped because some objects depend on it",
            "owner of secret \"kept\"",
            "privileges for schema \"public\"");
    accepted(
        "ALTER SECRET kept OWNER TO akkasinks",
        "REVOKE CREATE ON SCHEMA public FROM leaving",
        "DROP ROLE leaving",
        "DROP ROLE IF EXISTS leaving");
    assertThat(as("leaving", "secret word", "SELECT 1").err())
        .contains("password authentication failed");
  }

  @Test
  void aRoleThatIsDroppedAndMadeAgainIsAnotherForWhoIsStillConnected() throws SQLException {
    accepted("CREATE ROLE twice LOGIN PASSWORD 'one'");
    try (var connection = DriverManager.getConnection(jdbc(), "twice", "one");
        var statement = connection.createStatement()) {
      statement.executeQuery("SHOW SINKS").close();
      accepted("DROP ROLE twice", "CREATE ROLE twice SUPERUSER LOGIN PASSWORD 'two'");
      assertThatThrownBy(() -> statement.execute("CREATE SECRET x AS 'x'"))
          .hasMessageContaining("role \"twice\" does not exist");
    }
  }

  @Test
  void aRoleChangesItsOwnPasswordOnly() {
    accepted("CREATE ROLE own LOGIN PASSWORD 'old'", "CREATE ROLE other LOGIN PASSWORD 'o'");

    assertThat(as("own", "old", "ALTER ROLE other PASSWORD 'mine'").err())
        .contains("permission denied to alter role");
    assertThat(as("own", "old", "ALTER ROLE own SUPERUSER").err())
        .contains("permission denied to alter role");
    // As psql's \password sends it, already a verifier.
    assertThat(as("own", "old", "SHOW password_encryption").out()).isEqualTo("scram-sha-256\n");
    assertThat(as("own", "old", "ALTER USER own PASSWORD 'näw wörd'").out())
        .isEqualTo("ALTER ROLE\n");
    assertThat(as("own", "näw wörd", "SELECT 1").out()).isEqualTo("1\n");
    assertThat(as("own", "old", "SELECT 1").err()).contains("password authentication failed");
    assertThat(as("own", "näw wörd", "SET SESSION AUTHORIZATION akkasinks").err())
        .contains("permission denied to set session authorization");
    assertThat(as("akkasinks", SUPER, "ALTER ROLE akkasinks NOSUPERUSER").err())
        .contains("is what the nodes' configuration makes it");
  }

  /** The last statement's rows or tag. */
  private static String accepted(String... statements) {
    String last = "";
    for (String statement : statements) {
      Ran ran = as("akkasinks", SUPER, statement);
      assertThat(ran.status()).as(statement + "\n" + ran.err()).isZero();
      last = ran.out();
    }
    return last;
  }

  private static Ran as(String user, String password, String statement) {
    List<String> command =
        new ArrayList<>(
            List.of(
                psql,
                "host=127.0.0.1 port=" + node.pgwire().getPort() + " dbname=d user=" + user,
                "-XAt",
                "-v",
                "VERBOSITY=verbose",
                "-c",
                statement));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("PGPASSWORD", password);
    return Programs.run(builder);
  }

  private static String jdbc() {
    return "jdbc:postgresql://127.0.0.1:" + node.pgwire().getPort() + "/d";
  }
}
