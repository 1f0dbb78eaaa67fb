package akkasinks.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import akkasinks.base.Failure;
import akkasinks.catalog.Definition.Format;
import akkasinks.catalog.Definition.RegistryConnection;
import akkasinks.catalog.Definition.Sink;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProtobufPlanTest {
  private static final String SINK =
      "CREATE SINK s FROM orders INTO KAFKA CONNECTION kafka (TOPIC 't') KEY (id) ENVELOPE UPSERT"
          + " FORMAT PROTOBUF USING CONFLUENT SCHEMA REGISTRY CONNECTION csr ";

  private final World world = World.withShop();

  ProtobufPlanTest() {
    world.run("CREATE CONNECTION csr TO CONFLUENT SCHEMA REGISTRY (URL 'http://csr:8081/api/')");
  }

  @Test
  void aSinkHasTheDeclaredDefaults() {
    world.run(SINK);
    assertThat(world.get("s", Sink.class).format())
        .isEqualTo(
            new Format.Protobuf(
                world.get("csr", RegistryConnection.class).id(), "Key", "Value", "", ""));
  }

  @Test
  void whatIsGivenIsKeptAndPrintedAgain() {
    world.run(
        SINK
            + "(PROTOBUF KEY MESSAGE 'shop.OrderKey', PROTOBUF VALUE MESSAGE = 'shop.Order', VALUE"
            + " COMPATIBILITY LEVEL full)");
    Sink sink = world.get("s", Sink.class);
    assertThat(sink.format())
        .isEqualTo(
            new Format.Protobuf(
                world.get("csr", RegistryConnection.class).id(),
                "shop.OrderKey",
                "shop.Order",
                "",
                "FULL"));
    assertThat(sink.createSql())
        .contains(
            "FORMAT PROTOBUF USING CONFLUENT SCHEMA REGISTRY CONNECTION csr (PROTOBUF KEY MESSAGE ="
                + " 'shop.OrderKey', PROTOBUF VALUE MESSAGE = 'shop.Order', VALUE COMPATIBILITY"
                + " LEVEL = full)");
  }

  @Test
  void theRegistryCannotBeDroppedWhileASinkNeedsIt() {
    world.run(SINK);
    assertThat(world.failure("DROP CONNECTION csr").toString()).contains("\"s\"");
  }

  @ParameterizedTest(name = "{1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          (^PROTOBUF VALUE MESSAGE 'bad-name') | invalid message name: words of [A-Za-z][A-Za-z0-9_]*, none of them google, with dots between a package and the message. Found: bad-name
          (^PROTOBUF KEY MESSAGE 'my.google.Key') | invalid message name: words of [A-Za-z][A-Za-z0-9_]*, none of them google, with dots between a package and the message. Found: my.google.Key
          (^VALUE COMPATIBILITY LEVEL 'ALL') | invalid VALUE COMPATIBILITY LEVEL: ALL
          (^NULL DEFAULTS) | unknown option "NULL DEFAULTS" for FORMAT PROTOBUF
          """)
  void optionsAreChecked(String options, String message) {
    Failure failure = world.failure((SINK + options).replace("^", ""));
    assertThat(failure.message()).endsWith(message);
    assertThat(failure.position()).isEqualTo((SINK + options).indexOf('^') + 1);
  }

  @ParameterizedTest(name = "{1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          CREATE SINK s FROM orders INTO KAFKA CONNECTION kafka (TOPIC 't') KEY (id) FORMAT ^PROTOBUF ENVELOPE UPSERT | FORMAT PROTOBUF is only supported with a schema registry
          CREATE SINK s FROM orders INTO KAFKA CONNECTION kafka (TOPIC 't') KEY (id) FORMAT PROTOBUF USING CONFLUENT SCHEMA REGISTRY CONNECTION ^kafka ENVELOPE UPSERT | "kafka" is not a schema registry connection
          CREATE SINK s FROM orders INTO KAFKA CONNECTION kafka (TOPIC 't') FORMAT PROTOBUF USING CONFLUENT SCHEMA REGISTRY CONNECTION csr (^PROTOBUF KEY MESSAGE 'K') ENVELOPE DEBEZIUM | Cannot specify PROTOBUF KEY MESSAGE without a corresponding KEY field
          """)
  void statementsAreChecked(String sql, String message) {
    Failure failure = world.failure(sql.replace("^", ""));
    assertThat(failure.message()).isEqualTo(message);
    assertThat(failure.position()).isEqualTo(sql.indexOf('^') + 1);
  }
}
