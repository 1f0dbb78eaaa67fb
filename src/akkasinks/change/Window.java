package akkasinks.change;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Nets over a time, across batches and transactions.
 *
 * <p>Batches are held as they come; when they have grown to twice what was left of them last time,
 * they are merged into one, netted, and rid of rows that no change names any more. So memory stays
 * within the limits however often a key changes, and each row is copied a few times at most.
 *
 * <p>What a window gives is marked quiet, so that delivery commits it at once. And when a window
 * begins behind batches that were passed on without that mark, a quiet empty batch goes before it:
 * otherwise delivery would keep their transaction open for the whole interval.
 */
final class Window implements Consolidate {
  /** Merging less than this is not worth the copying. */
  private static final long SMALL = 1 << 20;

  private final Keyed keyed;
  private final WindowLimits limits;
  private final InstantSource clock;

  private final List<Batch> held = new ArrayList<>();
  private Instant end = Instant.MAX;
  private long weight;
  private int changes;

  /** What batches without changes had consumed; only the last of them is held, for its position. */
  private int consumedUnheld;

  private long mergeAtWeight;
  private int mergeAtChanges;

  /** The last batch passed on without being marked quiet. */
  private @Nullable Batch open;

  Window(Keyed keyed, WindowLimits limits, InstantSource clock) {
    this.keyed = keyed;
    this.limits = limits;
    this.clock = clock;
  }

  @Override
  public List<Batch> apply(Batch batch) {
    var out = new ArrayList<Batch>();
    if (!held.isEmpty() && !held.getLast().relation().equals(batch.relation())) {
      flush(out);
    }
    if (passes(batch)) {
      flush(out);
      out.add(batch);
      open = batch.quiet() ? null : batch;
      return out;
    }
    hold(batch, out);
    if (changes >= mergeAtChanges || weight >= mergeAtWeight) {
      merge();
      if (2L * changes > limits.changes() || 2 * weight > limits.bytes()) {
        flush(out);
      }
    }
    if (!clock.instant().isBefore(end)) {
      flush(out);
    }
    return out;
  }

  /** What is not netted; and a mere position, if there is nothing that it could overtake. */
  private boolean passes(Batch batch) {
    if (batch.event().isPresent() || (batch.size() == 0 && held.isEmpty())) {
      return true;
    }
    for (int change = 0; change < batch.size(); change++) {
      if (batch.op(change) == Op.READ) {
        return true;
      }
    }
    return false;
  }

  private void hold(Batch batch, List<Batch> out) {
    if (held.isEmpty()) {
      var before = open;
      if (before != null) {
        out.add(Batch.empty(before.relation(), before.position(), true));
        open = null;
      }
      end = clock.instant().plus(limits.interval());
      mergeAtWeight = Math.min(SMALL, limits.bytes());
      mergeAtChanges = Math.min(16_384, limits.changes());
    }
    if (!held.isEmpty() && batch.size() == 0 && held.getLast().size() == 0) {
      consumedUnheld += held.removeLast().consumed();
    }
    held.add(batch);
    weight += batch.weight();
    changes += batch.size();
  }

  /** Makes what is held one netted batch without garbage. */
  private void merge() {
    var last = held.getLast();
    var netted = keyed.netting(last.relation()).all(joined());
    var live = copy(List.of(netted), 0);
    consumedUnheld = 0;
    held.clear();
    held.add(live);
    weight = live.weight();
    changes = live.size();
    mergeAtWeight = Math.max(mergeAtWeight, 2 * weight);
    mergeAtChanges = Math.max(mergeAtChanges, 2 * changes);
  }

  private void flush(List<Batch> out) {
    if (!held.isEmpty()) {
      var netted = keyed.netting(held.getLast().relation()).all(joined());
      out.add(netted.nowQuiet());
      held.clear();
      weight = 0;
      changes = 0;
      consumedUnheld = 0;
      end = Instant.MAX;
    }
  }

  private Batch joined() {
    return held.size() == 1 && consumedUnheld == 0 ? held.getFirst() : copy(held, consumedUnheld);
  }

  /** All changes of the batches in one, with the last one's position; only rows that are named. */
  private static Batch copy(List<Batch> batches, int consumedElsewhere) {
    long bytes = 0;
    int changes = 0;
    int consumed = consumedElsewhere;
    for (var batch : batches) {
      bytes += live(batch);
      changes += batch.size();
      consumed += batch.consumed();
    }
    var last = batches.getLast();
    int room = Math.toIntExact(Math.min(bytes, 1 << 30));
    var builder = new BatchBuilder(last.relation(), changes, room);
    for (var batch : batches) {
      for (int change = 0; change < batch.size(); change++) {
        int before = row(batch, batch.before(change), builder);
        int after = row(batch, batch.after(change), builder);
        builder.change(batch.op(change), before, after, batch.transaction(change));
      }
    }
    return builder.build(last.position(), consumed, last.ending());
  }

  /** Bytes of the rows that are named; those that share bytes count them each. */
  private static long live(Batch batch) {
    long bytes = 0;
    for (int change = 0; change < batch.size(); change++) {
      bytes += bytes(batch, batch.before(change)) + bytes(batch, batch.after(change));
    }
    return bytes;
  }

  private static long bytes(Batch batch, int row) {
    long bytes = 0;
    if (row != Batch.NO_ROW) {
      for (int column = 0; column < batch.relation().columns().size(); column++) {
        bytes += Math.max(0, batch.length(row, column));
      }
    }
    return bytes;
  }

  private static int row(Batch from, int row, BatchBuilder to) {
    if (row == Batch.NO_ROW) {
      return Batch.NO_ROW;
    }
    int copy = to.row();
    for (int column = 0; column < from.relation().columns().size(); column++) {
      int length = from.length(row, column);
      if (length < 0) {
        to.nothing(length);
      } else {
        to.value(from.bytes(), from.offset(row, column), length);
      }
    }
    return copy;
  }
}
