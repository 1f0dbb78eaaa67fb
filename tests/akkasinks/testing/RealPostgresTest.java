package akkasinks.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class RealPostgresTest {
  @Test
  void isReadyForLogicalReplication() throws Exception {
    RealPostgres.Database database = RealPostgres.shared().createDatabase("logical");
    assertThat(database.value("SHOW server_version")).startsWith("18.");
    assertThat(database.value("SHOW wal_level")).isEqualTo("logical");
    assertThat(database.value("SHOW timezone")).endsWith("UTC");
    assertThat(database.value("SHOW server_encoding")).isEqualTo("UTF8");
    assertThat(database.value("SELECT upper('é') || ('a' < 'B')::text")).isEqualTo("Éfalse");
    assertThat(
            database.value(
                "SELECT slot_name FROM pg_create_logical_replication_slot('s', 'pgoutput')"))
        .isEqualTo("s");
    database.execute("SELECT pg_drop_replication_slot('s')");
    assertThat(RealPostgres.shared().createDatabase("logical").name())
        .isNotEqualTo(database.name());
  }

  @Test
  void survivesStopAndKill() throws Exception {
    try (RealPostgres postgres = RealPostgres.start(RealPostgres.CURRENT, Map.of())) {
      RealPostgres.Database database = postgres.createDatabase("kept");
      database.execute("CREATE TABLE t (n int)", "INSERT INTO t VALUES (1)");
      postgres.restart();
      database.execute("INSERT INTO t VALUES (2)", "CHECKPOINT");
      long before = postgres.pid();
      postgres.crash();
      assertThat(postgres.pid()).isNotEqualTo(before);
      assertThat(database.value("SELECT string_agg(n::text, ',' ORDER BY n) FROM t"))
          .isEqualTo("1,2");
    }
  }

  @Test
  void runsAnOlderVersionToo() throws Exception {
    int old = RealPostgres.old();
    RealPostgres.Database database = RealPostgres.shared(old).createDatabase("old");
    assertThat(database.value("SHOW server_version")).startsWith(old + ".");
    assertThat(database.value("SHOW wal_level")).isEqualTo("logical");
    assertThat(database.value("SELECT upper('é')")).isEqualTo("É");
  }
}
