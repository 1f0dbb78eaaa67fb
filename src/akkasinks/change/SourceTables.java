package akkasinks.change;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How far each table of a source is that one sink carries whole: saved atomically with the output,
 * inside the position. Tables are known by their oids; one that is not named here has not been
 * begun, and none of its changes was emitted.
 *
 * @param begun tables that are in the stream
 * @param reading those of them whose rows are being read beside the stream
 * @param excluded tables that were begun and then left out for good
 * @param steps grows with every saved change of this state; orders positions that share an LSN
 */
public record SourceTables(
    SortedMap<Long, Begun> begun,
    SortedMap<Long, SnapshotState> reading,
    SortedMap<Long, Begun> excluded,
    long steps) {

  /** Before the first table. */
  public static final SourceTables NONE =
      new SourceTables(new TreeMap<>(), new TreeMap<>(), new TreeMap<>(), 0);

  public SourceTables {
    begun = Collections.unmodifiableSortedMap(new TreeMap<>(begun));
    reading = Collections.unmodifiableSortedMap(new TreeMap<>(reading));
    excluded = Collections.unmodifiableSortedMap(new TreeMap<>(excluded));
  }

  /**
   * What the table was when it began; its records are named and keyed by that.
   *
   * @param key of its records; empty for none
   */
  public record Begun(String schema, String name, List<String> key) {
    public Begun {
      key = List.copyOf(key);
    }
  }
}
