package akkasinks.pgwire;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.pgwire.FrontendMessage.Target;
import akkasinks.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A connection's prepared statements and portals, of bounded number and size. */
final class Statements {
  private static final int MOST_PREPARED = 1_000;
  private static final int MOST_PORTALS = 100;

  /** Characters in the texts of all prepared statements. */
  private static final long MOST_TEXT = 4L << 20;

  private final Map<String, Prepared> prepared = new HashMap<>();
  private final Map<String, Portal> portals = new HashMap<>();

  /**
   * @param name empty for the unnamed one, which may be replaced
   * @param parameters how many the text names; the client may have told the types of more or fewer
   */
  void prepare(String name, String sql, List<Integer> types, int parameters) {
    if (!name.isEmpty() && prepared.containsKey(name)) {
      throw Failure.of(
              Code.DUPLICATE_STATEMENT, "prepared statement \"" + name + "\" already exists")
          .exception();
    }
    prepared.remove(name);
    long text = prepared.values().stream().mapToLong(one -> one.sql().length()).sum();
    if (prepared.size() >= MOST_PREPARED || text + sql.length() > MOST_TEXT) {
      throw Failure.of(Code.LIMIT, "too many prepared statements on this connection")
          .detail(
              "A connection keeps %d of them, with %d characters in all."
                  .formatted(MOST_PREPARED, MOST_TEXT))
          .hint("Close those that are no longer used: DEALLOCATE ALL.")
          .exception();
    }
    List<Integer> all = new ArrayList<>(types);
    while (all.size() < parameters) {
      all.add(0);
    }
    prepared.put(name, new Prepared(sql, all));
  }

  Prepared prepared(String name) {
    return Optional.ofNullable(prepared.get(name))
        .orElseThrow(
            () ->
                Failure.of(
                        Code.UNDEFINED_STATEMENT,
                        "prepared statement \"" + name + "\" does not exist")
                    .exception());
  }

  void open(String name, Portal portal) {
    portals.remove(name);
    if (portals.size() >= MOST_PORTALS) {
      throw Failure.of(
              Code.LIMIT, "a connection keeps " + MOST_PORTALS + " portals open at the most")
          .exception();
    }
    portals.put(name, portal);
  }

  Portal portal(String name) {
    return Optional.ofNullable(portals.get(name))
        .orElseThrow(
            () ->
                Failure.of(Code.UNDEFINED_CURSOR, "portal \"" + name + "\" does not exist")
                    .exception());
  }

  /** One that there is not is as good as closed. */
  void close(Target target, String name) {
    switch (target) {
      case STATEMENT -> prepared.remove(name);
      case PORTAL -> portals.remove(name);
    }
  }

  /** They live as long as their transaction. */
  void closePortals() {
    portals.clear();
  }

  /** What DEALLOCATE and DISCARD take away. */
  void forget(Statement carriedOut) {
    switch (carriedOut) {
      case Statement.DiscardAll() -> prepared.clear();
      case Statement.Deallocate(var name) ->
          name.ifPresentOrElse(one -> prepared.remove(one.text()), prepared::clear);
      default -> {}
    }
  }
}
