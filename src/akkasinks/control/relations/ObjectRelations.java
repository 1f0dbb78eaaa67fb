package akkasinks.control.relations;

import akkasinks.catalog.Access;
import akkasinks.catalog.CatalogState;
import akkasinks.catalog.Definition;
import akkasinks.catalog.Definition.Connection;
import akkasinks.catalog.Definition.KafkaConnection;
import akkasinks.catalog.Definition.PostgresSource;
import akkasinks.catalog.Definition.Secret;
import akkasinks.catalog.Definition.Sink;
import akkasinks.catalog.Definition.Source;
import akkasinks.catalog.Definition.SshConnection;
import akkasinks.catalog.KafkaSource;
import akkasinks.catalog.KindNames;
import akkasinks.catalog.Role;
import akkasinks.catalog.ShownStatement;
import akkasinks.command.TextArrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/** What is defined, in Materialize's relations. There are no clusters to name. */
final class ObjectRelations {
  private static final String SCHEMA = "public";
  private static final String CLUSTER = "default";

  private ObjectRelations() {}

  static final List<Declared> ALL =
      List.of(
          of(
              "mz_secrets",
              "id text, oid int8, schema_id text, name text, owner_id text, privileges text_array",
              Secret.class,
              (state, secret) -> rights(owner(start(secret), state, secret), state, secret).row()),
          of(
              "mz_connections",
              "id text, oid int8, schema_id text, name text, type text, owner_id text,"
                  + " privileges text_array, create_sql text, redacted_create_sql text",
              Connection.class,
              (state, connection) -> {
                Cells cells = start(connection).text(KindNames.of(connection));
                return sql(rights(owner(cells, state, connection), state, connection), connection)
                    .row();
              }),
          of(
              "mz_kafka_connections",
              "id text, brokers text_array, sink_progress_topic text",
              KafkaConnection.class,
              (_, kafka) ->
                  new Cells()
                      .text(kafka.id())
                      .text(TextArrays.text(kafka.brokers().stream()))
                      .text(kafka.progressTopic())
                      .row()),
          of(
              "mz_ssh_tunnel_connections",
              "id text, public_key_1 text, public_key_2 text",
              SshConnection.class,
              (_, tunnel) ->
                  new Cells()
                      .text(tunnel.id())
                      .text(tunnel.publicKey1())
                      .text(tunnel.publicKey2())
                      .row()),
          of(
              "mz_sources",
              "id text, oid int8, schema_id text, name text, type text, connection_id text,"
                  + " size text, envelope_type text, key_format text, value_format text,"
                  + " cluster_id text, owner_id text, create_sql text, redacted_create_sql text",
              Source.class,
              (state, source) -> {
                Cells cells = start(source).text(KindNames.of(source)).text(source.connectionId());
                forms(cells.none(), source).text(CLUSTER);
                return sql(owner(cells, state, source), source).row();
              }),
          of(
              "mz_sinks",
              "id text, oid int8, schema_id text, name text, type text, connection_id text,"
                  + " size text, envelope_type text, format text, key_format text,"
                  + " value_format text, cluster_id text, owner_id text, create_sql text,"
                  + " redacted_create_sql text",
              Sink.class,
              (state, sink) -> {
                Cells cells = start(sink).text("kafka").text(sink.connectionId()).none();
                String value = format(sink.format());
                String key = sink.key().isEmpty() ? "" : format(sink.keyFormat());
                cells
                    .text(sink.envelope().name().toLowerCase(Locale.ROOT))
                    .text(
                        key.isEmpty() || key.equals(value)
                            ? value
                            : "key-" + key + "-value-" + value);
                cells.text(key).text(value).text(CLUSTER);
                return sql(owner(cells, state, sink), sink).row();
              }),
          of(
              "mz_kafka_sinks",
              "id text, topic text",
              Sink.class,
              (_, sink) -> new Cells().text(sink.id()).text(sink.topic().name()).row()),
          Declared.of(
              Declared.CATALOG,
              "mz_roles",
              "id text, oid int8, name text, inherit bool, rolcanlogin bool, rolsuper bool",
              seen ->
                  seen.catalog().get().access().all().stream()
                      .map(ObjectRelations::role)
                      .toList()));

  private static <D extends Definition> Declared of(
      String name,
      String columns,
      Class<D> kind,
      BiFunction<CatalogState, D, List<Optional<String>>> row) {
    return Declared.of(
        Declared.CATALOG,
        name,
        columns,
        seen -> {
          CatalogState state = seen.catalog().get();
          return state.all(kind).stream().map(one -> row.apply(state, one)).toList();
        });
  }

  private static List<Optional<String>> role(Role role) {
    Cells cells = new Cells().text(role.id()).number(oid(role.id())).text(role.name());
    return cells.flag(true).flag(role.login()).flag(role.superuser()).row();
  }

  private static Cells owner(Cells cells, CatalogState state, Definition definition) {
    return cells.text(state.access().owner(definition.id()));
  }

  /** In the form of PostgreSQL's aclitem. */
  private static Cells rights(Cells cells, CatalogState state, Definition definition) {
    Access access = state.access();
    String owner = access.ownerOf(definition.id());
    return cells.text(
        TextArrays.text(
            Stream.concat(
                Stream.of(owner + "=U/" + owner),
                access.grants().stream()
                    .filter(grant -> grant.object().equals(definition.id()))
                    .map(access::grantee)
                    .map(name -> (name.equals("public") ? "" : name) + "=U/" + owner))));
  }

  /** id, oid, schema_id, name: what all begin with. */
  private static Cells start(Definition definition) {
    return new Cells()
        .text(definition.id())
        .number(oid(definition.id()))
        .text(SCHEMA)
        .text(definition.name());
  }

  private static Cells sql(Cells cells, Definition definition) {
    return cells.text(ShownStatement.of(definition)).text(ShownStatement.redacted(definition));
  }

  /** A number of its own for each id, above those that PostgreSQL keeps for itself. */
  private static long oid(String id) {
    return 16_384 + Long.parseLong(id.substring(1)) * 8 + "kcrsdu".indexOf(id.charAt(0));
  }

  /** envelope_type, key_format, value_format. */
  private static Cells forms(Cells cells, Source source) {
    return switch (source) {
      case PostgresSource _ -> cells.none().none().none();
      case KafkaSource topic ->
          cells
              .text(topic.envelope().name().toLowerCase(Locale.ROOT))
              .text(topic.keyEncoding().map(ObjectRelations::encoding))
              .text(encoding(topic.encoding()));
    };
  }

  private static String encoding(KafkaSource.Encoding encoding) {
    return switch (encoding) {
      case KafkaSource.Encoding.Json _ -> "json";
      case KafkaSource.Encoding.Text _ -> "text";
      case KafkaSource.Encoding.Bytes _ -> "bytes";
      case KafkaSource.Encoding.Csv _ -> "csv";
      case KafkaSource.Encoding.Avro _ -> "avro";
      case KafkaSource.Encoding.Protobuf _, KafkaSource.Encoding.Message _ -> "protobuf";
    };
  }

  private static String format(Definition.Format format) {
    return switch (format) {
      case Definition.Format.Json _ -> "json";
      case Definition.Format.Text _ -> "text";
      case Definition.Format.Binary _ -> "bytes";
      case Definition.Format.Avro _ -> "avro";
      case Definition.Format.Protobuf _ -> "protobuf";
    };
  }
}
