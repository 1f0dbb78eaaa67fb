package akkasinks.format.avro;

import akkasinks.change.Buffer;
import akkasinks.change.EventEncoder;
import akkasinks.change.PairEncoder;
import akkasinks.change.Relation;
import akkasinks.change.RowEncoder;
import akkasinks.format.debezium.Origin;
import akkasinks.format.registry.RegisteredSchema;
import akkasinks.format.registry.SchemaFormat;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * One schema of a relation, and its encoders.
 *
 * <p>Encoders throw DATA, naming the column, if a value was not sent by the source, is not text of
 * its type, or has no form in the schema.
 */
public final class AvroFormat implements SchemaFormat {
  /** Bytes before the body: zero, and the schema's id, most significant byte first. */
  public static final int HEADER = 5;

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String PAIRED_ROW = "row";

  private final Relation relation;
  private final int[] columns;
  private final AvroType.Row row;
  private final ObjectNode schema;
  private final AvroKeys keys;

  private AvroFormat(Relation relation, int[] columns, AvroType.Row row, ObjectNode schema) {
    this.relation = relation;
    this.columns = columns.clone();
    this.row = row;
    this.schema = schema;
    this.keys = new AvroKeys(relation, columns, row);
  }

  /**
   * The schema of the key's record.
   *
   * @param columns those of the key, in its order
   * @throws akkasinks.base.FailureException NOT_SUPPORTED for a column that has no Avro type
   */
  public static AvroFormat key(Relation relation, int[] columns, AvroOptions options) {
    return alone(
        relation,
        columns,
        new AvroTypes(options, AvroOptions.Side.KEY).row(options.keyName(), relation, columns),
        options);
  }

  /** The schema of a row as a value; as {@link #key} otherwise. */
  public static AvroFormat row(Relation relation, int[] columns, AvroOptions options) {
    return alone(
        relation, columns, value(options.valueName(), relation, columns, options), options);
  }

  private static AvroFormat alone(
      Relation relation, int[] columns, AvroType.Row row, AvroOptions options) {
    return new AvroFormat(relation, columns, row, AvroSchema.of(row, options.nullDefaults()));
  }

  /** The schema of {@code before} and {@code after}; as {@link #key} otherwise. */
  public static AvroFormat pair(Relation relation, int[] columns, AvroOptions options) {
    var row = value(pairedName(options.valueName()), relation, columns, options);
    var schema = AvroSchema.pair(options.valueName(), row, options.nullDefaults());
    return new AvroFormat(relation, columns, row, schema);
  }

  /** The schema of Debezium's whole event; as {@link #key} otherwise. */
  public static AvroFormat event(Relation relation, int[] columns, AvroOptions options) {
    var pair = pair(relation, columns, options);
    AvroEvents.addTo(pair.schema);
    return pair;
  }

  private static AvroType.Row value(
      String name, Relation relation, int[] columns, AvroOptions options) {
    return new AvroTypes(options, AvroOptions.Side.VALUE).row(name, relation, columns);
  }

  /** The row's record lies in the envelope's namespace, and must not have its name. */
  private static String pairedName(String envelope) {
    return envelope.equals(PAIRED_ROW) || envelope.endsWith("." + PAIRED_ROW) ? "row1" : PAIRED_ROW;
  }

  @Override
  public RegisteredSchema schema() {
    return RegisteredSchema.avro(schema.toString());
  }

  @Override
  public String shown() {
    var printer =
        new DefaultPrettyPrinter()
            .withArrayIndenter(DefaultIndenter.SYSTEM_LINEFEED_INSTANCE)
            .withSeparators(
                Separators.createDefaultInstance()
                    .withObjectFieldValueSpacing(Separators.Spacing.AFTER));
    try {
      return JSON.writer(printer).writeValueAsString(schema);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a schema that is not JSON", e);
    }
  }

  @Override
  public RowEncoder rows(int schemaId) {
    var writer = new RowWriter(relation, columns, row);
    return (batch, index, out) -> {
      header(schemaId, out);
      writer.write(batch, index, out);
    };
  }

  @Override
  public PairEncoder pairs(int schemaId) {
    var writer = new RowWriter(relation, columns, row);
    return (batch, before, after, out) -> {
      header(schemaId, out);
      writer.writeOrNull(batch, before, out);
      writer.writeOrNull(batch, after, out);
    };
  }

  @Override
  public EventEncoder events(int schemaId, Origin origin) {
    return new AvroEvents(pairs(schemaId), relation, origin);
  }

  @Override
  public List<String> key(byte[] key) {
    return keys.decode(key);
  }

  private static void header(int schemaId, Buffer out) {
    out.put(0);
    Binary.int32(Integer.reverseBytes(schemaId), out);
  }
}
