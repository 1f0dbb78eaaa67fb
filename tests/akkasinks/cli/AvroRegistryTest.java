package akkasinks.cli;

import static akkasinks.cli.AvroShop.REGISTRY;
import static akkasinks.cli.AvroShop.fold;
import static akkasinks.cli.AvroShop.id;
import static akkasinks.cli.AvroShop.sink;
import static org.assertj.core.api.Assertions.assertThat;

import akkasinks.testing.Await;
import akkasinks.testing.RealKafka;
import akkasinks.testing.RealPostgres;
import akkasinks.testing.RealRegistry;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A registry that refuses, is away, or is not let in; and its connection. */
final class AvroRegistryTest {
  @TempDir static Path dir;
  private static AvroShop shop;
  private static RealNode node;
  private static RealPostgres.Database database;

  @BeforeAll
  static void start() throws SQLException {
    shop = AvroShop.start(dir, "registry");
    node = shop.node();
    database = shop.database();
  }

  @AfterAll
  static void stop() {
    shop.close();
  }

  @Test
  void aColumnThatTheRegistryRefusesStallsTheSinkUntilTheRegistryTakesIt() throws SQLException {
    shop.table("refuse");
    node.sql(sink("refuse", "(VALUE COMPATIBILITY LEVEL 'BACKWARD')", "UPSERT"));
    RealKafka.shared().reader().awaitCommitted("refuse", 50);
    database.execute(
        "ALTER TABLE refuse ADD COLUMN extra text", "UPDATE refuse SET extra = 'x' WHERE id = 1");
    Await.until("it stalls", () -> node.state("refuse"), "stalled"::equals);
    assertThat(node.sql("DESCRIBE SINK refuse").toString())
        .contains(
            "schema being registered is incompatible with an earlier schema for subject"
                + " \\\"refuse-value\\\"",
            "NULL DEFAULTS");
    assertThat(RealKafka.shared().reader().committed("refuse")).hasSize(50);
    REGISTRY.request("PUT", "/config/refuse-value", "{\"compatibility\":\"NONE\"}");
    RealKafka.shared().reader().awaitCommitted("refuse", 51);
    Await.until("it runs", () -> node.state("refuse"), "running"::equals);
  }

  @Test
  void anIncompatibleSchemaIsRefusedAtCreateAndNothingIsWritten() throws SQLException {
    shop.table("clash");
    REGISTRY.request(
        "POST",
        "/subjects/clash-value/versions",
        "{\"schema\":\"{\\\"type\\\":\\\"record\\\",\\\"name\\\":\\\"envelope\\\",\\\"fields\\\":"
            + "[{\\\"name\\\":\\\"id\\\",\\\"type\\\":\\\"string\\\"}]}\"}");
    REGISTRY.request("PUT", "/config/clash-value", "{\"compatibility\":\"BACKWARD\"}");
    JsonNode error = node.refused(sink("clash", "", "UPSERT"));
    assertThat(error.toString())
        .contains("incompatible with an earlier schema for subject \\\"clash-value\\\"");
    assertThat(REGISTRY.request("GET", "/subjects", "").body()).doesNotContain("clash-key");
    assertThat(node.names("SHOW SINKS")).doesNotContain("clash");
  }

  @Test
  void aSinkWhoseRegistryIsDownStallsAndGoesOnWithTheSameIdsWhenItIsBack() throws SQLException {
    shop.table("down");
    node.sql(sink("down", "", "UPSERT"));
    RealKafka.shared().reader().awaitCommitted("down", 50);
    node.sql("ALTER SINK down PAUSE");
    Await.until("it rests", () -> node.state("down"), "paused"::equals);
    database.execute("UPDATE down SET note = 'later' WHERE id = 1");
    REGISTRY.proxy().down();
    try {
      node.sql("ALTER SINK down RESUME");
      Await.until(
          "it says why it does not run",
          () -> node.sql("DESCRIBE SINK down").toString(),
          text -> text.contains("schema registry"));
      assertThat(node.refused("VALIDATE CONNECTION csr").toString())
          .contains("the schema registry at http");
    } finally {
      REGISTRY.proxy().pass();
    }
    var records = RealKafka.shared().reader().awaitCommitted("down", 51);
    assertThat(records.stream().map(r -> id(r.valueBytes())).distinct()).hasSize(1);
    assertThat(fold(records).get("{\"id\": 1}")).contains("later");
  }

