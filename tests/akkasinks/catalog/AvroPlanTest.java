package akkasinks.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akkasinks.base.Failure;
import akkasinks.base.FailureException;
import akkasinks.catalog.Definition.Format;
import akkasinks.catalog.Definition.RegistryConnection;
import akkasinks.catalog.Definition.Sink;
import akkasinks.change.Column;
import akkasinks.change.Relation;
import akkasinks.change.Type;
import akkasinks.command.Command;
import akkasinks.sql.Statements;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AvroPlanTest {
  private static final String SINK =
      "CREATE SINK s FROM orders INTO KAFKA CONNECTION kafka (TOPIC 't') KEY (id) ENVELOPE UPSERT"
          + " FORMAT AVRO USING CONFLUENT SCHEMA REGISTRY CONNECTION csr ";

  private static final Relation ORDERS =
      new Relation(
          1,
          "public",
          "orders",
          List.of(
              Column.of("id", Type.Scalar.INT4),
              Column.of(
                  "at",
                  new Type.Composite(
                      "place", List.of(new Type.Field("street", Type.Scalar.TEXT))))));

  private final World world = World.withShop();

  AvroPlanTest() {
    world.run("CREATE CONNECTION csr TO CONFLUENT SCHEMA REGISTRY (URL 'http://csr:8081/api/')");
  }

  @Test
  void aSinkHasTheDeclaredDefaults() {
    world.run(SINK);
    assertThat(world.get("s", Sink.class).format())
        .isEqualTo(
            new Format.Avro(
                world.get("csr", RegistryConnection.class).id(),
                "row",
                "envelope",
                false,
                List.of(),
                "",
                ""));
  }

  @Test
  void whatIsGivenIsKeptAndPrintedAgain() {
    world.run(
        SINK
            + "(AVRO KEY FULLNAME 'a.k', AVRO VALUE FULLNAME = 'a.v', NULL DEFAULTS, VALUE"
            + " COMPATIBILITY LEVEL backward, DOC ON TYPE public.orders = 'of it', KEY DOC ON"
            + " COLUMN orders.id = 'id', DOC ON COLUMN place.street = 'where')");
    Sink sink = world.get("s", Sink.class);
    assertThat(sink.format())
        .isEqualTo(
            new Format.Avro(
                world.get("csr", RegistryConnection.class).id(),
                "a.k",
                "a.v",
                true,
                List.of(
                    new Doc(Doc.Side.BOTH, Optional.empty(), Optional.empty(), "of it"),
                    new Doc(Doc.Side.KEY, Optional.empty(), Optional.of("id"), "id"),
                    new Doc(Doc.Side.BOTH, Optional.of("place"), Optional.of("street"), "where")),
                "",
                "BACKWARD"));
    assertThat(sink.createSql())
        .contains(
            "FORMAT AVRO USING CONFLUENT SCHEMA REGISTRY CONNECTION csr (AVRO KEY FULLNAME ="
                + " 'a.k', AVRO VALUE FULLNAME = 'a.v', NULL DEFAULTS, VALUE COMPATIBILITY LEVEL ="
                + " backward, DOC ON TYPE public.orders = 'of it', KEY DOC ON COLUMN orders.id ="
                + " 'id', DOC ON COLUMN place.street = 'where')");
  }

  @Test
  void aSecretOfAConnectionIsKeptAsAReference() {
    world.run(
        "CREATE CONNECTION c TO CONFLUENT SCHEMA REGISTRY (URL 'https://csr', USERNAME 'u',"
            + " PASSWORD SECRET pw)");
    var connection = world.get("c", RegistryConnection.class);
    assertThat(connection.password()).containsInstanceOf(Value.Secret.class);
    assertThat(world.failure("DROP SECRET pw").message()).contains("connection \"c\"");
    assertThat(world.get("csr", RegistryConnection.class).url()).isEqualTo("http://csr:8081/api");
  }

  @ParameterizedTest(name = "{1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          (^AVRO KEY FULLNAME 'k') | Must specify both AVRO KEY FULLNAME and AVRO VALUE FULLNAME when specifying generated schema names
          (^AVRO VALUE FULLNAME 'v') | Must specify both AVRO KEY FULLNAME and AVRO VALUE FULLNAME when specifying generated schema names
          (^AVRO KEY FULLNAME 'bad-name', AVRO VALUE FULLNAME 'v') | Invalid name. Must start with [A-Za-z_] and subsequently only contain [A-Za-z0-9_]. Found: bad-name
          (^NULL DEFAULTS 5) | invalid NULL DEFAULTS: cannot use value as boolean
          (^KEY COMPATIBILITY LEVEL 'ALL') | invalid KEY COMPATIBILITY LEVEL: ALL
          (^DOC ON COLUMN id = 'x') | need to specify an object and a column
          (DOC ON TYPE orders = 'x', ^DOC ON TYPE orders = 'y') | DOC ON TYPE orders specified more than once
          (^SEED KEY SCHEMA '{}') | unknown option "SEED KEY SCHEMA" for FORMAT AVRO
          """)
  void optionsAreChecked(String options, String message) {
    Failure failure = world.failure((SINK + options).replace("^", ""));
    assertThat(failure.message()).isEqualTo(message);
    assertThat(failure.position()).isEqualTo((SINK + options).indexOf('^') + 1);
  }

  @ParameterizedTest(name = "{1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          CREATE SINK s FROM orders INTO KAFKA CONNECTION kafka (TOPIC 't') KEY (id) FORMAT ^AVRO ENVELOPE UPSERT | FORMAT AVRO is only supported with a schema registry
          CREATE SINK s FROM orders INTO KAFKA CONNECTION kafka (TOPIC 't') KEY (id) FORMAT AVRO USING CONFLUENT SCHEMA REGISTRY CONNECTION ^kafka ENVELOPE UPSERT | "kafka" is not a schema registry connection
          CREATE SINK s FROM orders INTO KAFKA CONNECTION kafka (TOPIC 't') FORMAT AVRO USING CONFLUENT SCHEMA REGISTRY CONNECTION csr (^AVRO KEY FULLNAME 'k', AVRO VALUE FULLNAME 'v') ENVELOPE DEBEZIUM | Cannot specify AVRO KEY FULLNAME without a corresponding KEY field
          CREATE CONNECTION c TO ^CONFLUENT SCHEMA REGISTRY (USERNAME 'u') | URL option is required
          CREATE CONNECTION c TO CONFLUENT SCHEMA REGISTRY (^URL 'csr:8081') | URL must begin with http:// or https://
          CREATE CONNECTION c TO CONFLUENT SCHEMA REGISTRY (^URL 'http:///x') | URL must specify domain name
          CREATE CONNECTION c TO CONFLUENT SCHEMA REGISTRY (^URL 'http://u:hunter2@csr') | URL must not hold a user or a password
          CREATE CONNECTION c TO CONFLUENT SCHEMA REGISTRY (^URL 'http://csr/?a=b') | URL must end with its path
          CREATE CONNECTION c TO CONFLUENT SCHEMA REGISTRY (URL 'http://csr', ^PASSWORD SECRET pw) | USERNAME must be specified with PASSWORD
          CREATE CONNECTION c TO CONFLUENT SCHEMA REGISTRY (URL 'https://csr', ^SSL KEY SECRET pw) | SSL-auth Confluent Schema Registry requires both SSL KEY and SSL CERTIFICATE
          """)
  void statementsAreChecked(String sql, String message) {
    Failure failure = world.failure(sql.replace("^", ""));
    assertThat(failure.message()).isEqualTo(message);
    assertThat(failure.position()).isEqualTo(sql.indexOf('^') + 1);
    assertThat(failure.toString()).doesNotContain("hunter");
  }

  @Test
  void commentsOfTheTableAreFrozenIntoTheStatementUnlessItHasATextOfItsOwn() {
    String sql = SINK + "(DOC ON COLUMN orders.id = 'mine', KEY DOC ON TYPE orders = 'the key')";
    world.run(sql);
    var command = (Command.CreateSink) Statements.parse(sql).getFirst().command();
    Sink sink =
        SinkInspection.complete(
            world.get("s", Sink.class),
            command,
            ORDERS,
            true,
            List.of(),
            Map.of("", "it's all", "id", "theirs", "at", "where"));
    assertThat(sink.createSql())
        .contains(
            "(DOC ON COLUMN orders.id = 'mine', KEY DOC ON TYPE orders = 'the key', DOC ON TYPE"
                + " orders = 'it''s all', DOC ON COLUMN orders.\"at\" = 'where')"
                    .replace("\"", ""));
    assertThat(((Format.Avro) sink.format()).docs())
        .contains(new Doc(Doc.Side.BOTH, Optional.empty(), Optional.empty(), "it's all"))
        .contains(new Doc(Doc.Side.BOTH, Optional.empty(), Optional.of("at"), "where"))
        .hasSize(4);
  }

  @ParameterizedTest(name = "{1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          (^DOC ON TYPE nope = 'x') | unknown catalog item 'nope'
          (NULL DEFAULTS, ^DOC ON COLUMN orders.idd = 'x') | column "orders.idd" does not exist
          (^DOC ON COLUMN place.id = 'x') | column "place.id" does not exist
          """)
  void whatADocIsOnMustBeThere(String options, String message) {
    String sql = SINK + options.replace("^", "");
    world.run(sql);
    var command = (Command.CreateSink) Statements.parse(sql).getFirst().command();
    assertThatThrownBy(
            () ->
                SinkInspection.complete(
                    world.get("s", Sink.class), command, ORDERS, true, List.of(), Map.of()))
        .isInstanceOfSatisfying(
            FailureException.class,
            e -> {
              assertThat(e.failure().message()).isEqualTo(message);
              assertThat(e.failure().position()).isEqualTo((SINK + options).indexOf('^') + 1);
            });
  }
}
