package akkasinks.catalog;

import akkasinks.change.Relation;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What the catalog owns, each with a lasting id ({@code s1}, {@code c2}, …; never reused) and a
 * name that can change. Other definitions are referred to by id.
 */
public sealed interface Definition {
  String id();

  String name();

  /** The statement that makes it, as SHOW CREATE prints it: canonical, secrets by name only. */
  String createSql();

  /** The same under another name. */
  Definition renamed(String name, String createSql);

  /** A secret; its ciphertext is kept beside the definitions, never in them. */
  record Secret(String id, String name) implements Definition {
    @Override
    public String createSql() {
      return "CREATE SECRET " + name + " AS '<redacted>'";
    }

    @Override
    public Secret renamed(String name, String createSql) {
      return new Secret(id, name);
    }
  }

  /** A way to another system. */
  sealed interface Connection extends Definition {
    /** The bastion that it leads through. */
    default Optional<SshTunnel> tunnel() {
      return Optional.empty();
    }

    /** The same through a bastion that was altered. */
    default Connection by(SshTunnel altered) {
      return this;
    }
  }

  /**
   * An SSH server that leads on.
   *
   * @param hostKey the server's, type and Base64; empty if any is taken
   * @param publicKey1,publicKey2 ours, as lines of authorized_keys; the private ones are sealed
   *     under this id
   */
  record SshConnection(
      String id,
      String name,
      String host,
      int port,
      String user,
      String hostKey,
      String publicKey1,
      String publicKey2,
      String createSql)
      implements Connection {
    @Override
    public SshConnection renamed(String name, String createSql) {
      return new SshConnection(
          id, name, host, port, user, hostKey, publicKey1, publicKey2, createSql);
    }

    SshConnection with(String publicKey1, String publicKey2) {
      return new SshConnection(
          id, name, host, port, user, hostKey, publicKey1, publicKey2, createSql);
    }
  }

  /**
   * @param sslMode as libpq's sslmode: disable, allow, prefer, require, verify-ca, verify-full
   * @param tunnel the way there; empty for the direct one
   */
  record PostgresConnection(
      String id,
      String name,
      String host,
      int port,
      String user,
      Optional<Value> password,
      String database,
      String sslMode,
      Tls tls,
      Optional<SshTunnel> tunnel,
      String createSql)
      implements Connection {
    public PostgresConnection {
      // Events of an older version have none.
      tls = Objects.requireNonNullElse(tls, Tls.NONE);
      tunnel = Objects.requireNonNullElse(tunnel, Optional.empty());
    }

    @Override
    public PostgresConnection by(SshTunnel other) {
      return new PostgresConnection(
          id,
          name,
          host,
          port,
          user,
          password,
          database,
          sslMode,
          tls,
          Optional.of(other),
          createSql);
    }

    @Override
    public PostgresConnection renamed(String name, String createSql) {
      return new PostgresConnection(
          id, name, host, port, user, password, database, sslMode, tls, tunnel, createSql);
    }
  }

  /**
   * @param brokers host:port each
   * @param securityProtocol PLAINTEXT, SSL, SASL_PLAINTEXT, SASL_SSL
   * @param progressTopic shared by all sinks of the connection
   * @param progressReplicationFactor 0 for the broker's default
   * @param properties further client properties by their Kafka names, and {@code sasl.username} and
   *     {@code sasl.password}, which the client wants in one text only known once the secret is
   *     open
   */
  record KafkaConnection(
      String id,
      String name,
      List<String> brokers,
      String securityProtocol,
      String progressTopic,
      int progressReplicationFactor,
      Map<String, Value> properties,
      String createSql)
      implements Connection {
    public KafkaConnection {
      brokers = List.copyOf(brokers);
      properties = Map.copyOf(properties);
    }

    @Override
    public KafkaConnection renamed(String name, String createSql) {
      return new KafkaConnection(
          id,
          name,
          brokers,
          securityProtocol,
          progressTopic,
          progressReplicationFactor,
          properties,
          createSql);
    }
  }

  /** What sinks are made from. */
  sealed interface Source extends Definition permits PostgresSource, KafkaSource {
    String connectionId();
  }

  /**
   * A schema registry with Confluent's API.
   *
   * @param url without a slash at its end
   * @param tunnel the way there; empty for the direct one
   */
  record RegistryConnection(
      String id,
      String name,
      String url,
      Optional<Value> username,
      Optional<Value> password,
      Optional<Value> authority,
      Optional<Value> certificate,
      Optional<Value> key,
      Optional<SshTunnel> tunnel,
      String createSql)
      implements Connection {
    public RegistryConnection {
      // Events of an older version have none.
      tunnel = Objects.requireNonNullElse(tunnel, Optional.empty());
    }

    @Override
    public RegistryConnection by(SshTunnel other) {
      return with(name, Optional.of(other), createSql);
    }

    @Override
    public RegistryConnection renamed(String name, String createSql) {
      return with(name, tunnel, createSql);
    }

    private RegistryConnection with(String name, Optional<SshTunnel> tunnel, String createSql) {
      return new RegistryConnection(
          id, name, url, username, password, authority, certificate, key, tunnel, createSql);
    }
  }

