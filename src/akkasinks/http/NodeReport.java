package akkasinks.http;

import akkasinks.cluster.NodeMember;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * A node as REST shows it.
 *
 * @param address host:port under which other nodes reach it
 * @param status in lower case: {@code joining}, {@code up}, {@code leaving}, {@code down}, …
 * @param oldest whether it has the catalog and places sinks
 * @param sinks names of those that run there
 * @param rowsIn changes that they have read since they came there
 */
public record NodeReport(
    String address,
    String status,
    boolean reachable,
    boolean oldest,
    List<String> roles,
    List<String> sinks,
    long rowsIn) {

  public NodeReport {
    roles = List.copyOf(roles);
    sinks = List.copyOf(sinks);
  }

  static NodeReport of(NodeMember member, List<SinkReport> all) {
    var here = all.stream().filter(sink -> sink.node().equals(member.address())).toList();
    return new NodeReport(
        member.address(),
        member.status(),
        member.reachable(),
        member.oldest(),
        member.roles(),
        here.stream().map(SinkReport::name).toList(),
        here.stream().mapToLong(sink -> sink.counters().rowsIn()).sum());
  }

  ObjectNode json() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("address", address);
    json.put("status", status);
    json.put("reachable", reachable);
    json.put("oldest", oldest);
    roles.forEach(json.putArray("roles")::add);
    sinks.forEach(json.putArray("sinks")::add);
    json.put("rowsIn", rowsIn);
    return json;
  }
}
