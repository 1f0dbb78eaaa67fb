package akkasinks.format.avro;

import akkasinks.change.Batch;
import akkasinks.change.Buffer;
import akkasinks.change.EventEncoder;
import akkasinks.change.Op;
import akkasinks.change.PairEncoder;
import akkasinks.change.Relation;
import akkasinks.format.debezium.EventFacts;
import akkasinks.format.debezium.Origin;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Debezium's whole event: the pair, and after it {@code source}, {@code op}, {@code ts_ms} and
 * {@code transaction}, under the names that Debezium's connector for PostgreSQL gives their
 * records. Belongs to one thread.
 */
final class AvroEvents implements EventEncoder {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final List<String> TEXTS =
      List.of("version", "connector", "name", "db", "schema", "table");

  private final PairEncoder pair;
  private final EventFacts facts;

  /** The begin of {@code source}, up to what differs between changes. */
  private final byte[] source;

  AvroEvents(PairEncoder pair, Relation relation, Origin origin) {
    this.pair = pair;
    this.facts = new EventFacts(origin.clock());
    var fields = origin.of(relation);
    var out = new Buffer(256);
    TEXTS.forEach(name -> text(fields.getOrDefault(name, ""), out));
    this.source = out.toBytes();
  }

  @Override
  public void encode(Batch of, int change, Op op, int before, int after, Buffer out) {
    facts.of(of, change);
    pair.encode(of, before, after, out);
    out.put(source);
    Binary.whole(facts.committed(), out);
    text(facts.isSnapshot() ? "true" : "false", out);
    orNull(facts.isTold(), out);
    if (facts.isTold()) {
      Binary.whole(facts.xid(), out);
    }
    orNull(!facts.isSnapshot(), out);
    if (!facts.isSnapshot()) {
      Binary.whole(facts.lsn(), out);
    }
    Binary.whole(1, out);
    out.put(EventFacts.letter(op));
    Binary.whole(facts.now(), out);
    orNull(facts.isTold(), out);
    if (facts.isTold()) {
      text(facts.transaction(), out);
      Binary.whole(facts.order(), out);
    }
  }

  private static void orNull(boolean present, Buffer out) {
    out.put(present ? Binary.VALUE : Binary.NULL);
  }

  private static void text(String text, Buffer out) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    Binary.bytes(utf8, 0, utf8.length, out);
  }

  /** To the schema of a pair. */
  static void addTo(ObjectNode pair) {
    var fields = pair.withArray("fields");
    var source = record("Source", "io.debezium.connector.postgresql");
    var inner = source.withArray("fields");
    TEXTS.forEach(name -> field(name, "string", inner));
    field("ts_ms", "long", inner);
    field("snapshot", "string", inner);
    nullable("txId", JSON.textNode("long"), inner);
    nullable("lsn", JSON.textNode("long"), inner);
    fields.addObject().put("name", "source").set("type", source);
    field("op", "string", fields);
    field("ts_ms", "long", fields);
    var transaction = record("block", "event");
    field("id", "string", transaction.withArray("fields"));
    field("total_order", "long", transaction.withArray("fields"));
    nullable("transaction", transaction, fields);
  }

  private static ObjectNode record(String name, String namespace) {
    var record = JSON.objectNode().put("type", "record").put("name", name);
    record.put("namespace", namespace).putArray("fields");
    return record;
  }

  private static void field(String name, String type, ArrayNode fields) {
    fields.addObject().put("name", name).put("type", type);
  }

  private static void nullable(String name, JsonNode type, ArrayNode fields) {
    var field = fields.addObject().put("name", name);
    field.set("type", JSON.arrayNode().add("null").add(type));
    field.putNull("default");
  }
}
