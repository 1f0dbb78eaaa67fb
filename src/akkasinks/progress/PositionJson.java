package akkasinks.progress;

import akkasinks.change.KafkaPosition;
import akkasinks.change.Lsn;
import akkasinks.change.Position;
import akkasinks.change.PostgresPosition;
import akkasinks.change.SnapshotState;
import akkasinks.change.SnapshotState.Chunk;
import akkasinks.change.SnapshotState.Visible;
import akkasinks.change.SnapshotState.XidRange;
import akkasinks.change.SourceTables;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * A position as JSON. Short on purpose, since it is written with each commit: an xid range of one
 * is a number, a longer one a pair; absent parts are left out. Fields that are not known are passed
 * over, so that an older version can read what a newer one wrote.
 */
public final class PositionJson {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private PositionJson() {}

  public static ObjectNode write(Position position) {
    return switch (position) {
      case PostgresPosition p -> postgres(p);
      case KafkaPosition p -> kafka(p);
    };
  }

  /**
   * @throws akkasinks.base.FailureException naming the field that is missing or wrong
   */
  public static Position read(JsonNode node) {
    return read(new JsonFields("position", node));
  }

  static Position read(JsonFields from) {
    String kind = from.text("kind");
    return switch (kind) {
      case "postgres" -> postgres(from);
      case "kafka" -> kafka(from);
      default ->
          throw JsonFields.unreadable(
              "a position of kind \"%s\" is not known here".formatted(kind));
    };
  }

  private static KafkaPosition kafka(JsonFields from) {
    return new KafkaPosition(
        from.text("topic"),
        from.numbers("offsets"),
        from.has("skipped") ? from.number("skipped") : 0,
        from.has("again") ? from.numbers("again") : List.of());
  }

  private static ObjectNode kafka(KafkaPosition p) {
    ObjectNode node = NODES.objectNode().put("kind", "kafka").put("topic", p.topicId());
    numbers(node.putArray("offsets"), p.offsets());
    if (p.skipped() > 0) {
      node.put("skipped", p.skipped());
    }
    if (!p.again().isEmpty()) {
      numbers(node.putArray("again"), p.again());
    }
    return node;
  }

  private static void numbers(ArrayNode array, List<Long> numbers) {
    numbers.forEach(array::add);
  }

  private static PostgresPosition postgres(JsonFields from) {
    return new PostgresPosition(
        from.text("system"),
        from.integer("timeline"),
        from.text("slot"),
        from.lsn("end"),
        from.has("within") ? Optional.of(within(from.object("within"))) : Optional.empty(),
        from.has("snapshot") ? Optional.of(snapshot(from.object("snapshot"))) : Optional.empty(),
        from.has("origin") ? Optional.of(origin(from.object("origin"))) : Optional.empty(),
        from.has("tables") ? Optional.of(tables(from.object("tables"))) : Optional.empty());
  }

  private static ObjectNode postgres(PostgresPosition p) {
    ObjectNode node =
        NODES
            .objectNode()
            .put("kind", "postgres")
            .put("system", p.systemIdentifier())
            .put("timeline", p.timeline())
            .put("slot", p.slot())
            .put("end", Lsn.text(p.end()));
    p.within()
        .ifPresent(
            w ->
                node.putObject("within")
                    .put("final", Lsn.text(w.finalLsn()))
                    .put("changes", w.changes()));
    p.snapshot().ifPresent(s -> node.set("snapshot", snapshot(s)));
    p.origin()
        .ifPresent(
            o ->
                node.putObject("origin")
                    .put("table", o.table())
                    .put("publication", o.publication()));
    p.tables().ifPresent(t -> node.set("tables", tables(t)));
    return node;
  }

  private static ObjectNode tables(SourceTables t) {
    ObjectNode node = NODES.objectNode();
    node.set("begun", begun(t.begun()));
    ObjectNode reading = node.putObject("reading");
    t.reading().forEach((oid, state) -> reading.set(Long.toString(oid), snapshot(state)));
    node.set("excluded", begun(t.excluded()));
    return node.put("steps", t.steps());
  }

  private static ObjectNode begun(SortedMap<Long, SourceTables.Begun> tables) {
    ObjectNode node = NODES.objectNode();
    tables.forEach(
        (oid, table) -> {
          ObjectNode each = node.putObject(Long.toString(oid));
          each.put("schema", table.schema()).put("name", table.name());
          each.set("key", texts(table.key()));
        });
    return node;
  }

