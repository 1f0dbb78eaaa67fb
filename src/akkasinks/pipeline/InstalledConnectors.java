package akkasinks.pipeline;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.base.Notice;
import akkasinks.catalog.Definition.Connection;
import akkasinks.catalog.Definition.Envelope;
import akkasinks.catalog.Definition.Format;
import akkasinks.catalog.Definition.KafkaConnection;
import akkasinks.catalog.Definition.PostgresConnection;
import akkasinks.catalog.Definition.PostgresSource;
import akkasinks.catalog.Definition.RegistryConnection;
import akkasinks.catalog.Definition.ResolvedSink;
import akkasinks.catalog.Definition.Tables;
import akkasinks.catalog.Definition.Topic;
import akkasinks.catalog.Feed;
import akkasinks.catalog.KafkaSource;
import akkasinks.catalog.SinkColumns;
import akkasinks.catalog.SinkDetails;
import akkasinks.catalog.Value;
import akkasinks.change.Column;
import akkasinks.change.Relation;
import akkasinks.format.registry.RegistrySettings;
import akkasinks.format.registry.RegistryTls;
import akkasinks.format.registry.SchemaRegistry;
import akkasinks.source.ChangeSource;
import akkasinks.source.kafka.TopicSource;
import akkasinks.source.kafka.TopicSpec;
import akkasinks.source.postgres.PostgresLook;
import akkasinks.source.postgres.PostgresSettings;
import akkasinks.source.postgres.PostgresSpec;
import akkasinks.source.postgres.WholeSource;
import akkasinks.target.Target;
import akkasinks.target.kafka.KafkaLook;
import akkasinks.target.kafka.KafkaSettings;
import akkasinks.target.kafka.KafkaTarget;
import akkasinks.target.kafka.ProducerMemory;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Every source and target that this build can run: a new one is a case here. Secrets are read when
 * a connection is made, and kept by nobody.
 */
public final class InstalledConnectors implements Connectors, Inspections {
  /** Where a chunk of a snapshot ends, whichever comes first. */
  private static final int CHUNK_ROWS = 50_000;

  private static final long CHUNK_BYTES = 2L << 20;

  private static final Function<String, SchemaRegistry> NO_RECORD_IS_READ =
      id -> {
        throw new IllegalStateException("registry " + id + " is of no use here");
      };

  private final ConnectionSettings settings;
  private final InstantSource clock;
  private final SecureRandom random;
  private final ProducerMemory producers = ProducerMemory.ofHeap();

  /**
   * @param scratch directory for what does not fit in memory; emptied by who uses it
   * @param random for writer ids, which must never repeat, on whatever node and thread
   */
  public InstalledConnectors(
      SecretReader secrets, Path scratch, InstantSource clock, SecureRandom random) {
    this.settings = new ConnectionSettings(secrets, scratch);
    this.clock = clock;
    this.random = random;
  }

  @Override
  public ChangeSource source(ResolvedSink resolved) {
    return switch (resolved.feed()) {
      case Feed.Postgres(var tables, var database) ->
          resolved.sink().details().whole().isPresent()
              ? new WholeSource(tables(resolved, tables, database))
              : new akkasinks.source.postgres.PostgresSource(tables(resolved, tables, database));
      case Feed.Kafka(var topic, var brokers) ->
          new TopicSource(
              spec(
                  topic,
                  brokers,
                  resolved.outsideId(),
                  resolved.sink().key(),
                  resolved.sink().snapshot(),
                  id -> settings.registry(resolved.registry(id))));
    };
  }

  private TopicSpec spec(
      KafkaSource source,
      KafkaConnection brokers,
      String client,
      List<String> sinkKey,
      boolean snapshot,
      Function<String, SchemaRegistry> registries) {
    return new TopicSpec(
        settings.clientOnly(brokers).clientProperties(),
        client,
        source,
        sinkKey,
        snapshot,
        registries,
        clock);
  }

