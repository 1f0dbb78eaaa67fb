package akkasinks.source.postgres;

import akkasinks.change.Batch;
import akkasinks.change.Op;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Folds what a stream emits, and checks each change's before against what the key had. The table's
 * last column is a value that no two writes share; −1 marks the end.
 */
final class SnapshotFold {
  private final int keyColumns;
  private final Map<String, String> rows;
  private final Map<String, List<String>> changes;
  private Set<String> untouched = new HashSet<>();
  private boolean truncated;

  SnapshotFold(int keyColumns) {
    this(keyColumns, new TreeMap<>(), new HashMap<>(), false);
  }

  private SnapshotFold(
      int keyColumns,
      Map<String, String> rows,
      Map<String, List<String>> changes,
      boolean truncated) {
    this.keyColumns = keyColumns;
    this.rows = rows;
    this.changes = changes;
    this.truncated = truncated;
  }

  SnapshotFold copy() {
    var lists = new HashMap<String, List<String>>();
    changes.forEach((key, list) -> lists.put(key, new ArrayList<>(list)));
    var copy = new SnapshotFold(keyColumns, new TreeMap<>(rows), lists, truncated);
    copy.untouched = new HashSet<>(untouched);
    return copy;
  }

  /** A RESNAPSHOT begins: what it leaves untouched has no row any more. */
  void again() {
    untouched = new HashSet<>(rows.keySet());
  }

  /** The RESNAPSHOT is over. */
  void sweep() {
    rows.keySet().removeAll(untouched);
    untouched.clear();
  }

  Map<String, String> rows() {
    return rows;
  }

  boolean marked() {
    return rows.containsValue("-1");
  }

  /**
   * True if it was a chunk.
   *
   * @param again the rows were there before: a READ replaces, and a chain may have gaps
   */
  boolean accept(Batch batch, boolean again) {
    batch
        .truncation()
        .ifPresent(
            truncation -> {
              truncated = true;
              rows.keySet().removeIf(key -> truncation.gone().test(List.of(key.split("\\|"))));
            });
    for (int i = 0; i < batch.size(); i++) {
      var op = batch.op(i);
      if (batch.before(i) != Batch.NO_ROW) {
        var key = key(batch, batch.before(i));
        var had = rows.remove(key);
        untouched.remove(key);
        if (!again && !value(batch, batch.before(i)).equals(had)) {
          throw new AssertionError(
              "%s of %s finds %s where the source had %s"
                  .formatted(op, key, had, value(batch, batch.before(i))));
        }
      }
      if (batch.after(i) != Batch.NO_ROW) {
        var key = key(batch, batch.after(i));
        untouched.remove(key);
        var had = rows.put(key, value(batch, batch.after(i)));
        if (!again && had != null) {
          throw new AssertionError(
              "%s of %s with %s finds %s".formatted(op, key, value(batch, batch.after(i)), had));
        }
      }
    }
    collect(batch);
    return batch.size() > 0 && batch.op(0) == Op.READ;
  }

  /** Per key: what each change wrote, − for a delete; READs are not changes. */
  void collect(Batch batch) {
    truncated |= batch.truncation().isPresent();
    for (int i = 0; i < batch.size(); i++) {
      if (batch.op(i) == Op.READ) {
        changes.put(key(batch, batch.after(i)), new ArrayList<>());
        continue;
      }
      var before = batch.before(i) == Batch.NO_ROW ? "" : key(batch, batch.before(i));
      var after = batch.after(i) == Batch.NO_ROW ? "" : key(batch, batch.after(i));
      if (!before.isEmpty() && !before.equals(after)) {
        changes.computeIfAbsent(before, k -> new ArrayList<>()).add("-");
      }
      if (!after.isEmpty()) {
        var value = value(batch, batch.after(i));
        changes.computeIfAbsent(after, k -> new ArrayList<>()).add(value);
        if (value.equals("-1")) {
          rows.putIfAbsent(after, value);
        }
      }
    }
  }

  /** Each key's emitted changes must be the last ones of its whole history. */
  void compareHistory(SnapshotFold whole) {
    if (truncated || whole.truncated) {
      return;
    }
    changes.forEach(
        (key, emitted) -> {
          var all = whole.changes.getOrDefault(key, List.of());
          if (emitted.size() > all.size()
              || !all.subList(all.size() - emitted.size(), all.size()).equals(emitted)) {
            throw new AssertionError(
                "the changes of %s are not the last ones of its history:\n%s\n%s"
                    .formatted(key, emitted, all));
          }
        });
  }

  private String key(Batch batch, int row) {
    var texts = new ArrayList<String>();
    for (int i = 0; i < keyColumns; i++) {
      texts.add(batch.text(row, i));
    }
    return String.join("|", texts);
  }

  private static String value(Batch batch, int row) {
    return batch.text(row, batch.relation().indexOf("v"));
  }
}
