package akkasinks.format.protobuf;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.base.FailureException;
import akkasinks.change.Buffer;
import akkasinks.change.EventEncoder;
import akkasinks.change.PairEncoder;
import akkasinks.change.Relation;
import akkasinks.change.RowEncoder;
import akkasinks.format.debezium.Origin;
import akkasinks.format.registry.RegisteredSchema;
import akkasinks.format.registry.SchemaFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The schema of one subject for one relation, and its encoders.
 *
 * <p>Encoders throw DATA, naming the column, if a value was not sent by the source, is not text of
 * its type, or has no form in Protobuf.
 */
public final class ProtobufFormat implements SchemaFormat {
  /** Bytes before the message: zero, the schema's id, most significant byte first, and zero. */
  public static final int HEADER = 6;

  /** As Confluent's API has it. */
  public static final String KIND = "PROTOBUF";

  static final int BEFORE = 1;
  static final int AFTER = 2;

  private static final String PAIRED_ROW = "Row";

  private final Relation relation;
  private final int[] columns;
  private final ProtobufType.Message row;
  private final ProtoFile file;
  private final ProtobufKeys keys;

  /**
   * A subject of a registry.
   *
   * @param history the schemas it has had, the latest last
   */
  public record Subject(String name, List<String> history) {
    public Subject {
      history = List.copyOf(history);
    }
  }

  private ProtobufFormat(
      Relation relation, int[] columns, ProtobufType.Message row, ProtoFile file) {
    this.relation = relation;
    this.columns = columns.clone();
    this.row = row;
    this.file = file;
    this.keys = new ProtobufKeys(relation, columns, row, MessageFields.of(row, file));
  }

  /**
   * The schema of keys.
   *
   * @param columns those of the key, in its order
   * @param name full name of the message
   * @throws akkasinks.base.FailureException NOT_SUPPORTED for a column that has no type;
   *     SCHEMA_CHANGED if the subject's history leaves no place for one
   */
  public static ProtobufFormat key(Relation relation, int[] columns, String name, Subject subject) {
    return alone(true, relation, columns, name, subject);
  }

  /** The schema of a row as a value; as {@link #key} otherwise. */
  public static ProtobufFormat row(Relation relation, int[] columns, String name, Subject subject) {
    return alone(false, relation, columns, name, subject);
  }

  private static ProtobufFormat alone(
      boolean key, Relation relation, int[] columns, String name, Subject subject) {
    var main = ProtobufNames.last(name);
    var row = new ProtobufTypes(key, main).row(main, relation, columns);
    return of(relation, columns, row, ProtoFile.messages(row), name, subject);
  }

  /** The schema of {@code before} and {@code after}; as {@link #key} otherwise. */
  public static ProtobufFormat pair(
      Relation relation, int[] columns, String name, Subject subject) {
    return changes(relation, columns, name, subject, List.of(), List.of());
  }

  /** The schema of Debezium's whole event; as {@link #key} otherwise. */
  public static ProtobufFormat event(
      Relation relation, int[] columns, String name, Subject subject) {
    var main = ProtobufNames.last(name);
    return changes(
        relation, columns, name, subject, ProtobufEvents.fields(main), ProtobufEvents.parts(main));
  }

  private static ProtobufFormat changes(
      Relation relation,
      int[] columns,
      String name,
      Subject subject,
      List<ProtoFile.Field> more,
      List<ProtoFile.Message> parts) {
    var main = ProtobufNames.last(name);
    var paired = ProtobufNames.beside(main, PAIRED_ROW);
    var taken = Stream.concat(Stream.of(main, paired), parts.stream().map(ProtoFile.Message::name));
    var row = new ProtobufTypes(false, taken.toArray(String[]::new)).row(paired, relation, columns);
    List<ProtoFile.Field> fields = new ArrayList<>();
    fields.add(new ProtoFile.Field("optional", paired, "before", 0));
    fields.add(new ProtoFile.Field("optional", paired, "after", 0));
    fields.addAll(more);
    List<ProtoFile.Message> messages = new ArrayList<>();
    messages.add(new ProtoFile.Message(main, fields));
    messages.addAll(ProtoFile.messages(row));
    messages.addAll(parts);
    return of(relation, columns, row, messages, name, subject);
  }

  private static ProtobufFormat of(
      Relation relation,
      int[] columns,
      ProtobufType.Message row,
      List<ProtoFile.Message> messages,
      String name,
      Subject subject) {
    var file =
        FieldNumbers.give(
            subject.name(),
            new ProtoFile(ProtobufNames.packageOf(name), messages),
            subject.history().stream().map(text -> parsed(subject.name(), text)).toList());
    return new ProtobufFormat(relation, columns, row, file);
  }

  private static ProtoFile parsed(String subject, String text) {
    try {
      return ProtoParser.parse(text);
    } catch (IllegalArgumentException e) {
      throw Failure.of(
              Code.SCHEMA_CHANGED,
              "a schema of subject \"%s\" cannot be read, so its field numbers are not known"
                  .formatted(subject))
          .detail(String.valueOf(e.getMessage()))
          .hint("Create the sink with a topic whose subjects are its own.")
          .exception(e);
    }
  }

  @Override
  public RegisteredSchema schema() {
    return new RegisteredSchema(KIND, file.text());
  }

  @Override
  public String shown() {
    return file.text();
  }

  @Override
  public RowEncoder rows(int schemaId) {
    var writer = new RowWriter(relation, columns, MessageFields.of(row, file));
    return (batch, index, out) -> {
      header(schemaId, out);
      writer.write(batch, index, out);
    };
  }

  @Override
  public PairEncoder pairs(int schemaId) {
    checkPair();
    var writer = new RowWriter(relation, columns, MessageFields.of(row, file));
    return (batch, before, after, out) -> {
      header(schemaId, out);
      writer.writeIfAny(batch, before, Wire.tag(BEFORE, Wire.LENGTH), out);
      writer.writeIfAny(batch, after, Wire.tag(AFTER, Wire.LENGTH), out);
    };
  }

  @Override
  public EventEncoder events(int schemaId, Origin origin) {
    return new ProtobufEvents(pairs(schemaId), file, relation, origin);
  }

  @Override
  public List<String> key(byte[] key) {
    return keys.decode(key);
  }

  /** The row after a change is found by its number alone. */
  private void checkPair() {
    var main = file.messages().getFirst();
    if (main.field("before").orElseThrow().number() != BEFORE
        || main.field("after").orElseThrow().number() != AFTER) {
      throw foreign();
    }
  }

  private static FailureException foreign() {
    return Failure.of(
            Code.SCHEMA_CHANGED,
            "the subject of the sink's values has other numbers for \"before\" and \"after\"")
        .hint("Create the sink with a topic whose subjects are its own.")
        .exception();
  }

  private static void header(int schemaId, Buffer out) {
    out.put(0);
    Wire.fixed32(Integer.reverseBytes(schemaId), out);
    out.put(0);
  }
}
