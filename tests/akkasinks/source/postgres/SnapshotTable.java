package akkasinks.source.postgres;

import akkasinks.testing.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Shapes of the harness's table: its key columns and which few keys there are.
 *
 * @param types of the key columns, named k1, k2, …
 * @param space how many keys
 */
record SnapshotTable(List<String> types, int space) {
  private static final String WORDS = "aAbBäÄ-_ zZéßœ'\\";

  static SnapshotTable of(Random random, boolean collated) {
    int space = 10 + random.nextInt(90);
    return switch (random.nextInt(collated ? 7 : 5)) {
      case 0 -> new SnapshotTable(List.of("bigint"), space);
      case 1 -> new SnapshotTable(List.of("integer", "text COLLATE \"C\""), space);
      case 2 -> new SnapshotTable(List.of("numeric"), space);
      case 3 -> new SnapshotTable(List.of("timestamptz", "bytea"), space);
      case 4 -> new SnapshotTable(List.of("date", "uuid"), space);
      case 5 -> new SnapshotTable(List.of("text COLLATE \"de-x-icu\""), space);
      default -> new SnapshotTable(List.of("smallint", "text COLLATE \"en-US-x-icu\""), space);
    };
  }

  List<String> names() {
    return IntStream.rangeClosed(1, types.size()).mapToObj(i -> "k" + i).toList();
  }

  String create(String table) {
    var columns = new ArrayList<String>();
    for (int i = 0; i < types.size(); i++) {
      columns.add("k" + (i + 1) + " " + types.get(i));
    }
    return "CREATE TABLE %s (%s, v bigint, PRIMARY KEY (%s))"
        .formatted(table, String.join(", ", columns), String.join(", ", names()));
  }

  /** A key as one SQL literal per column. */
  List<String> key(Random random) {
    return key(random.nextInt(space));
  }

  List<String> key(int number) {
    var key = new ArrayList<String>();
    int left = number;
    for (int i = 0; i < types.size(); i++) {
      boolean last = i == types.size() - 1;
      int part = last ? left : left % 5;
      left /= 5;
      key.add("'" + literal(types.get(i).split(" ")[0], part).replace("'", "''") + "'");
    }
    return key;
  }

  private static String literal(String type, int n) {
    return switch (type) {
      case "numeric" ->
          n % 7 == 6 && n > 40 ? "NaN" : (n % 3 - 1) + "" + n + (n % 2 == 0 ? ".5" : "");
      case "timestamptz" ->
          n == 4
              ? "infinity"
              : "%04d-03-1%d 1%d:00:00.5%s".formatted(1 + n * 700, n, n, n == 1 ? " BC" : "");
      case "date" -> n == 3 ? "-infinity" : "%04d-0%d-11".formatted(1900 + n * 40, 1 + n);
      case "uuid" -> "%08x-0000-4000-8000-%012x".formatted(n * 0x1234567, n);
      case "bytea" -> "\\x" + "%02x".formatted(n * 3 % 256).repeat(1 + n % 3);
      case "text" -> {
        var random = Seeds.random(n);
        yield IntStream.range(0, 1 + n % 4)
                .mapToObj(i -> String.valueOf(WORDS.charAt(random.nextInt(WORDS.length()))))
                .collect(Collectors.joining())
            + n;
      }
      default -> Integer.toString(n);
    };
  }

  /** A key that no other row has, for the row that marks the end: not NaN, which many are. */
  List<String> marker() {
    var marker = key(space + 5);
    return marker.contains("'NaN'") ? key(space + 6) : marker;
  }

  String values(List<String> key) {
    return String.join(", ", key);
  }

  String is(List<String> key) {
    return pairs(key, " AND ");
  }

  String set(List<String> key) {
    return pairs(key, ", ");
  }

  private String pairs(List<String> key, String between) {
    return IntStream.range(0, key.size())
        .mapToObj(i -> "k" + (i + 1) + " = " + key.get(i))
        .collect(Collectors.joining(between));
  }
}
