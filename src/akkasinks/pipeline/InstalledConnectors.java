package akkasinks.pipeline;

import akkasinks.base.Notice;
import akkasinks.catalog.Definition.Connection;
import akkasinks.catalog.Definition.Envelope;
import akkasinks.catalog.Definition.KafkaConnection;
import akkasinks.catalog.Definition.PostgresConnection;
import akkasinks.catalog.Definition.PostgresSource;
import akkasinks.catalog.Definition.RegistryConnection;
import akkasinks.catalog.Definition.ResolvedSink;
import akkasinks.catalog.Definition.SshConnection;
import akkasinks.catalog.Definition.Tables;
import akkasinks.catalog.Definition.Topic;
import akkasinks.catalog.Feed;
import akkasinks.catalog.KafkaSource;
import akkasinks.catalog.SinkColumns;
import akkasinks.catalog.SinkDetails;
import akkasinks.catalog.TopicPattern;
import akkasinks.change.Column;
import akkasinks.change.Relation;
import akkasinks.format.registry.RegisteredSchema;
import akkasinks.format.registry.SchemaRegistry;
import akkasinks.source.ChangeSource;
import akkasinks.source.kafka.TopicSource;
import akkasinks.source.kafka.TopicSpec;
import akkasinks.source.postgres.PostgresLook;
import akkasinks.source.postgres.PostgresSpec;
import akkasinks.source.postgres.WholeSource;
import akkasinks.target.Target;
import akkasinks.target.kafka.KafkaLook;
import akkasinks.target.kafka.KafkaSettings;
import akkasinks.target.kafka.KafkaTarget;
import akkasinks.target.kafka.ProducerMemory;
import akkasinks.tunnel.Tunnels;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
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

  private final Ways ways;
  private final Path scratch;
  private final InstantSource clock;
  private final SecureRandom random;
  private final ProducerMemory producers = ProducerMemory.ofHeap();

  /**
   * @param scratch directory for what does not fit in memory; emptied by who uses it
   * @param random for writer ids, which must never repeat, on whatever node and thread
   */
  public InstalledConnectors(
      SecretReader secrets,
      Tunnels tunnels,
      Path scratch,
      InstantSource clock,
      SecureRandom random) {
    this.ways = new Ways(secrets, tunnels);
    this.scratch = scratch;
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
                  id -> ways.registry(resolved.registry(id))));
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
        clientOnly(brokers).clientProperties(),
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
        ways.postgres(database),
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
        sink.tellsTransactions(),
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
        settings(
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
    return Stages.compile(resolved, id -> ways.registry(resolved.registry(id)), places, clock);
  }

  @Override
  public List<Notice> validate(Connection connection) {
    return switch (connection) {
      case PostgresConnection postgres -> {
        new PostgresLook(ways.postgres(postgres), clock).connection();
        yield List.of();
      }
      case KafkaConnection kafka -> look(kafka).connection();
      case SshConnection bastion -> {
        ways.check(bastion);
        yield List.of();
      }
      case RegistryConnection connected -> {
        try (var registry = ways.registry(connected)) {
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
        new PostgresLook(ways.postgres(from), clock).source(source.publication(), source.tables());
        yield List.of();
      }
      case Feed.Kafka(var source, var brokers) ->
          new TopicSource(spec(source, brokers, "akkasinks", List.of(), true, NO_RECORD_IS_READ))
              .inspect()
              .notices();
    };
  }

  @Override
  public RegisteredSchema latestSchema(RegistryConnection connection, String subject) {
    try (var open = ways.registry(connection)) {
      return open.latest(subject);
    }
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
        throw new TopicPattern(resolved.sink().topic().name())
            .clash(other, table)
            .hint("Write TOPIC '….{schema}.{table}'.")
            .exception();
      }
      form(resolved.with(sink)).check(table);
    }
    return new ChangeSource.Inspection(Relation.NONE, true, List.of(), source.notices());
  }

  private ResolvedSink withSchema(
      ResolvedSink resolved, PostgresSource tables, PostgresConnection database) {
    var sink = resolved.sink();
    var schema =
        new PostgresLook(ways.postgres(database), clock).schemaOf(sink.table(), schemas(tables));
    return resolved.with(sink.withTable(schema, sink.table()));
  }

  @Override
  public List<Notice> inspectForm(ResolvedSink resolved, Relation relation) {
    if (resolved.sink().details().whole().isEmpty()) {
      form(resolved).check(relation);
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
        var look = new PostgresLook(ways.postgres(from), clock);
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
      case RegistryConnection _, SshConnection _ -> List.of();
    };
  }

  private static Notice missing(String what, ResolvedSink sink) {
    return Notice.of("there is no %s, of sink \"%s\"".formatted(what, sink.sink().name()))
        .detail("If the sink has run before, this is not the system that it ran with.")
        .hint("It then stalls, and never begins anew by itself; set the connection back.");
  }

  private KafkaLook look(KafkaConnection kafka) {
    return new KafkaLook(clientOnly(kafka));
  }

  @Override
  public String schema(ResolvedSink resolved, Relation relation, boolean key) {
    return form(resolved).schema(relation, key);
  }

  private SinkForm form(ResolvedSink resolved) {
    return SinkForm.of(resolved, id -> ways.registry(resolved.registry(id)), clock);
  }

  @Override
  public List<Notice> inspectTarget(ResolvedSink sink) {
    return target(sink).inspect();
  }

  @Override
  public long retainedBytes(ResolvedSink sink) {
    return switch (sink.feed()) {
      case Feed.Postgres(_, var database) ->
          new PostgresLook(ways.postgres(database), clock).retainedBytes(sink.slot());
      case Feed.Kafka _ -> -1;
    };
  }

  /** For what writes no topic. */
  private KafkaSettings clientOnly(KafkaConnection connection) {
    return settings(
        connection,
        "",
        "",
        new Topic("", 0, 0, Map.of()),
        "none",
        false,
        Map.of(),
        SinkDetails.NONE);
  }

  private KafkaSettings settings(
      KafkaConnection connection,
      String outsideId,
      String sinkId,
      Topic topic,
      String compression,
      boolean upsert,
      Map<String, String> producer,
      SinkDetails details) {
    return new KafkaSettings(
        connection.brokers(),
        connection.securityProtocol(),
        connection.properties().entrySet().stream()
            .collect(Collectors.toMap(Map.Entry::getKey, entry -> ways.reveal(entry.getValue()))),
        producer,
        sinkId,
        outsideId,
        connection.progressTopic(),
        connection.progressReplicationFactor(),
        new KafkaSettings.Topic(
            topic.name(), topic.partitions(), topic.replicationFactor(), topic.config()),
        compression,
        upsert,
        details
            .metadataRefresh()
            .map(KafkaSettings.Timings.DEFAULT::refreshing)
            .orElse(KafkaSettings.Timings.DEFAULT),
        scratch,
        details.delivery() == SinkDetails.Delivery.AT_LEAST_ONCE,
        details.deadLetterTopic());
  }
}