  private static SourceTables tables(JsonFields from) {
    return new SourceTables(
        byOid(from.object("begun"), PositionJson::begun),
        byOid(from.object("reading"), PositionJson::snapshot),
        byOid(from.object("excluded"), PositionJson::begun),
        from.number("steps"));
  }

  private static SourceTables.Begun begun(JsonFields from) {
    return new SourceTables.Begun(from.text("schema"), from.text("name"), from.texts("key"));
  }

  private static <T> SortedMap<Long, T> byOid(JsonFields from, Function<JsonFields, T> each) {
    var found = new TreeMap<Long, T>();
    from.node()
        .fieldNames()
        .forEachRemaining(oid -> found.put(oid(from, oid), each.apply(from.object(oid))));
    return found;
  }

  private static long oid(JsonFields from, String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw JsonFields.unreadable(
          "\"%s\" must be named by oids, not \"%s\"".formatted(from.path(), text));
    }
  }

  private static PostgresPosition.Within within(JsonFields from) {
    return new PostgresPosition.Within(from.lsn("final"), from.number("changes"));
  }

  private static PostgresPosition.Origin origin(JsonFields from) {
    return new PostgresPosition.Origin(from.number("table"), from.number("publication"));
  }

  private static ObjectNode snapshot(SnapshotState s) {
    ObjectNode node = NODES.objectNode();
    node.set("exported", visible(s.exported()));
    node.put("started", s.started());
    node.put("again", s.again());
    node.set("judged", texts(s.judged()));
    node.set("covered", texts(s.covered()));
    node.put("complete", s.complete());
    ArrayNode pending = node.putArray("pending");
    for (Chunk chunk : s.pending()) {
      ObjectNode each = pending.addObject();
      each.set("upTo", texts(chunk.upTo()));
      each.set("snapshot", visible(chunk.snapshot()));
      each.put("until", Lsn.text(chunk.until()));
    }
    node.set("unseen", ranges(s.unseen()));
    return node.put("rows", s.rows()).put("steps", s.steps());
  }

  private static SnapshotState snapshot(JsonFields from) {
    return new SnapshotState(
        visible(from.object("exported")),
        from.flag("started"),
        from.flag("again"),
        from.texts("judged"),
        from.texts("covered"),
        from.flag("complete"),
        from.list("pending", chunk -> chunk(new JsonFields(from.path() + ".pending", chunk))),
        ranges(from, "unseen"),
        from.number("rows"),
        from.number("steps"));
  }

  private static Chunk chunk(JsonFields from) {
    return new Chunk(from.texts("upTo"), visible(from.object("snapshot")), from.lsn("until"));
  }

  private static ObjectNode visible(Visible v) {
    ObjectNode node = NODES.objectNode().put("xmin", v.xmin()).put("xmax", v.xmax());
    node.set("inProgress", ranges(v.inProgress()));
    return node;
  }

  private static Visible visible(JsonFields from) {
    return new Visible(from.number("xmin"), from.number("xmax"), ranges(from, "inProgress"));
  }

  private static ArrayNode ranges(List<XidRange> ranges) {
    ArrayNode array = NODES.arrayNode(ranges.size());
    for (XidRange range : ranges) {
      if (range.first() == range.last()) {
        array.add(range.first());
      } else {
        array.addArray().add(range.first()).add(range.last());
      }
    }
    return array;
  }

  private static List<XidRange> ranges(JsonFields from, String field) {
    return from.list(
        field,
        node -> {
          if (JsonFields.isLong(node)) {
            return new XidRange(node.longValue(), node.longValue());
          }
          if (node.isArray()
              && node.size() == 2
              && JsonFields.isLong(node.get(0))
              && JsonFields.isLong(node.get(1))) {
            return new XidRange(node.get(0).longValue(), node.get(1).longValue());
          }
          throw JsonFields.unreadable(
              "\"%s.%s\" must hold numbers and pairs of numbers".formatted(from.path(), field));
        });
  }

  private static ArrayNode texts(List<String> texts) {
    ArrayNode array = NODES.arrayNode(texts.size());
    texts.forEach(array::add);
    return array;
  }
}
