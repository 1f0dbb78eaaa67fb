package akkasinks.format.protobuf;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.base.FailureException;
import akkasinks.change.Buffer;
import akkasinks.change.PairEncoder;
import akkasinks.change.Relation;
import akkasinks.change.RowEncoder;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The schema of one subject for one relation, and its encoders. An encoder belongs to one thread;
 * make one for each.
 *
 * <p>Encoders throw DATA, naming the column, if a value was not sent by the source, is not text of
 * its type, or has no form in Protobuf.
 */
public final class ProtobufFormat {
  /** Bytes before the message: zero, the schema's id, most significant byte first, and zero. */
  public static final int HEADER = 6;

  static final int BEFORE = 1;
  static final int AFTER = 2;

  private static final String PAIRED_ROW = "Row";

  private final Relation relation;
  private final int[] columns;
  private final ProtobufType.Message row;
  private final ProtoFile file;

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
    this.columns = columns;
    this.row = row;
    this.file = file;
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
    var main = ProtobufNames.last(name);
    var row = new ProtobufTypes(true, main).row(main, relation, columns.clone());
    return of(
        relation, columns.clone(), row, new ProtoFile("", ProtoFile.messages(row)), name, subject);
  }

  /** The schema of a row as a value; as {@link #key} otherwise. */
  public static ProtobufFormat row(Relation relation, String name, Subject subject) {
    var columns = all(relation);
    var main = ProtobufNames.last(name);
    var row = new ProtobufTypes(false, main).row(main, relation, columns);
    return of(relation, columns, row, new ProtoFile("", ProtoFile.messages(row)), name, subject);
  }

  /** The schema of {@code before} and {@code after}; as {@link #key} otherwise. */
  public static ProtobufFormat pair(Relation relation, String name, Subject subject) {
    var columns = all(relation);
    var main = ProtobufNames.last(name);
    var paired = main.equals(PAIRED_ROW) ? PAIRED_ROW + 1 : PAIRED_ROW;
    var row = new ProtobufTypes(false, main, paired).row(paired, relation, columns);
    List<ProtoFile.Message> messages = new ArrayList<>();
    messages.add(
        new ProtoFile.Message(
            main,
            List.of(
                new ProtoFile.Field("optional", paired, "before", 0),
                new ProtoFile.Field("optional", paired, "after", 0))));
    messages.addAll(ProtoFile.messages(row));
    return of(relation, columns, row, new ProtoFile("", messages), name, subject);
  }

  /** Reads keys back; of {@link #key}. */
  public ProtobufKeys keys() {
    return new ProtobufKeys(relation, columns, row, MessageFields.of(row, file));
  }

  private static int[] all(Relation relation) {
    return IntStream.range(0, relation.columns().size()).toArray();
  }

  private static ProtobufFormat of(
      Relation relation,
      int[] columns,
      ProtobufType.Message row,
      ProtoFile wanted,
      String name,
      Subject subject) {
    var file =
        FieldNumbers.give(
            subject.name(),
            new ProtoFile(ProtobufNames.packageOf(name), wanted.messages()),
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

  /** As a registry takes it. */
  public String schema() {
    return file.text();
  }

  /**
   * Of {@link #key} and {@link #row}.
   *
   * @param schemaId what the registry knows {@link #schema} by
   */
  public RowEncoder rows(int schemaId) {
    var writer = new RowWriter(relation, columns, MessageFields.of(row, file));
    return (batch, index, out) -> {
      header(schemaId, out);
      writer.write(batch, index, out);
    };
  }

  /**
   * Of {@link #pair}.
   *
   * @param schemaId what the registry knows {@link #schema} by
   */
  public PairEncoder pairs(int schemaId) {
    checkPair();
    var writer = new RowWriter(relation, columns, MessageFields.of(row, file));
    return (batch, before, after, out) -> {
      header(schemaId, out);
      writer.writeIfAny(batch, before, Wire.tag(BEFORE, Wire.LENGTH), out);
      writer.writeIfAny(batch, after, Wire.tag(AFTER, Wire.LENGTH), out);
    };
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
