package akkasinks.cli;

import static org.assertj.core.api.Assertions.assertThat;

import akkasinks.testing.Await;
import akkasinks.testing.RealKafka;
import akkasinks.testing.RealPostgres;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node whose state lies in a Postgres of its own. */
final class StateStoreTest {
  @TempDir Path dir;

  @Test
  void sinksComeBackFromPostgresAndRunOnWhileItIsAway() throws Exception {
    try (var store = RealPostgres.start()) {
      var state = store.createDatabase("state");
      var shop = RealPostgres.shared().createDatabase("shop");
      shop.execute(
          "CREATE TABLE orders (id int PRIMARY KEY)",
          "INSERT INTO orders SELECT generate_series(1, 10)");
      Map<String, String> settings = new HashMap<>();
      settings.put("akkasinks.state.jdbc-url", state.jdbcUrl());
      settings.put("akkasinks.state.user", state.user());
      settings.put("akkasinks.state.password", state.password());
      settings.put("akkasinks.secrets.key", Base64.getEncoder().encodeToString(new byte[32]));

      try (var node = RealNode.start(dir, settings)) {
        node.sql(
            """
            CREATE SECRET pw AS '%s';
            CREATE CONNECTION pg TO POSTGRES (HOST '%s', PORT %d, USER '%s', PASSWORD SECRET pw,
              DATABASE '%s');
            CREATE CONNECTION kafka TO KAFKA (BROKER '%s', SECURITY PROTOCOL PLAINTEXT);
            CREATE SOURCE shop FROM POSTGRES CONNECTION pg FOR ALL TABLES;
            CREATE SINK stored FROM orders INTO KAFKA CONNECTION kafka (TOPIC 'stored') KEY (id)
              FORMAT JSON ENVELOPE UPSERT\
            """
                .formatted(
                    shop.password(),
                    shop.host(),
                    shop.port(),
                    shop.user(),
                    shop.name(),
                    RealKafka.shared().bootstrap()));
        RealKafka.shared().reader().awaitCommitted("stored", 10);
      }

      try (var node = RealNode.start(dir, settings)) {
        shop.execute("INSERT INTO orders VALUES (11)");
        RealKafka.shared().reader().awaitCommitted("stored", 11);
        store.stop();
        shop.execute("INSERT INTO orders VALUES (12)");
        assertThat(RealKafka.shared().reader().awaitCommitted("stored", 12)).hasSize(12);
        store.up();
        Await.until(
            "statements are answered again",
            () -> node.ask("CREATE SECRET IF NOT EXISTS s AS 'x'").getLast().has("ok"));
        node.sql("DROP SINK stored");
        Await.until("nothing is owed", () -> node.rows("SHOW DEBTS").isEmpty());
      }
    }
  }
}
