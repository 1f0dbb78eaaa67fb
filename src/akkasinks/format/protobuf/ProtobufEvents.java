package akkasinks.format.protobuf;

import akkasinks.change.Batch;
import akkasinks.change.Buffer;
import akkasinks.change.EventEncoder;
import akkasinks.change.Op;
import akkasinks.change.PairEncoder;
import akkasinks.change.Relation;
import akkasinks.format.debezium.EventFacts;
import akkasinks.format.debezium.Origin;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Debezium's whole event: the pair, and after it {@code source}, {@code op}, {@code ts_ms} and
 * {@code transaction}. Belongs to one thread.
 */
final class ProtobufEvents implements EventEncoder {
  private static final String SOURCE = "Source";
  private static final String TRANSACTION = "Transaction";
  private static final List<String> TEXTS =
      List.of("version", "connector", "name", "db", "schema", "table");

  private final PairEncoder pair;
  private final EventFacts facts;
  private final Tags tags;

  /** The begin of {@code source}, up to what differs between changes. */
  private final byte[] begin;

  private final Buffer part = new Buffer(256);

  private record Tags(
      int source,
      int op,
      int now,
      int transaction,
      int committed,
      int snapshot,
      int xid,
      int lsn,
      int id,
      int order) {

    static Tags of(ProtoFile file) {
      var main = file.messages().getFirst().name();
      var source = ProtobufNames.beside(main, SOURCE);
      var transaction = ProtobufNames.beside(main, TRANSACTION);
      return new Tags(
          tag(file, main, "source", Wire.LENGTH),
          tag(file, main, "op", Wire.LENGTH),
          tag(file, main, "ts_ms", Wire.VARINT),
          tag(file, main, "transaction", Wire.LENGTH),
          tag(file, source, "ts_ms", Wire.VARINT),
          tag(file, source, "snapshot", Wire.LENGTH),
          tag(file, source, "txId", Wire.VARINT),
          tag(file, source, "lsn", Wire.VARINT),
          tag(file, transaction, "id", Wire.LENGTH),
          tag(file, transaction, "total_order", Wire.VARINT));
    }
  }

  ProtobufEvents(PairEncoder pair, ProtoFile file, Relation relation, Origin origin) {
    this.pair = pair;
    this.facts = new EventFacts(origin.clock());
    this.tags = Tags.of(file);
    var source = ProtobufNames.beside(file.messages().getFirst().name(), SOURCE);
    var out = new Buffer(256);
    origin
        .of(relation)
        .forEach((name, text) -> text(tag(file, source, name, Wire.LENGTH), text, out));
    this.begin = out.toBytes();
  }

  private static int tag(ProtoFile file, String message, String field, int wire) {
    return Wire.tag(MessageFields.number(file, message, field), wire);
  }

  @Override
  public void encode(Batch of, int change, Op op, int before, int after, Buffer out) {
    facts.of(of, change);
    pair.encode(of, before, after, out);
    part.clear();
    source();
    Wire.varint(tags.source(), out);
    Wire.bytes(part, out);
    Wire.varint(tags.op(), out);
    Wire.varint(1, out);
    out.put(EventFacts.letter(op));
    number(tags.now(), facts.now(), out);
    if (facts.isTold()) {
      part.clear();
      text(tags.id(), facts.transaction(), part);
      number(tags.order(), facts.order(), part);
      Wire.varint(tags.transaction(), out);
      Wire.bytes(part, out);
    }
  }

  private void source() {
    part.put(begin);
    number(tags.committed(), facts.committed(), part);
    text(tags.snapshot(), facts.isSnapshot() ? "true" : "false", part);
    if (facts.isTold()) {
      number(tags.xid(), facts.xid(), part);
    }
    if (!facts.isSnapshot()) {
      number(tags.lsn(), facts.lsn(), part);
    }
  }

  private static void number(int tag, long number, Buffer out) {
    Wire.varint(tag, out);
    Wire.varint(number, out);
  }

  private static void text(int tag, String text, Buffer out) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    Wire.varint(tag, out);
    Wire.bytes(utf8, 0, utf8.length, out);
  }

  /** What the message of a pair has besides, without numbers. */
  static List<ProtoFile.Field> fields(String main) {
    return List.of(
        field(ProtobufNames.beside(main, SOURCE), "source"),
        field("string", "op"),
        field("int64", "ts_ms"),
        field(ProtobufNames.beside(main, TRANSACTION), "transaction"));
  }

  /** The messages of those fields. */
  static List<ProtoFile.Message> parts(String main) {
    List<ProtoFile.Field> source = new ArrayList<>();
    TEXTS.forEach(name -> source.add(field("string", name)));
    source.add(field("int64", "ts_ms"));
    source.add(field("string", "snapshot"));
    source.add(field("int64", "txId"));
    source.add(field("int64", "lsn"));
    return List.of(
        new ProtoFile.Message(ProtobufNames.beside(main, SOURCE), source),
        new ProtoFile.Message(
            ProtobufNames.beside(main, TRANSACTION),
            List.of(field("string", "id"), field("int64", "total_order"))));
  }

  private static ProtoFile.Field field(String type, String name) {
    return new ProtoFile.Field("optional", type, name, 0);
  }
}
