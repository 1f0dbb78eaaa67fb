package akkasinks.change;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Transactions on a small table whose key (a, b) may hold NULL in b, and is often changed. */
final class RandomHistory {
  static final Relation TABLE =
      new Relation(
          7,
          "public",
          "t",
          List.of(
              Column.of("a", Type.Scalar.INT4),
              Column.of("b", Type.Scalar.TEXT),
              Column.of("v", Type.Scalar.TEXT)));

  private final Random random;

  /** REPLICA IDENTITY FULL; else before rows hold the key only, and only where they must. */
  private final boolean full;

  private final Map<List<String>, List<String>> table = new HashMap<>();
  private long transaction = 1;

  RandomHistory(Random random, boolean full) {
    this.random = random;
    this.full = full;
  }

  List<Decoded> next(int changes) {
    var list = new ArrayList<Decoded>();
    while (list.size() < changes) {
      if (random.nextInt(4) == 0) {
        transaction++;
      }
      list.add(change());
    }
    return list;
  }

  /** Rows that a snapshot finds. */
  List<Decoded> read(int tries) {
    var list = new ArrayList<Decoded>();
    for (int i = 0; i < tries; i++) {
      var key = key();
      if (!table.containsKey(key)) {
        list.add(new Decoded(Op.READ, null, put(key), 0));
      }
    }
    return list;
  }

  private Decoded change() {
    var key = key();
    var old = table.get(key);
    if (old == null) {
      return new Decoded(Op.INSERT, null, put(key), transaction);
    }
    table.remove(key);
    if (random.nextInt(3) == 0) {
      return new Decoded(Op.DELETE, before(old, true), null, transaction);
    }
    var other = random.nextInt(3) == 0 ? key() : key;
    boolean moves = !other.equals(key) && !table.containsKey(other);
    var after = put(moves ? other : key);
    return new Decoded(Op.UPDATE, before(old, moves), after, transaction);
  }

  private @Nullable List<String> before(List<String> row, boolean needed) {
    if (full) {
      return row;
    }
    return needed ? List.of(row.get(0), row.get(1), "(absent)") : null;
  }

  private List<String> put(List<String> key) {
    var value = random.nextInt(10) == 0 ? "null" : "v" + random.nextInt(1_000_000);
    var row = List.of(key.get(0), key.get(1), value);
    table.put(key, row);
    return row;
  }

  private List<String> key() {
    var b = random.nextInt(8) == 0 ? "null" : "a longer part of the key " + random.nextInt(2);
    return List.of(Integer.toString(random.nextInt(5)), b);
  }
}
