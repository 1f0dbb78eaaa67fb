package akkasinks.source.postgres;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.change.Lsn;
import akkasinks.change.PostgresPosition;
import akkasinks.change.PostgresPosition.Within;
import akkasinks.change.SnapshotState.Chunk;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/** Which history a server's WAL is, and whether a position belongs to it. */
final class History {

  /**
   * @param systemIdentifier of the cluster
   * @param timeline the server writes now
   */
  record Server(String systemIdentifier, int timeline) {}

  private static final String RESNAPSHOT = "ALTER SINK … RESNAPSHOT begins anew from this server.";

  private History() {}

  static Server identify(Connection replication) throws SQLException {
    try (var statement = replication.createStatement();
        var row = statement.executeQuery("IDENTIFY_SYSTEM")) {
      row.next();
      return new Server(row.getString("systemid"), row.getInt("timeline"));
    }
  }

  /**
   * @throws akkasinks.base.FailureException HISTORY_CHANGED if the server is another cluster, or
   *     its timeline left the position's before the position
   */
  static Server check(Connection replication, PostgresPosition position) throws SQLException {
    var server = identify(replication);
    if (!server.systemIdentifier().equals(position.systemIdentifier())) {
      throw Failure.of(
              Code.HISTORY_CHANGED,
              "the server is another PostgreSQL cluster (system identifier %s) than the sink's %s"
                  .formatted(server.systemIdentifier(), position.systemIdentifier()))
          .hint("Check the connection's HOST and PORT. " + RESNAPSHOT)
          .exception();
    }
    if (server.timeline() != position.timeline()) {
      long seen = furthest(position);
      var left = leftAt(timelineHistory(replication, server.timeline()), position.timeline());
      if (left.isEmpty() || Lsn.before(left.get(), seen)) {
        throw Failure.of(
                Code.HISTORY_CHANGED,
                "the server is on timeline %d, which %s; the sink has read up to %s of timeline %d"
                    .formatted(
                        server.timeline(),
                        left.map(at -> "left the sink's at " + Lsn.text(at))
                            .orElse("does not come from the sink's"),
                        Lsn.text(seen),
                        position.timeline()))
            .detail("A fail-over lost transactions that the sink has written already.")
            .hint(RESNAPSHOT)
            .exception();
      }
    }
    return server;
  }

  /** The furthest LSN whose WAL the position rests on. */
  private static long furthest(PostgresPosition position) {
    long furthest = Lsn.max(position.end(), position.within().map(Within::finalLsn).orElse(0L));
    for (Chunk chunk : position.snapshot().map(s -> s.pending()).orElse(java.util.List.of())) {
      furthest = Lsn.max(furthest, chunk.until());
    }
    return furthest;
  }

  /** Where the history's line of descent left {@code timeline}, if it comes from it. */
  static Optional<Long> leftAt(String history, int timeline) {
    for (var line : history.split("\n")) {
      var fields = line.strip().split("\\s+");
      if (fields.length >= 2
          && !fields[0].startsWith("#")
          && fields[0].equals(Integer.toString(timeline))) {
        return Optional.of(Lsn.parse(fields[1]));
      }
    }
    return Optional.empty();
  }

  private static String timelineHistory(Connection replication, int timeline) throws SQLException {
    if (timeline == 1) {
      return "";
    }
    try (var statement = replication.createStatement();
        var row = statement.executeQuery("TIMELINE_HISTORY " + timeline)) {
      row.next();
      return new String(row.getBytes(2), StandardCharsets.UTF_8);
    }
  }
}
