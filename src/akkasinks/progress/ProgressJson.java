package akkasinks.progress;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The progress record as the target stores it: one JSON object, readable for people too.
 *
 * <pre>
 * {"version":1,"sink":"u1","incarnation":3,"writer":"5f…","frontier":{…},"topics":{"orders":"…"}}
 * </pre>
 */
public final class ProgressJson {
  /**
   * Grows when an older reader would understand a record wrongly; a new field alone is no cause.
   */
  public static final int VERSION = 1;

  private static final ObjectMapper JSON = new ObjectMapper();

  private ProgressJson() {}

  /**
   * @throws akkasinks.base.FailureException LIMIT if it is longer than {@link
   *     ProgressRecord#MAX_BYTES}
   */
  public static byte[] write(ProgressRecord record) {
    ObjectNode node =
        JSON.createObjectNode()
            .put("version", VERSION)
            .put("sink", record.sinkId())
            .put("incarnation", record.incarnation())
            .put("writer", record.writerId());
    node.set("frontier", PositionJson.write(record.frontier()));
    ObjectNode topics = node.putObject("topics");
    record.topics().entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(topic -> topics.put(topic.getKey(), topic.getValue()));
    if (!record.resnapshotFrom().isEmpty()) {
      ArrayNode from = node.putArray("resnapshotFrom");
      record.resnapshotFrom().forEach(from::add);
    }
    byte[] bytes;
    try {
      bytes = JSON.writeValueAsBytes(node);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
    if (bytes.length > ProgressRecord.MAX_BYTES) {
      throw Failure.of(
              Code.LIMIT,
              "the progress record of sink %s would take %d bytes, more than %d"
                  .formatted(record.sinkId(), bytes.length, ProgressRecord.MAX_BYTES))
          .hint("End transactions that have been open in the database for long, then wait.")
          .exception();
    }
    return bytes;
  }

  /**
   * @throws akkasinks.base.FailureException HISTORY_CHANGED, naming what is missing or wrong
   */
  public static ProgressRecord read(byte[] bytes) {
    JsonNode node;
    try {
      node = JSON.readTree(bytes);
    } catch (IOException e) {
      throw JsonFields.unreadable("it is not JSON");
    }
    if (!node.isObject()) {
      throw JsonFields.unreadable("it is not a JSON object");
    }
    JsonFields from = new JsonFields("progress", node);
    long version = from.number("version");
    if (version != VERSION) {
      throw JsonFields.unreadable(
          "its version is %d, and this AkkaSinks knows version %d".formatted(version, VERSION));
    }
    Map<String, String> topics = new LinkedHashMap<>();
    JsonFields named = from.object("topics");
    named.node().fieldNames().forEachRemaining(name -> topics.put(name, named.text(name)));
    return new ProgressRecord(
        from.text("sink"),
        from.number("incarnation"),
        from.text("writer"),
        PositionJson.read(from.object("frontier")),
        topics,
        from.has("resnapshotFrom") ? from.numbers("resnapshotFrom") : List.of());
  }
}