  private PostgresSpec tables(
      ResolvedSink resolved, PostgresSource tables, PostgresConnection database) {
    var sink = resolved.sink();
    return new PostgresSpec(
        settings.of(database),
        resolved.slot(),
        tables.publication(),
        sink.schema(),
        sink.table(),
        sink.key(),
        !sink.notEnforced() && sink.envelope() == Envelope.UPSERT,
        sink.envelope() == Envelope.DEBEZIUM || SinkColumns.placeMoves(sink),
        sink.snapshot(),
        sink.onTruncate(),
        sink.retention(),
        CHUNK_ROWS,
        CHUNK_BYTES,
        clock,
        Envelopes.tells(sink),
        sink.envelope() == Envelope.APPEND,
        sink.details()
            .whole()
            .map(
                whole ->
                    new PostgresSpec.Whole(
                        tables.tables(),
                        sink.envelope() == Envelope.UPSERT,
                        whole.atomic(),
                        whole.excludes())));
  }

  @Override
  public Target target(ResolvedSink resolved) {
    var sink = resolved.sink();
    return new KafkaTarget(
        settings.of(
            resolved.into(),
            resolved.outsideId(),
            sink.id(),
            sink.topic(),
            sink.compression(),
            sink.envelope() == Envelope.UPSERT,
            sink.properties(),
            sink.details()),
        producers,
        clock,
        random);
  }

  @Override
  public Stages stages(ResolvedSink resolved, Target.Places places) {
    return resolved.sink().details().whole().isPresent()
        ? TableStages.of(resolved, table -> compiled(table, places))
        : compiled(resolved, places);
  }

  private Stages compiled(ResolvedSink resolved, Target.Places places) {
    return Stages.compile(resolved, id -> settings.registry(resolved.registry(id)), places, clock);
  }

  @Override
  public List<Notice> validate(Connection connection) {
    return switch (connection) {
      case PostgresConnection postgres -> {
        new PostgresLook(settings.of(postgres), clock).connection();
        yield List.of();
      }
      case KafkaConnection kafka -> {
        look(kafka).connection();
        yield List.of();
      }
      case RegistryConnection connected -> {
        try (var registry = settings.registry(connected)) {
          registry.reach();
        }
        yield List.of();
      }
    };
  }

  @Override
  public List<Notice> inspectSource(Feed feed) {
    return switch (feed) {
      case Feed.Postgres(var source, var from) -> {
        new PostgresLook(settings.of(from), clock).source(source.publication(), source.tables());
        yield List.of();
      }
      case Feed.Kafka(var source, var brokers) ->
          new TopicSource(spec(source, brokers, "akkasinks", List.of(), true, NO_RECORD_IS_READ))
              .inspect()
              .notices();
    };
  }

  @Override
  public ChangeSource.Inspection inspectRelation(ResolvedSink resolved) {
    return switch (resolved.feed()) {
      case Feed.Postgres(var tables, var database)
          when resolved.sink().details().whole().isPresent() ->
          wholeSource(resolved, new WholeSource(tables(resolved, tables, database)).inspectAll());
      case Feed.Postgres(var tables, var database) when resolved.sink().schema().isEmpty() ->
          source(withSchema(resolved, tables, database)).inspect();
      case Feed.Postgres _, Feed.Kafka _ -> source(resolved).inspect();
    };
  }

  /** Each table as the sink of its own that it is treated as; no two of them in one topic. */
  private ChangeSource.Inspection wholeSource(ResolvedSink resolved, WholeSource.Inspected source) {
    Map<String, Relation> topics = new HashMap<>();
    for (var table : source.tables()) {
      var sink = resolved.sink().of(table);
      var other = topics.put(sink.topic().name(), table);
      if (other != null) {
        throw Failure.of(
                Code.INVALID_DEFINITION,
                "two tables would go to topic \"%s\": %s.%s and %s.%s"
                    .formatted(
                        sink.topic().name(),
                        other.schema(),
                        other.name(),
                        table.schema(),
                        table.name()))
            .hint("Write TOPIC '….{schema}.{table}'.")
            .exception();
      }
      inspectForm(resolved.with(sink), table);
    }
    return new ChangeSource.Inspection(Relation.NONE, true, List.of(), source.notices());
  }

