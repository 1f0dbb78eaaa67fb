package akkasinks.change;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Changes as plain values, and the naive netting that judges {@link Consolidate}. */
record Decoded(
    Op op, @Nullable List<String> before, @Nullable List<String> after, long transaction) {
  /** Columns of the test's key. */
  static final int KEY = 2;

  static List<Decoded> of(Batch batch) {
    var changes = new ArrayList<Decoded>();
    for (int i = 0; i < batch.size(); i++) {
      changes.add(
          new Decoded(
              batch.op(i),
              row(batch, batch.before(i)),
              row(batch, batch.after(i)),
              batch.transaction(i)));
    }
    return changes;
  }

  private static @Nullable List<String> row(Batch batch, int row) {
    if (row == Batch.NO_ROW) {
      return null;
    }
    var texts = new ArrayList<String>();
    for (int column = 0; column < batch.relation().columns().size(); column++) {
      texts.add(batch.length(row, column) == Batch.ABSENT ? "(absent)" : batch.text(row, column));
    }
    return texts;
  }

  static Batch batch(Relation relation, List<Decoded> changes, long end, boolean quiet) {
    var builder = new BatchBuilder(relation, changes.size(), 16);
    for (var change : changes) {
      int before = row(builder, change.before);
      int after = row(builder, change.after);
      builder.change(change.op, before, after, change.transaction);
    }
    return builder.build(position(end), changes.size(), quiet);
  }

  private static int row(BatchBuilder builder, @Nullable List<String> texts) {
    if (texts == null) {
      return Batch.NO_ROW;
    }
    int row = builder.row();
    for (String text : texts) {
      switch (text) {
        case "(absent)" -> builder.nothing(Batch.ABSENT);
        case "null" -> builder.nothing(Batch.NULL);
        default ->
            builder.value(text.getBytes(java.nio.charset.StandardCharsets.UTF_8), 0, text.length());
      }
    }
    return row;
  }

  static PostgresPosition position(long end) {
    return PostgresPosition.of("1", 1, "slot", end);
  }

  /** Moves of a row to another key as the DELETE and the INSERT that they are. */
  static List<Decoded> split(List<Decoded> changes) {
    var split = new ArrayList<Decoded>();
    for (var change : changes) {
      var before = change.before;
      var after = change.after;
      if (before != null && after != null && !key(before).equals(key(after))) {
        split.add(new Decoded(Op.DELETE, before, null, change.transaction));
        split.add(new Decoded(Op.INSERT, null, after, change.transaction));
      } else {
        split.add(change);
      }
    }
    return split;
  }

  /** Netted by maps. */
  static List<Decoded> net(List<Decoded> changes) {
    Map<List<String>, List<Decoded>> byKey = new LinkedHashMap<>();
    for (var change : split(changes)) {
      var row = change.after != null ? change.after : change.before;
      // Taken out and put in again, so that the map's order is that of the last change.
      var history = Optional.ofNullable(byKey.remove(key(row))).orElseGet(ArrayList::new);
      history.add(change);
      byKey.put(key(row), history);
    }
    var netted = new ArrayList<Decoded>();
    byKey
        .values()
        .forEach(history -> net(history.getFirst(), history.getLast()).ifPresent(netted::add));
    return netted;
  }

  private static Optional<Decoded> net(Decoded first, Decoded last) {
    boolean existed = first.op.existedBefore();
    long transaction = last.transaction;
    if (last.op.existsAfter()) {
      return Optional.of(
          existed
              ? new Decoded(Op.UPDATE, first.before, last.after, transaction)
              : new Decoded(Op.INSERT, null, last.after, transaction));
    }
    var gone = first.before != null ? first.before : last.before;
    return existed
        ? Optional.of(new Decoded(Op.DELETE, gone, null, transaction))
        : Optional.empty();
  }

  /** The table after the changes. */
  static Map<List<String>, List<String>> fold(
      Map<List<String>, List<String>> table, List<Decoded> changes) {
    var result = new HashMap<>(table);
    for (var change : split(changes)) {
      if (change.after != null) {
        result.put(key(change.after), change.after);
      } else {
        result.remove(key(change.before));
      }
    }
    return result;
  }

  static List<String> key(@Nullable List<String> row) {
    return java.util.Objects.requireNonNull(row).subList(0, KEY);
  }
}
