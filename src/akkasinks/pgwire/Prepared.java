package akkasinks.pgwire;

import java.util.List;

/**
 * A prepared statement: its text, which has at most one statement.
 *
 * @param types oids of its parameters; 0 where the client left it open
 */
record Prepared(String sql, List<Integer> types) {
  Prepared {
    types = List.copyOf(types);
  }
}
