package akkasinks.target;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Kafka's transactions in memory: epochs that fence, aborted transactions that stay in the log, a
 * last stable offset that an open transaction holds back, control records that take offsets. One
 * partition each; a topic exists once written.
 */
final class SimBroker {
  /** Thrown where the real one refuses: the caller's epoch is not the newest. */
  static final class Fenced extends RuntimeException {}

  enum Outcome {
    OPEN,
    COMMITTED,
    ABORTED
  }

  /** One transaction of one producer; entries of the log point at it. */
  static final class Transaction {
    private Outcome outcome = Outcome.OPEN;
  }

  /**
   * @param control a marker: takes an offset, and no reader sees it
   */
  record Entry(String key, @Nullable Object value, Transaction transaction, boolean control) {}

  private final Map<String, List<Entry>> logs = new HashMap<>();
  private final Map<String, Integer> epochs = new HashMap<>();
  private final Map<String, Transaction> open = new HashMap<>();

  /** initTransactions: a new epoch; what the older one left open is aborted. */
  int init(String id) {
    settle(id, Outcome.ABORTED);
    return epochs.merge(id, 1, Integer::sum);
  }

  /** The coordinator's time-out: aborts and bumps the epoch, as a real one does. */
  void timeOut(String id) {
    if (open.containsKey(id)) {
      init(id);
    }
  }

  long send(String id, int epoch, String topic, String key, @Nullable Object value) {
    check(id, epoch);
    Transaction transaction = open.computeIfAbsent(id, _ -> new Transaction());
    List<Entry> log = logs.computeIfAbsent(topic, _ -> new ArrayList<>());
    log.add(new Entry(key, value, transaction, false));
    return log.size() - 1L;
  }

  void commit(String id, int epoch) {
    check(id, epoch);
    settle(id, Outcome.COMMITTED);
  }

  private void check(String id, int epoch) {
    if (epochs.getOrDefault(id, 0) != epoch) {
      throw new Fenced();
    }
  }

  private void settle(String id, Outcome outcome) {
    Transaction transaction = open.remove(id);
    if (transaction != null) {
      transaction.outcome = outcome;
      for (List<Entry> log : logs.values()) {
        if (log.stream().anyMatch(entry -> entry.transaction() == transaction)) {
          log.add(new Entry("", null, transaction, true));
        }
      }
    }
  }

  long end(String topic) {
    return logs.getOrDefault(topic, List.of()).size();
  }

  /** The last stable offset: where the first open transaction begins. */
  long stable(String topic) {
    List<Entry> log = logs.getOrDefault(topic, List.of());
    for (int i = 0; i < log.size(); i++) {
      Transaction transaction = log.get(i).transaction();
      if (transaction.outcome == Outcome.OPEN) {
        return i;
      }
    }
    return log.size();
  }

  record Read(long offset, Entry entry) {}

  /** What a read_committed reader sees from an offset on. */
  List<Read> committed(String topic, long from) {
    List<Entry> log = logs.getOrDefault(topic, List.of());
    List<Read> seen = new ArrayList<>();
    for (int i = (int) Math.max(0, from); i < stable(topic); i++) {
      Entry entry = log.get(i);
      if (!entry.control() && entry.transaction().outcome == Outcome.COMMITTED) {
        seen.add(new Read(i, entry));
      }
    }
    return seen;
  }

  /** All data from an offset on, settled or not. */
  List<Read> uncommitted(String topic, long from) {
    List<Entry> log = logs.getOrDefault(topic, List.of());
    List<Read> seen = new ArrayList<>();
    for (int i = (int) Math.max(0, from); i < log.size(); i++) {
      if (!log.get(i).control()) {
        seen.add(new Read(i, log.get(i)));
      }
    }
    return seen;
  }

  /** What is committed, also where an open transaction still hides it from readers. */
  List<Entry> settled(String topic) {
    return logs.getOrDefault(topic, List.of()).stream()
        .filter(entry -> !entry.control() && entry.transaction().outcome == Outcome.COMMITTED)
        .toList();
  }

  /** An orderly end of a writer: its open transaction is aborted, unless it was fenced. */
  void abort(String id, int epoch) {
    if (epochs.getOrDefault(id, 0) == epoch) {
      settle(id, Outcome.ABORTED);
    }
  }

  /** Takes away what the topic holds, as somebody who deletes and makes it anew. */
  void delete(String topic) {
    logs.remove(topic);
  }
}
