package akkasinks.target;

import akkasinks.change.PostgresPosition;
import akkasinks.progress.ProgressRecord;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What must hold of one sink's committed records after every event. Items are numbered from 0. */
sealed interface Invariants {
  /** Says what is violated, or nothing. */
  String violation(List<Integer> items, List<ProgressRecord> progress);

  static List<Invariants> all() {
    return List.of(
        new NoDuplicateCommitted(),
        new NoGap(),
        new ProgressNeverRegresses(),
        new OneWriterPerSink());
  }

  record NoDuplicateCommitted() implements Invariants {
    @Override
    public String violation(List<Integer> items, List<ProgressRecord> progress) {
      Set<Integer> seen = new HashSet<>();
      for (int item : items) {
        if (!seen.add(item)) {
          return "item %d is committed twice".formatted(item);
        }
      }
      return "";
    }
  }

  /** Items are committed in order, and exactly those before the frontier. */
  record NoGap() implements Invariants {
    @Override
    public String violation(List<Integer> items, List<ProgressRecord> progress) {
      for (int i = 0; i < items.size(); i++) {
        if (items.get(i) != i) {
          return "item %d is committed where %d should be".formatted(items.get(i), i);
        }
      }
      long frontier = progress.isEmpty() ? 0 : end(progress.get(progress.size() - 1));
      return frontier == items.size()
          ? ""
          : "%d items are committed at frontier %d".formatted(items.size(), frontier);
    }
  }

  record ProgressNeverRegresses() implements Invariants {
    @Override
    public String violation(List<Integer> items, List<ProgressRecord> progress) {
      for (int i = 1; i < progress.size(); i++) {
        if (end(progress.get(i)) < end(progress.get(i - 1))) {
          return "frontier %d follows %d".formatted(end(progress.get(i)), end(progress.get(i - 1)));
        }
      }
      return "";
    }
  }

  /** Incarnations follow one another, each with a writer of its own: nobody writes once fenced. */
  record OneWriterPerSink() implements Invariants {
    @Override
    public String violation(List<Integer> items, List<ProgressRecord> progress) {
      Map<Long, String> writers = new HashMap<>();
      long highest = 0;
      for (ProgressRecord record : progress) {
        if (record.incarnation() < highest) {
          return "incarnation %d wrote after %d".formatted(record.incarnation(), highest);
        }
        highest = record.incarnation();
        String known = writers.putIfAbsent(highest, record.writerId());
        if (known != null && !known.equals(record.writerId())) {
          return "incarnation %d has writers %s and %s"
              .formatted(highest, known, record.writerId());
        }
      }
      return "";
    }
  }

  private static long end(ProgressRecord record) {
    return ((PostgresPosition) record.frontier()).end();
  }
}
