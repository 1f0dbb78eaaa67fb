package akkasinks.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import akkasinks.base.Failure;
import akkasinks.base.Notice;
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
import org.junit.jupiter.params.provider.ValueSource;

/** KEY FORMAT … VALUE FORMAT …, of formats with and without a registry. */
class MixedFormatsTest {
  private static final String CSR = " USING CONFLUENT SCHEMA REGISTRY CONNECTION csr";

  private final World world = World.withShop();

  MixedFormatsTest() {
    world.run("CREATE CONNECTION csr TO CONFLUENT SCHEMA REGISTRY (URL 'http://csr:8081')");
    world.run("CREATE CONNECTION csr2 TO CONFLUENT SCHEMA REGISTRY (URL 'http://csr2:8081')");
  }

  private static String sink(String formats, String envelope) {
    return "CREATE SINK s FROM orders INTO KAFKA CONNECTION kafka (TOPIC 't') KEY (id) "
        + formats
        + " ENVELOPE "
        + envelope;
  }

  @Test
  void eachPartHasTheOptionsOfItsOwnClause() {
    world.run(
        sink(
            "KEY FORMAT AVRO"
                + CSR
                + " (AVRO KEY FULLNAME 'k', KEY COMPATIBILITY LEVEL 'FULL') VALUE FORMAT AVRO"
                + CSR
                + "2 (AVRO VALUE FULLNAME 'v', NULL DEFAULTS)",
            "UPSERT"));
    var made = world.get("s", Sink.class);
    assertThat(made.keyFormat())
        .isEqualTo(new Format.Avro(registry("csr"), "k", "envelope", false, List.of(), "FULL", ""));
    assertThat(made.format())
        .isEqualTo(new Format.Avro(registry("csr2"), "row", "v", true, List.of(), "", ""));
    assertThat(made.registries()).containsExactly(registry("csr"), registry("csr2"));
  }

  private String registry(String name) {
    return world.get(name, RegistryConnection.class).id();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "KEY FORMAT TEXT VALUE FORMAT AVRO USING CONFLUENT SCHEMA REGISTRY CONNECTION csr",
        "KEY FORMAT BYTES VALUE FORMAT PROTOBUF USING CONFLUENT SCHEMA REGISTRY CONNECTION csr",
        "KEY FORMAT AVRO USING CONFLUENT SCHEMA REGISTRY CONNECTION csr VALUE FORMAT JSON",
        "KEY FORMAT PROTOBUF USING CONFLUENT SCHEMA REGISTRY CONNECTION csr VALUE FORMAT JSON",
        "KEY FORMAT AVRO USING CONFLUENT SCHEMA REGISTRY CONNECTION csr VALUE FORMAT PROTOBUF USING"
            + " CONFLUENT SCHEMA REGISTRY CONNECTION csr"
      })
  void anyTwoFormatsGoTogetherAndAreShownAsTheyWereWritten(String formats) {
    for (String envelope :
        List.of("UPSERT", "APPEND", "DEBEZIUM", "DEBEZIUM (FULL = TRUE, TOMBSTONES = TRUE)")) {
      world.run(sink(formats, envelope));
      var sql = world.get("s", Sink.class).createSql();
      assertThat(sql).contains(formats + " ENVELOPE " + envelope);
      assertThat(Statements.parse(sql)).hasSize(1);
      assertThat(world.failure("DROP CONNECTION csr").message())
          .contains("still depended upon by sink \"s\"");
      world.run("DROP SINK s");
    }
  }

  @Test
  void whatASchemaIsChosenFromIsLeftToTheClausesOfColumns() {
    world.run(sink("HEADERS note OMIT COLUMNS (note) FORMAT AVRO" + CSR, "DEBEZIUM (TOMBSTONES)"));
    assertThat(world.get("s", Sink.class).details().headers()).contains("note");
  }

  @Test
  void anOptionOfTheOtherPartHasNoEffectAndANoticeSaysSo() {
    var notices =
        world.run(
            sink(
                "KEY FORMAT AVRO"
                    + CSR
                    + " (AVRO KEY FULLNAME 'k', AVRO VALUE FULLNAME 'v') VALUE FORMAT PROTOBUF"
                    + CSR
                    + " (KEY COMPATIBILITY LEVEL 'FULL')",
                "UPSERT"));
    assertThat(notices.notices())
        .extracting(Notice::message)
        .contains(
            "AVRO VALUE FULLNAME has no effect in KEY FORMAT",
            "KEY COMPATIBILITY LEVEL has no effect in VALUE FORMAT");
  }

  @Test
  void aKeyFormatNeedsAKey() {
    Failure failure =
        world.failure(
            "CREATE SINK s FROM orders INTO KAFKA CONNECTION kafka (TOPIC 't') KEY FORMAT AVRO"
                + CSR
                + " VALUE FORMAT JSON ENVELOPE DEBEZIUM");
    assertThat(failure.message()).isEqualTo("KEY FORMAT needs a KEY");
  }

  @Test
  void commentsOfTheTableGoIntoBothSchemas() {
    String sql =
        sink(
            "KEY FORMAT AVRO" + CSR + " (DOC ON COLUMN orders.id = 'mine') VALUE FORMAT AVRO" + CSR,
            "UPSERT");
    world.run(sql);
    Sink sink =
        SinkInspection.complete(
            world.get("s", Sink.class),
            (Command.CreateSink) Statements.parse(sql).getFirst().command(),
            new Relation(1, "public", "orders", List.of(Column.of("id", Type.Scalar.INT4))),
            true,
            List.of(),
            Map.of("id", "theirs"));
    assertThat(((Format.Avro) sink.keyFormat()).docs()).containsExactly(doc("mine"));
    assertThat(((Format.Avro) sink.format()).docs()).containsExactly(doc("theirs"));
    assertThat(sink.createSql())
        .contains("csr (DOC ON COLUMN orders.id = 'mine') VALUE FORMAT")
        .contains("csr (DOC ON COLUMN orders.id = 'theirs') ENVELOPE");
  }

  private static Doc doc(String text) {
    return new Doc(Doc.Side.BOTH, Optional.empty(), Optional.of("id"), text);
  }
}
