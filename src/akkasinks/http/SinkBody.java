package akkasinks.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** A sink as JSON; what is not known is left out. */
final class SinkBody {
  private SinkBody() {}

  static ObjectNode of(SinkReport sink) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("id", sink.id());
    body.put("name", sink.name());
    body.put("state", sink.state());
    body.put("since", sink.since().toString());
    body.put("node", sink.node());
    body.put("from", sink.from());
    body.put("connection", sink.connection());
    body.put("topic", sink.topic());
    ArrayNode key = body.putArray("key");
    sink.key().forEach(key::add);
    body.put("envelope", sink.envelope());
    sink.error().ifPresent(failure -> body.set("error", ErrorBody.of(failure)));
    sink.nextTry().ifPresent(at -> body.put("next_try", at.toString()));
    body.put("failed_attempts", sink.failures());
    body.put("incarnation", sink.incarnation());
    body.put("rows_in", sink.counters().rowsIn());
    body.put("records_out", sink.counters().recordsOut());
    body.put("bytes_out", sink.counters().bytesOut());
    body.put("commits", sink.counters().commits());
    if (!sink.frontier().isEmpty()) {
      body.put("frontier", sink.frontier());
    }
    sink.lagBytes().ifPresent(bytes -> body.put("lag_bytes", bytes));
    sink.retainedWalBytes().ifPresent(bytes -> body.put("retained_wal_bytes", bytes));
    sink.snapshot()
        .ifPresent(
            snapshot -> {
              ObjectNode under = body.putObject("snapshot");
              under.put("rows", snapshot.rows());
              snapshot.estimatedRows().ifPresent(rows -> under.put("estimated_rows", rows));
            });
    if (!sink.waiting().isEmpty()) {
      body.put("waiting", sink.waiting());
    }
    body.put("create_sql", sink.createSql());
    return body;
  }
}