  private ResolvedSink withSchema(
      ResolvedSink resolved, PostgresSource tables, PostgresConnection database) {
    var sink = resolved.sink();
    var schema =
        new PostgresLook(settings.of(database), clock).schemaOf(sink.table(), schemas(tables));
    return resolved.with(sink.withTable(schema, sink.table()));
  }

  @Override
  public List<Notice> inspectForm(ResolvedSink resolved, Relation relation) {
    var sink = resolved.sink();
    if (sink.details().whole().isPresent()) {
      return List.of();
    }
    Function<String, SchemaRegistry> registries = id -> settings.registry(resolved.registry(id));
    switch (sink.format()) {
      case Format.Json _, Format.Text _, Format.Binary _ -> {}
      case Format.Avro avro ->
          new AvroSchemas(sink, avro, () -> registries.apply(avro.registryId())).check(relation);
      case Format.Protobuf protobuf ->
          new ProtobufSchemas(sink, protobuf, () -> registries.apply(protobuf.registryId()))
              .check(relation);
    }
    return List.of();
  }

  private static List<String> schemas(PostgresSource source) {
    return switch (source.tables()) {
      case Tables.Schemas(var names) -> names;
      case Tables.All(), Tables.Listed(_) -> List.<String>of();
    };
  }

  @Override
  public Columns columns(Feed feed, String schema, String table) {
    return switch (feed) {
      case Feed.Postgres(var source, var from) -> {
        var look = new PostgresLook(settings.of(from), clock);
        var found = schema.isEmpty() ? look.schemaOf(table, schemas(source)) : schema;
        yield new Columns(found, table, look.columns(found, table));
      }
      case Feed.Kafka(var source, _) ->
          new Columns(
              schema, table, source.relation().columns().stream().map(Column::name).toList());
    };
  }

  @Override
  public List<Notice> validateFor(Connection connection, List<ResolvedSink> sinks) {
    return switch (connection) {
      case PostgresConnection _ ->
          sinks.stream()
              .filter(sink -> retainedBytes(sink) < 0)
              .map(sink -> missing("replication slot \"" + sink.slot() + "\"", sink))
              .toList();
      case KafkaConnection kafka ->
          sinks.stream()
              .filter(sink -> sink.into().id().equals(kafka.id()))
              .findFirst()
              .filter(_ -> !look(kafka).hasProgressTopic())
              .map(sink -> missing("progress topic \"" + kafka.progressTopic() + "\"", sink))
              .stream()
              .toList();
      case RegistryConnection _ -> List.of();
    };
  }

  private static Notice missing(String what, ResolvedSink sink) {
    return Notice.of("there is no %s, of sink \"%s\"".formatted(what, sink.sink().name()))
        .detail("If the sink has run before, this is not the system that it ran with.")
        .hint("It then stalls, and never begins anew by itself; set the connection back.");
  }

  private KafkaLook look(KafkaConnection kafka) {
    return new KafkaLook(settings.clientOnly(kafka));
  }

  @Override
  public String schema(ResolvedSink resolved, Relation relation, boolean key) {
    var sink = resolved.sink();
    Function<String, SchemaRegistry> registries = id -> settings.registry(resolved.registry(id));
    return switch (sink.format()) {
      case Format.Avro avro ->
          new AvroSchemas(sink, avro, () -> registries.apply(avro.registryId()))
              .shown(relation, key);
      case Format.Protobuf protobuf ->
          new ProtobufSchemas(sink, protobuf, () -> registries.apply(protobuf.registryId()))
              .shown(relation, key);
      case Format.Json _, Format.Text _, Format.Binary _ ->
          throw Failure.of(
                  Code.NOT_SUPPORTED,
                  "EXPLAIN SCHEMA is only available for Kafka sinks with Avro schemas")
              .hint("Or Protobuf schemas.")
              .exception();
    };
  }

  @Override
  public List<Notice> inspectTarget(ResolvedSink sink) {
    return target(sink).inspect();
  }

  @Override
  public long retainedBytes(ResolvedSink sink) {
    return switch (sink.feed()) {
      case Feed.Postgres(_, var database) ->
          new PostgresLook(settings.of(database), clock).retainedBytes(sink.slot());
      case Feed.Kafka _ -> -1;
    };
  }
}
