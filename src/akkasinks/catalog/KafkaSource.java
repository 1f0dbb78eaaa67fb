package akkasinks.catalog;

import akkasinks.change.Column;
import akkasinks.change.Relation;
import akkasinks.change.Representation;
import akkasinks.change.Type;
import akkasinks.format.protobuf.ProtobufMessages;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One Kafka topic as a relation.
 *
 * @param columns of the value, as declared or as the format has them
 * @param key columns that tell each row from all others; empty if none are known
 * @param keyEncoding empty if record keys are not read
 * @param included what else of a record is a column
 */
public record KafkaSource(
    String id,
    String name,
    String connectionId,
    String topic,
    List<Declared> columns,
    List<String> key,
    Optional<Encoding> keyEncoding,
    Encoding encoding,
    Input envelope,
    List<Included> included,
    Start start,
    OnBadRecord onBadRecord,
    String createSql)
    implements Definition.Source {
  public KafkaSource {
    columns = List.copyOf(columns);
    key = List.copyOf(key);
    included = List.copyOf(included);
  }

  /** A column of the value. */
  public record Declared(String name, Type.Scalar type, boolean nullable) {}

  /** How a key or a value is written. */
  public sealed interface Encoding {
    record Json() implements Encoding {}

    record Text() implements Encoding {}

    record Bytes() implements Encoding {}

    record Csv(char delimiter) implements Encoding {}

    /**
     * As a schema registry's clients write it.
     *
     * @param registryId the connection to the registry
     */
    record Avro(String registryId) implements Encoding {}

    /** The same in Protobuf. */
    record Protobuf(String registryId) implements Encoding {}

    /**
     * Messages with nothing before them.
     *
     * @param message its full name
     * @param schema see {@link ProtobufMessages}
     */
    record Message(String message, String schema) implements Encoding {}

    /** The registry connection that it needs. */
    default Optional<String> registry() {
      return switch (this) {
        case Json _, Text _, Bytes _, Csv _, Message _ -> Optional.empty();
        case Avro(var id) -> Optional.of(id);
        case Protobuf(var id) -> Optional.of(id);
      };
    }

    /** Whether it has fields with names, whatever columns are declared. */
    default boolean named() {
      return switch (this) {
        case Json _, Text _, Bytes _, Csv _ -> false;
        case Avro _, Protobuf _, Message _ -> true;
      };
    }
  }

  /** What a record says of its row. */
  public enum Input {
    /** Each record is a new row. */
    NONE,
    /** The last record of a key is its row; one without a value says that it has gone. */
    UPSERT,
    /** Each value holds the row before and after. */
    DEBEZIUM
  }

  /** What else of a record can be a column. */
  public enum Part {
    KEY,
    PARTITION,
    OFFSET,
    TIMESTAMP,
    HEADERS
  }

  public record Included(Part part, String name) {}

  /** Where a sink that takes what is there begins. */
  public sealed interface Start {
    record Earliest() implements Start {}

    /** By partition; 0 for those beyond the list. */
    record Offsets(List<Long> offsets) implements Start {
      public Offsets {
        offsets = List.copyOf(offsets);
      }
    }

    /** Milliseconds since 1970; before now if negative. */
    record Timestamp(long millis) implements Start {}
  }

  public enum OnBadRecord {
    STALL,
    SKIP,
    /** To the dead letter topic of each sink. */
    DLQ
  }

  /** Ids of the registry connections that it needs. */
  public Set<String> registries() {
    return Stream.concat(keyEncoding.stream(), Stream.of(encoding))
        .flatMap(each -> each.registry().stream())
        .collect(Collectors.toSet());
  }

  /** Whether a value is an object of named columns. */
  public boolean hasNamedColumns() {
    return encoding.named() || (encoding instanceof Encoding.Json && !wholeValue());
  }

  /** The value as a whole is the only column: JSON that nobody declared columns for. */
  public boolean wholeValue() {
    return encoding instanceof Encoding.Json
        && columns.size() == 1
        && columns.getFirst().equals(KafkaSourceColumns.DATA);
  }

  /** The record key's column first, then the value's columns, then the rest. */
  public Relation relation() {
    List<Column> all = new ArrayList<>();
    included.stream().filter(i -> i.part() == Part.KEY).map(this::column).forEach(all::add);
    columns.forEach(c -> all.add(column(c.name(), c.type(), c.nullable())));
    included.stream().filter(i -> i.part() != Part.KEY).map(this::column).forEach(all::add);
    return new Relation(0, "", topic, all);
  }

  private Column column(Included included) {
    return column(included.name(), type(included.part()), included.part() == Part.KEY);
  }

  private Type.Scalar type(Part part) {
    return switch (part) {
      case KEY -> keyEncoding.map(KafkaSource::type).orElse(Type.Scalar.BYTEA);
      case PARTITION -> Type.Scalar.INT4;
      case OFFSET -> Type.Scalar.INT8;
      case TIMESTAMP -> Type.Scalar.TIMESTAMP;
      case HEADERS -> Type.Scalar.JSONB;
    };
  }

  private static Type.Scalar type(Encoding encoding) {
    return switch (encoding) {
      case Encoding.Json _, Encoding.Avro _, Encoding.Protobuf _, Encoding.Message _ ->
          Type.Scalar.JSONB;
      case Encoding.Bytes _ -> Type.Scalar.BYTEA;
      case Encoding.Text _, Encoding.Csv _ -> Type.Scalar.TEXT;
    };
  }

  private static Column column(String name, Type type, boolean nullable) {
    return new Column(name, type, -1, nullable, Representation.POSTGRES_TEXT);
  }

  @Override
  public KafkaSource renamed(String name, String createSql) {
    return new KafkaSource(
        id,
        name,
        connectionId,
        topic,
        columns,
        key,
        keyEncoding,
        encoding,
        envelope,
        included,
        start,
        onBadRecord,
        createSql);
  }
}
