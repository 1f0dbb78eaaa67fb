package akkasinks.format.json;

import akkasinks.change.Batch;
import akkasinks.change.Buffer;
import akkasinks.change.EventEncoder;
import akkasinks.change.Op;
import akkasinks.change.PairEncoder;
import akkasinks.change.Relation;
import akkasinks.format.debezium.EventFacts;
import akkasinks.format.debezium.Origin;
import java.nio.charset.StandardCharsets;

/**
 * Debezium's whole event: {@code before}, {@code after}, {@code source}, {@code op}, {@code ts_ms}
 * and {@code transaction}, in this order. Belongs to one thread.
 */
final class JsonEvents implements EventEncoder {
  private static final byte[] NULL = bytes("null");

  private final PairEncoder pair;
  private final EventFacts facts;

  /** The begin of {@code source}, up to what differs between changes. */
  private final byte[] source;

  /**
   * @param pair writes {@code {"before":…,"after":…}}
   */
  JsonEvents(PairEncoder pair, Relation relation, Origin origin) {
    this.pair = pair;
    this.facts = new EventFacts(origin.clock());
    var out = new Buffer(256);
    origin.of(relation).forEach((name, value) -> field(name, value, out));
    // The first one's comma gives way to the brace.
    byte[] fields = out.toBytes();
    fields[0] = '{';
    var begin = new Buffer(256);
    begin.put(",\"source\":");
    begin.put(fields);
    this.source = begin.toBytes();
  }

  @Override
  public void encode(Batch of, int change, Op op, int before, int after, Buffer out) {
    facts.of(of, change);
    pair.encode(of, before, after, out);
    // Its closing brace gives way to more fields.
    out.wrote(-1);
    out.put(source);
    out.put(",\"ts_ms\":");
    out.put(Long.toString(facts.committed()));
    out.put(",\"snapshot\":");
    out.put(facts.isSnapshot() ? "\"true\"" : "\"false\"");
    out.put(",\"txId\":");
    out.put(facts.isTold() ? Long.toString(facts.xid()) : "null");
    out.put(",\"lsn\":");
    out.put(facts.isSnapshot() ? "null" : Long.toUnsignedString(facts.lsn()));
    out.put("},\"op\":\"");
    out.put(EventFacts.letter(op));
    out.put("\",\"ts_ms\":");
    out.put(Long.toString(facts.now()));
    out.put(",\"transaction\":");
    transaction(out);
    out.put('}');
  }

  private void transaction(Buffer out) {
    if (!facts.isTold()) {
      out.put(NULL);
      return;
    }
    out.put("{\"id\":\"");
    out.put(facts.transaction());
    out.put("\",\"total_order\":");
    out.put(Long.toString(facts.order()));
    out.put('}');
  }

  private static void field(String name, String value, Buffer out) {
    out.put(",\"" + name + "\":");
    byte[] utf8 = bytes(value);
    JsonText.write(utf8, 0, utf8.length, out);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
