package akkasinks.format.json;

import akkasinks.change.Batch;
import akkasinks.change.Buffer;
import akkasinks.change.EventEncoder;
import akkasinks.change.Lsn;
import akkasinks.change.Op;
import akkasinks.change.PairEncoder;
import akkasinks.change.Relation;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * Debezium's whole event: {@code before}, {@code after}, {@code source}, {@code op}, {@code ts_ms}
 * and {@code transaction}, in this order. A snapshot's row belongs to no transaction. {@code lsn}
 * is where its transaction commits. Belongs to one thread.
 */
public final class JsonEvents implements EventEncoder {
  private static final byte[] NULL = bytes("null");

  private final PairEncoder pair;
  private final InstantSource clock;

  /** The begin of {@code source}, up to what differs between changes. */
  private final byte[] source;

  private @Nullable Batch batch;
  private String now = "";
  private int place = -1;

  /**
   * @param pair writes {@code {"before":…,"after":…}}
   * @param name of the source, {@code database} as it is called there
   */
  public JsonEvents(
      PairEncoder pair, Relation relation, String name, String database, InstantSource clock) {
    this.pair = pair;
    this.clock = clock;
    var out = new Buffer(256);
    out.put(",\"source\":{\"version\":\"akkasinks\",\"connector\":\"postgresql\"");
    field("name", name, out);
    field("db", database, out);
    field("schema", relation.schema(), out);
    field("table", relation.name(), out);
    this.source = out.toBytes();
  }

  @Override
  public void encode(Batch of, int change, Op op, int before, int after, Buffer out) {
    if (of != batch) {
      batch = of;
      now = Long.toString(clock.millis());
      place = -1;
    }
    pair.encode(of, before, after, out);
    // Its closing brace gives way to more fields.
    out.wrote(-1);
    long commit = of.transaction(change);
    place = commit == 0 ? -1 : of.told().find(commit, place);
    out.put(source);
    source(of, commit, out);
    out.put(",\"op\":\"");
    out.put(
        switch (op) {
          case READ -> 'r';
          case INSERT -> 'c';
          case UPDATE -> 'u';
          case DELETE -> 'd';
        });
    out.put("\",\"ts_ms\":");
    out.put(now);
    out.put(",\"transaction\":");
    transaction(of, change, commit, out);
    out.put('}');
  }

  private void source(Batch of, long commit, Buffer out) {
    out.put(",\"ts_ms\":");
    out.put(place < 0 ? now : Long.toString(Math.floorDiv(of.told().time(place), 1_000L)));
    out.put(",\"snapshot\":");
    out.put(commit == 0 ? "\"true\"" : "\"false\"");
    out.put(",\"txId\":");
    out.put(place < 0 ? "null" : Long.toString(of.told().id(place)));
    out.put(",\"lsn\":");
    out.put(commit == 0 ? "null" : Long.toUnsignedString(commit));
    out.put('}');
  }

  private void transaction(Batch of, int change, long commit, Buffer out) {
    if (place < 0) {
      out.put(NULL);
      return;
    }
    out.put("{\"id\":\"");
    out.put(Long.toString(of.told().id(place)));
    out.put(":");
    out.put(Lsn.text(commit));
    out.put("\",\"total_order\":");
    out.put(Long.toString(of.told().order(change)));
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
