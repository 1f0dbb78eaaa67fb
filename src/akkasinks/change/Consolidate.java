package akkasinks.change;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Nets changes out: per key, the first before with the last after; what comes to nothing
 * disappears. A batch's position and {@code consumed} count what was netted away too.
 *
 * <p>A snapshot's rows and a truncation are never netted with anything: they pass as they are, and
 * end a window. The key must be enforced at the source at each single row change ({@link Netting}
 * says why); with no key, or one that nobody enforces, take {@link #off}. An instance belongs to
 * one thread.
 */
public sealed interface Consolidate permits Consolidate.Off, Consolidate.Transactions, Window {

  /**
   * Takes the next batch of the stream and gives those that are ready, in order: none while a
   * window is held.
   *
   * @throws akkasinks.base.FailureException SCHEMA_CHANGED if the relation has lost a key column
   */
  List<Batch> apply(Batch batch);

  /** Everything as it is. */
  static Consolidate off() {
    return new Off();
  }

  /**
   * Within each source transaction, as far as it lies in one batch: so a transaction of any size
   * passes in bounded memory.
   */
  static Consolidate perTransaction(List<String> key) {
    return new Transactions(new Keyed(key));
  }

  /** Over COMMIT INTERVAL, across transactions and batches. */
  static Consolidate over(List<String> key, WindowLimits limits, InstantSource clock) {
    return new Window(new Keyed(key), limits, clock);
  }

  /**
   * When a window ends, whichever comes first.
   *
   * @param interval since the first change held
   * @param changes that may be held; the window ends when more than half of that is left by netting
   * @param bytes likewise; while netting, up to twice as much is in memory for a moment
   */
  record WindowLimits(Duration interval, int changes, long bytes) {
    public static WindowLimits of(Duration interval) {
      return new WindowLimits(interval, 200_000, 64L << 20);
    }
  }

  /** {@link #off}. */
  record Off() implements Consolidate {
    @Override
    public List<Batch> apply(Batch batch) {
      return List.of(batch);
    }
  }

  /** {@link #perTransaction}. */
  record Transactions(Keyed keyed) implements Consolidate {
    @Override
    public List<Batch> apply(Batch batch) {
      return List.of(hasWork(batch) ? keyed.netting(batch.relation()).transactions(batch) : batch);
    }

    /** Whether some transaction has two changes here; a transaction's changes lie together. */
    private static boolean hasWork(Batch batch) {
      boolean work = false;
      for (int change = 0; change < batch.size(); change++) {
        if (batch.op(change) == Op.READ) {
          return false;
        }
        work |= change > 0 && batch.transaction(change) == batch.transaction(change - 1);
      }
      return work;
    }
  }

  /** Key columns by name, found again when the relation changes. */
  final class Keyed {
    private final List<String> key;
    private @Nullable Relation relation;
    private Netting netting = new Netting(new int[0]);

    Keyed(List<String> key) {
      if (key.isEmpty()) {
        throw new IllegalArgumentException("netting needs a key");
      }
      this.key = List.copyOf(key);
    }

    Netting netting(Relation of) {
      if (!of.equals(relation)) {
        netting = new Netting(key.stream().mapToInt(name -> place(of, name)).toArray());
      }
      relation = of;
      return netting;
    }

    private static int place(Relation relation, String column) {
      int place = relation.indexOf(column);
      if (place < 0) {
        throw Failure.of(
                Code.SCHEMA_CHANGED,
                "key column \"%s\" is no longer a column of table \"%s\".\"%s\""
                    .formatted(column, relation.schema(), relation.name()))
            .hint("Give the table the column back, or drop the sink and create it with another KEY")
            .exception();
      }
      return place;
    }
  }
}