  @Test
  void aConnectionIsTriedOutAndShownWithoutItsSecrets() {
    assertThat(node.sql("SHOW CREATE CONNECTION csr").toString())
        .contains("TO CONFLUENT SCHEMA REGISTRY (URL = ", "PASSWORD = SECRET csr_password")
        .doesNotContain(RealRegistry.PASSWORD);
    assertThat(node.rows("SHOW CONNECTIONS").toString()).contains("confluent-schema-registry");
    node.sql("CREATE SECRET wrong_password AS 'wr0ng'");
    JsonNode error =
        node.refused(
            "CREATE CONNECTION bad TO CONFLUENT SCHEMA REGISTRY (URL '%s', USERNAME 'alice', PASSWORD SECRET wrong_password)"
                .formatted(REGISTRY.url()));
    assertThat(error.toString()).contains("28000", "USERNAME and PASSWORD").doesNotContain("wr0ng");
    assertThat(
            node.refused(
                    "CREATE CONNECTION bad TO CONFLUENT SCHEMA REGISTRY (URL 'http://127.0.0.1:1')")
                .toString())
        .contains("cannot connect to the schema registry at http://127.0.0.1:1", "08001");
    node.sql(
        "CREATE CONNECTION later TO CONFLUENT SCHEMA REGISTRY (URL 'http://127.0.0.1:1') WITH"
            + " (VALIDATE = false); DROP CONNECTION later");
  }

  @Test
  void aRegistryInUseCannotBeDroppedAndItsNewNameIsWrittenIntoItsSinks() throws SQLException {
    shop.table("named");
    node.sql(
        "CREATE CONNECTION csr_two TO CONFLUENT SCHEMA REGISTRY (URL '%s', USERNAME 'alice', PASSWORD SECRET csr_password)"
            .formatted(REGISTRY.url()));
    node.sql(
        sink("named", "(DOC ON COLUMN named.id = 'it''s the id')", "UPSERT")
            .replace("CONNECTION csr ", "CONNECTION csr_two "));
    assertThat(node.refused("DROP CONNECTION csr_two").toString()).contains("named");
    node.sql("ALTER CONNECTION csr_two RENAME TO csr_three");
    assertThat(node.sql("SHOW CREATE SINK named").toString())
        .contains(
            "FORMAT AVRO USING CONFLUENT SCHEMA REGISTRY CONNECTION csr_three (DOC ON COLUMN"
                + " named.id = 'it''s the id')");
    node.sql("DROP SINK named; DROP CONNECTION csr_three");
  }

  @Test
  void aRegistryOverTlsWantsItsAuthorityAndOurCertificate() {
    node.sql(
        "CREATE SECRET ca AS '%s'; CREATE SECRET our_key AS '%s'"
            .formatted(REGISTRY.certificates().authority(), REGISTRY.certificates().key("client")));
    String ours =
        ", SSL CERTIFICATE = '%s', SSL KEY = SECRET our_key"
            .formatted(REGISTRY.certificates().certificate("client"));
    String authority = ", SSL CERTIFICATE AUTHORITY = SECRET ca";
    assertThat(node.refused(tls("")).toString()).contains("no TLS with the schema registry");
    assertThat(node.refused(tls(ours)).toString()).contains("SSL CERTIFICATE AUTHORITY");
    assertThat(node.refused(tls(authority)).toString()).contains("schema registry at https");
    node.sql(tls(authority + ours) + "; DROP CONNECTION tls");
  }

  private static String tls(String options) {
    return "CREATE CONNECTION tls TO CONFLUENT SCHEMA REGISTRY (URL '%s', USERNAME 'alice', PASSWORD SECRET csr_password%s)"
        .formatted(REGISTRY.tlsUrl(), options);
  }
}
