package akkasinks.source.postgres;

import akkasinks.change.SnapshotState.Visible;
import akkasinks.change.SnapshotState.XidRange;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Snapshots as {@code pg_current_snapshot()} prints them: {@code xmin:xmax:a,b,c}. */
final class Visibles {
  private Visibles() {}

  static Visible parse(String text) {
    var parts = text.split(":", -1);
    var open = new ArrayList<XidRange>();
    if (!parts[2].isEmpty()) {
      for (var xid : parts[2].split(",", -1)) {
        append(open, Long.parseUnsignedLong(xid));
      }
    }
    return new Visible(Long.parseUnsignedLong(parts[0]), Long.parseUnsignedLong(parts[1]), open);
  }

  /** The session's snapshot of this moment. */
  static Visible now(Connection connection) throws SQLException {
    try (var statement = connection.createStatement();
        var row = statement.executeQuery("SELECT pg_current_snapshot()::text")) {
      row.next();
      return parse(row.getString(1));
    }
  }

  /** PostgreSQL lists them ascending; neighbours become one range. */
  private static void append(List<XidRange> ranges, long xid) {
    if (!ranges.isEmpty() && ranges.getLast().last() + 1 == xid) {
      ranges.set(ranges.size() - 1, new XidRange(ranges.getLast().first(), xid));
    } else {
      ranges.add(new XidRange(xid, xid));
    }
  }

  /**
   * Whether {@code later} hides a transaction that {@code exported} sees: one that counts as
   * streamed, and that {@code later} would not read either.
   */
  static boolean hidesWhatCountsAsStreamed(Visible later, Visible exported) {
    var until = new XidRange(later.xmin(), exported.xmax() - 1);
    for (var hidden : later.hidden(until)) {
      long alsoHidden = exported.hidden(hidden).stream().mapToLong(XidRange::size).sum();
      if (alsoHidden < hidden.size()) {
        return true;
      }
    }
    return false;
  }
}