  /**
   * Tables of one PostgreSQL database.
   *
   * @param publication the user's own, never changed by us; empty if each sink owns one
   */
  record PostgresSource(
      String id,
      String name,
      String connectionId,
      Optional<String> publication,
      Tables tables,
      String createSql)
      implements Source {
    @Override
    public PostgresSource renamed(String name, String createSql) {
      return new PostgresSource(id, name, connectionId, publication, tables, createSql);
    }
  }

  /** Which tables a source offers. */
  sealed interface Tables {
    record All() implements Tables {}

    record Schemas(List<String> names) implements Tables {
      public Schemas {
        names = List.copyOf(names);
      }
    }

    record Listed(List<Table> tables) implements Tables {
      public Listed {
        tables = List.copyOf(tables);
      }
    }
  }

  /**
   * @param schema empty if the statement named none: found by search path
   * @param alias the relation's name here
   */
  record Table(String schema, String name, String alias) {}

  /**
   * A relation kept in a Kafka topic.
   *
   * @param schema,table of the relation in its source; schema is empty until the source was asked,
   *     both for a whole source
   * @param key columns of the record key, in order; empty for none
   * @param notEnforced the user answers for the key's uniqueness
   * @param snapshot whether what was there at CREATE is emitted too
   * @param commitInterval if given, changes are netted over this time and committed then
   * @param partitioner fixed for the sink's life
   * @param properties further producer properties by their Kafka names
   */
  record Sink(
      String id,
      String name,
      String sourceId,
      String schema,
      String table,
      String connectionId,
      Topic topic,
      List<String> key,
      boolean notEnforced,
      Format format,
      Envelope envelope,
      boolean snapshot,
      Optional<Duration> commitInterval,
      Partitioner partitioner,
      String compression,
      OnTruncate onTruncate,
      Retention retention,
      Map<String, String> properties,
      SinkDetails details,
      String createSql)
      implements Definition {
    public Sink {
      key = List.copyOf(key);
      details = Objects.requireNonNullElse(details, SinkDetails.NONE);
      properties = Map.copyOf(properties);
    }

    @Override
    public Sink renamed(String name, String createSql) {
      return with(id, name, schema, table, createSql);
    }

    /** The same sink as another one: nothing outside bears its name. */
    public Sink underId(String other) {
      return with(other, name, schema, table, createSql);
    }

    /** With the schema and table that the source was found to have. */
    public Sink withTable(String schema, String table) {
      return with(id, name, schema, table, createSql);
    }

    /** What a sink of a whole source is for one of its tables. */
    public Sink of(Relation relation) {
      var its = topic.named(new TopicPattern(topic.name()).of(relation));
      return with(
          id,
          name,
          relation.schema(),
          relation.name(),
          its,
          relation.key(),
          format,
          details.ofTable(),
          createSql);
    }

    /** With other formats, as its statement has them. */
    Sink withFormats(Format value, Optional<Format> key, String createSql) {
      return with(
          id, name, schema, table, topic, this.key, value, details.withKeyFormat(key), createSql);
    }

    /** How keys become bytes. */
    public Format keyFormat() {
      return details.keyFormat().orElse(format);
    }

    /** Whether it wants each change told with its transaction. */
    public boolean tellsTransactions() {
      return envelope == Envelope.DEBEZIUM && details.debezium().full();
    }

    /** Ids of the registry connections that its formats need. */
    public Stream<String> registries() {
      Stream<Format> formats = key.isEmpty() ? Stream.of(format) : Stream.of(keyFormat(), format);
      return formats.flatMap(f -> f.registry().stream()).distinct();
    }

    private Sink with(String id, String name, String schema, String table, String createSql) {
      return with(id, name, schema, table, topic, key, format, details, createSql);
    }

    private Sink with(
        String id,
        String name,
        String schema,
        String table,
        Topic topic,
        List<String> key,
        Format format,
        SinkDetails details,
        String createSql) {
      return new Sink(
          id,
          name,
          sourceId,
          schema,
          table,
          connectionId,
          topic,
          key,
          notEnforced,
          format,
          envelope,
          snapshot,
          commitInterval,
          partitioner,
          compression,
          onTruncate,
          retention,
          properties,
          details,
          createSql);
    }
  }

