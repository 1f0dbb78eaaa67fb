package akkasinks.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import akkasinks.catalog.Access;
import akkasinks.catalog.CatalogEvent;
import akkasinks.catalog.CatalogState;
import akkasinks.catalog.Debt;
import akkasinks.catalog.Definition;
import akkasinks.catalog.Definition.PostgresConnection;
import akkasinks.catalog.Definition.PostgresSource;
import akkasinks.catalog.Definition.RegistryConnection;
import akkasinks.catalog.Definition.SshConnection;
import akkasinks.catalog.Definition.Table;
import akkasinks.catalog.Definition.Tables;
import akkasinks.catalog.Feed;
import akkasinks.catalog.KafkaSource;
import akkasinks.catalog.KafkaSource.Declared;
import akkasinks.catalog.KafkaSource.Encoding;
import akkasinks.catalog.KafkaSource.Included;
import akkasinks.catalog.KafkaSource.Input;
import akkasinks.catalog.KafkaSource.OnBadRecord;
import akkasinks.catalog.KafkaSource.Part;
import akkasinks.catalog.KafkaSource.Start;
import akkasinks.catalog.Role;
import akkasinks.catalog.SshTunnel;
import akkasinks.catalog.Tls;
import akkasinks.catalog.Value;
import akkasinks.change.KafkaPosition;
import akkasinks.change.Position;
import akkasinks.change.Type;
import akkasinks.command.Command;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.typesafe.config.ConfigFactory;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.serialization.jackson.JacksonObjectMapperProvider;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The catalog's events: those that older versions stored are read, new ones as they were written.
 */
final class StoredEventsTest {
  /** As 0.1.0 wrote it when tables were the only source. */
  private static final String SOURCE =
      """
      {"@type":"Definition$PostgresSource","id":"r1","name":"shop","connectionId":"c1",\
      "publication":"pub","tables":{"@type":"Definition$Tables$Listed",\
      "tables":[{"schema":"public","name":"a","alias":"a"}]},"createSql":"CREATE SOURCE shop"}\
      """;

  private static final String CREATED =
      "{\"@type\":\"CatalogEvent$SourceCreated\",\"source\":" + SOURCE + "}";

  private static final String DROPPED =
      """
      {"@type":"CatalogEvent$Dropped","ids":["s1"],"debts":[{"id":"d1","kind":"SLOT","sink":{\
      "installation":"0d3c8f80-5a0f-4b6e-9a39-1f6f0f1a2b3c","sink":{"@type":"Definition$Sink",\
      "id":"s1","name":"s","sourceId":"r1","schema":"public","table":"a","connectionId":"c2",\
      "topic":{"name":"t","partitions":0,"replicationFactor":0,"config":{}},"key":["id"],\
      "notEnforced":false,"format":{"@type":"Definition$Format$Json","bytes":"ARRAY",\
      "timestamps":"EPOCH"},"envelope":"UPSERT","snapshot":true,"commitInterval":null,\
      "partitioner":"SEAHASH","compression":"lz4","onTruncate":"STALL",\
      "retention":{"maxWalBytes":0,"dropSlot":false},"properties":{},"createSql":"CREATE SINK s"},\
      "source":%s,"from":{"@type":"Definition$PostgresConnection","id":"c1","name":"pg","host":"h",\
      "port":1,"user":"u","password":{"@type":"Value$Secret","secretId":"k1"},"database":"d",\
      "sslMode":"disable","createSql":"CREATE CONNECTION pg"},\
      "into":{"@type":"Definition$KafkaConnection","id":"c2","name":"kafka","brokers":["b:1"],\
      "securityProtocol":"PLAINTEXT","progressTopic":"p","progressReplicationFactor":1,\
      "properties":{},"createSql":"CREATE CONNECTION kafka"}}}]}\
      """
          .formatted(SOURCE);

  private static ActorSystem system;
  private static ObjectMapper json;

  @BeforeAll
  static void start() {
    system =
        ActorSystem.create(
            "events",
            ConfigFactory.parseString("pekko.actor.provider = local")
                .withFallback(ConfigFactory.parseResources("node.conf"))
                .withFallback(ConfigFactory.load())
                .resolve());
    json = JacksonObjectMapperProvider.get(system).getOrCreate("jackson-json", Optional.empty());
  }

  @AfterAll
  static void end() {
    system.terminate();
  }

  @Test
  void tablesAreTheSourceThatTheyWere() throws Exception {
    assertThat(json.readValue(CREATED, CatalogEvent.class))
        .isEqualTo(
            new CatalogEvent.SourceCreated(
                new PostgresSource(
                    "r1",
                    "shop",
                    "c1",
                    Optional.of("pub"),
                    new Tables.Listed(List.of(new Table("public", "a", "a"))),
                    "CREATE SOURCE shop")));
  }

