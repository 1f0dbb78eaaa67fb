package akkasinks.http;

import akkasinks.cluster.NodeMember;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;

/**
 * A node as REST shows it.
 *
 * @param address host:port under which other nodes reach it
 * @param status in lower case: {@code joining}, {@code up}, {@code leaving}, {@code down}, …
 * @param oldest whether it has the catalog and places sinks
 * @param sinks those that run there; empty if the catalog does not tell in time, as while it moves
 */
public record NodeReport(
    String address,
    String status,
    boolean reachable,
    boolean oldest,
    List<String> roles,
    Optional<Sinks> sinks) {

  /**
   * @param names of those that run there
   * @param rowsIn changes that they have read since they came there
   */
  public record Sinks(List<String> names, long rowsIn) {
    public Sinks {
      names = List.copyOf(names);
    }
  }

  public NodeReport {
    roles = List.copyOf(roles);
  }

  static NodeReport of(NodeMember member, Optional<List<SinkReport>> all) {
    return new NodeReport(
        member.address(),
        member.status(),
        member.reachable(),
        member.oldest(),
        member.roles(),
        all.map(
            sinks -> on(sinks.stream().filter(s -> s.node().equals(member.address())).toList())));
  }

  private static Sinks on(List<SinkReport> here) {
    return new Sinks(
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
    sinks.ifPresent(
        here -> {
          here.names().forEach(json.putArray("sinks")::add);
          json.put("rows_in", here.rowsIn());
        });
    return json;
  }
}