  /**
   * @param partitions,replicationFactor used only when the topic is made; 0 for the broker's
   *     default
   */
  record Topic(String name, int partitions, int replicationFactor, Map<String, String> config) {
    public Topic {
      config = Map.copyOf(config);
    }

    Topic named(String other) {
      return new Topic(other, partitions, replicationFactor, config);
    }
  }

  /** How a row becomes bytes. */
  sealed interface Format {
    record Json(Bytes bytes, Timestamps timestamps) implements Format {}

    /** One column as PostgreSQL's text. */
    record Text() implements Format {}

    /** One column as PostgreSQL's binary form. */
    record Binary() implements Format {}

    /**
     * @param registryId the connection to the registry
     * @param keyName,valueName full names of the records
     * @param keyLevel,valueLevel the subjects' compatibility, where they have none; empty for none
     */
    record Avro(
        String registryId,
        String keyName,
        String valueName,
        boolean nullDefaults,
        List<Doc> docs,
        String keyLevel,
        String valueLevel)
        implements Format {
      public Avro {
        docs = List.copyOf(docs);
      }

      /** The same with other texts. */
      Avro with(List<Doc> others) {
        return new Avro(registryId, keyName, valueName, nullDefaults, others, keyLevel, valueLevel);
      }
    }

    /** As {@link Avro}; the names are messages'. */
    record Protobuf(
        String registryId, String keyName, String valueName, String keyLevel, String valueLevel)
        implements Format {}

    /** Id of the registry connection that it needs. */
    default Optional<String> registry() {
      return switch (this) {
        case Json _, Text _, Binary _ -> Optional.empty();
        case Avro avro -> Optional.of(avro.registryId());
        case Protobuf protobuf -> Optional.of(protobuf.registryId());
      };
    }
  }

  /** ARRAY: {@code [209,130]}, as Materialize; BASE64: a string. */
  enum Bytes {
    ARRAY,
    BASE64
  }

  /** EPOCH: {@code "1321009871123.450"} (milliseconds, then microseconds), as Materialize. */
  enum Timestamps {
    EPOCH,
    ISO
  }

  enum Envelope {
    UPSERT,
    DEBEZIUM,
    /** Rows only, as they come; the relation may not lose or change one. */
    APPEND
  }

  /** SEAHASH: Materialize's placement; MURMUR2: that of Kafka's Java clients. */
  enum Partitioner {
    SEAHASH,
    MURMUR2
  }

  enum OnTruncate {
    STALL,
    TOMBSTONE,
    IGNORE
  }

  /**
   * @param maxWalBytes WAL the slot may hold back; 0 for no limit
   * @param dropSlot what happens then: the slot is dropped (RESNAPSHOT mends it), or only a warning
   */
  record Retention(long maxWalBytes, boolean dropSlot) {}

  /**
   * All that a sink needs to run: what the catalog hands to the Sink actor. References to secrets
   * only.
   *
   * @param installation the catalog's own UUID; with the sink's id it names everything outside
   * @param registries those that the sink's formats name
   */
  record ResolvedSink(
      String installation,
      Sink sink,
      Source source,
      Connection from,
      KafkaConnection into,
      List<RegistryConnection> registries) {
    public ResolvedSink {
      // What an older version stored has none.
      registries = List.copyOf(Objects.requireNonNullElse(registries, List.of()));
    }

    /** One that needs no registry. */
    public ResolvedSink(
        String installation, Sink sink, Source source, Connection from, KafkaConnection into) {
      this(installation, sink, source, from, into, List.of());
    }

    /** The same systems for another form of the sink. */
    public ResolvedSink with(Sink other) {
      return new ResolvedSink(installation, other, source, from, into, registries);
    }

    /** The registry of that id. */
    public RegistryConnection registry(String id) {
      return registries.stream().filter(r -> r.id().equals(id)).findFirst().orElseThrow();
    }

    /** The same sink over other connections. */
    ResolvedSink over(Connection from, KafkaConnection into) {
      return new ResolvedSink(installation, sink, source, from, into, registries);
    }

    /** Source and connection, as what they are together. */
    public Feed feed() {
      return Feed.of(source, from);
    }

    /** What the sink is made from, with dots between the names. */
    public String relation() {
      return switch (source) {
        case PostgresSource tables when sink.details().whole().isPresent() -> tables.name();
        case PostgresSource tables -> tables.name() + "." + sink.schema() + "." + sink.table();
        case KafkaSource topic -> topic.name();
      };
    }

    /** Transactional id, and key of the progress record. */
    public String outsideId() {
      return sink.details().transactionalIdPrefix() + "akkasinks-" + installation + "-" + sink.id();
    }

    /** Replication slot and publication: lower case letters, digits and underscores only. */
    public String slot() {
      return "akkasinks_" + installation.replace("-", "").substring(0, 16) + "_" + sink.id();
    }
  }
}