  @Test
  void aDebtOfASinkOnTablesIsStillPaidThere() throws Exception {
    var dropped = (CatalogEvent.Dropped) json.readValue(DROPPED, CatalogEvent.class);
    Debt debt = dropped.debts().getFirst();
    assertThat(debt.sink().feed()).isInstanceOf(Feed.Postgres.class);
    assertThat(((PostgresConnection) debt.sink().from()).host()).isEqualTo("h");
    assertThat(debt.sink().from().tunnel()).isEmpty();
    assertThat(debt.sink().relation()).isEqualTo("shop.public.a");
  }

  @Test
  void aTunnelAndWhatLeadsThroughItAreReadAsTheyWereWritten() throws Exception {
    var bastion =
        new SshConnection("c3", "t", "b", 22, "u", "", "ssh-ed25519 A", "ssh-ed25519 B", "CREATE");
    Optional<SshTunnel> tunnel = Optional.of(SshTunnel.through(bastion));
    Optional<Value> none = Optional.empty();
    for (Definition.Connection connection :
        List.of(
            bastion,
            new PostgresConnection(
                "c4", "pg", "h", 1, "u", none, "d", "disable", Tls.NONE, tunnel, "CREATE"),
            new RegistryConnection(
                "c5", "csr", "http://h", none, none, none, none, none, tunnel, "CREATE"))) {
      for (CatalogEvent event :
          List.of(
              new CatalogEvent.ConnectionCreated(connection),
              new CatalogEvent.ConnectionAltered(connection))) {
        assertThat(json.readValue(json.writeValueAsBytes(event), CatalogEvent.class))
            .isEqualTo(event);
      }
    }
  }

  @Test
  void rolesAndGrantsAreReadAsTheyWereWritten() throws Exception {
    var role = new Role("u1", "ann", true, false, "SCRAM-SHA-256$4096:c2FsdA==$c3RvcmVk:c2VydmVy");
    var grant = new Access.Grant("c1", "u1", Command.Privilege.USAGE);
    CatalogState state = CatalogState.EMPTY;
    for (CatalogEvent event :
        List.of(
            new CatalogEvent.RoleCreated(role),
            new CatalogEvent.RoleAltered(role),
            new CatalogEvent.OwnerSet("c1", "u1"),
            new CatalogEvent.Granted(grant),
            new CatalogEvent.Revoked(grant),
            new CatalogEvent.Granted(grant))) {
      assertThat(json.readValue(json.writeValueAsBytes(event), CatalogEvent.class))
          .isEqualTo(event);
      state = state.apply(event);
    }
    assertThat(json.readValue(json.writeValueAsBytes(state), CatalogState.class)).isEqualTo(state);
    assertThat(state.access().grants()).containsExactly(grant);
    assertThat(state.toString()).doesNotContain("c3RvcmVk");
    assertThat(state.apply(new CatalogEvent.RoleDropped("u1")).access().grants()).isEmpty();
  }

  /** As versions without roles wrote it. */
  @Test
  void aSnapshotWithoutRolesHasNone() throws Exception {
    ObjectNode older = json.valueToTree(CatalogState.EMPTY);
    older.remove("access");

    assertThat(json.treeToValue(older, CatalogState.class)).isEqualTo(CatalogState.EMPTY);
  }

  @Test
  void aTopicIsReadAsItWasWritten() throws Exception {
    for (var start :
        List.of(
            new Start.Earliest(),
            new Start.Offsets(List.of(1L, 1L << 40)),
            new Start.Timestamp(-5))) {
      for (var encoding :
          List.of(
              new Encoding.Json(),
              new Encoding.Bytes(),
              new Encoding.Csv(';'),
              new Encoding.Avro("c3"))) {
        var event =
            new CatalogEvent.SourceCreated(
                new KafkaSource(
                    "r2",
                    "clicks",
                    "c2",
                    "topic",
                    List.of(new Declared("id", Type.Scalar.INT8, false)),
                    List.of("id"),
                    encoding instanceof Encoding.Csv ? Optional.empty() : Optional.of(encoding),
                    encoding,
                    Input.UPSERT,
                    List.of(new Included(Part.HEADERS, "h")),
                    start,
                    OnBadRecord.SKIP,
                    "CREATE SOURCE clicks"));
        assertThat(json.readValue(json.writeValueAsBytes(event), CatalogEvent.class))
            .isEqualTo(event);
      }
    }
    Position position = new KafkaPosition("id", List.of(1L << 40), 2, List.of(7L));
    assertThat(
            json.readValue(
                json.writerFor(Position.class).writeValueAsBytes(position), Position.class))
        .isEqualTo(position);
  }
}
