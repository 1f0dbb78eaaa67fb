package akkasinks.verify;

import static org.assertj.core.api.Assertions.assertThat;

import akkasinks.testing.Seeds;
import akkasinks.verify.VerifyReport.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BucketsTest {
  @TempDir private Path dir;

  @Test
  void theSameIsFoundOnDiskAsInMemory() {
    Seeds.forAll(
        25,
        random -> {
          var table = side(random, random.nextInt(400));
          var topic = new HashMap<>(table);
          Seeds.list(random, 20, r -> topic.remove("key " + r.nextInt(500)));
          topic.putAll(side(random, random.nextInt(20)));
          boolean covered = random.nextBoolean();
          // So little memory that most files are spread again, up to three times.
          var tally = compare(table, topic, covered, 1 + random.nextInt(600));

          var keys = new TreeSet<>(table.keySet());
          keys.addAll(topic.keySet());
          var kinds = new HashMap<String, Long>();
          keys.forEach(key -> kinds.merge(kind(table.get(key), topic.get(key)), 1L, Long::sum));
          assertThat(tally.equalKeys()).isEqualTo(kinds.getOrDefault("EQUAL", 0L));
          long missing = kinds.getOrDefault("MISSING", 0L);
          assertThat(tally.count(Kind.MISSING)).isEqualTo(covered ? missing : 0);
          assertThat(tally.uncoveredRows()).isEqualTo(covered ? 0 : missing);
          assertThat(tally.count(Kind.EXTRA)).isEqualTo(kinds.getOrDefault("EXTRA", 0L));
          assertThat(tally.count(Kind.DIFFERENT)).isEqualTo(kinds.getOrDefault("DIFFERENT", 0L));
        });
  }

  @Test
  void longValuesThatDifferOnlyAtTheirEndAreDifferent() throws IOException {
    var tail = "x".repeat(5_000);
    assertThat(compare(Map.of("k", tail + "1"), Map.of("k", tail + "2"), true, 1 << 20))
        .satisfies(tally -> assertThat(tally.count(Kind.DIFFERENT)).isOne())
        .satisfies(
            tally ->
                assertThat(tally.first(10).getFirst().table())
                    .hasValueSatisfying(text -> assertThat(text).endsWith("… (5001 bytes)")));
    assertThat(compare(Map.of("k", tail), Map.of("k", tail), true, 1 << 20).equalKeys()).isOne();
  }

  @Test
  void rowsOfOneKeyAreEqualToARecordThatIsAnyOfThem() throws IOException {
    try (var table = new Pairs(dir.resolve("rows"), 0);
        var topic = new Pairs(dir.resolve("records"), 0)) {
      for (var value : List.of("a", "b", "c")) {
        table.add(bytes("same key"), Sample.of(bytes(value)));
      }
      topic.add(bytes("same key"), Sample.of(bytes("b")));
      table.close();
      topic.close();
      // The key's file never fits, however often it is spread.
      var tally = new Buckets(true, 10).compare(table, topic, dir, 0);
      assertThat(tally.equalKeys()).isOne();
      assertThat(tally.suspects()).isEmpty();
    }
  }

  private Tally compare(
      Map<String, String> table, Map<String, String> topic, boolean covered, long inMemory)
      throws IOException {
    var work = Files.createTempDirectory(dir, "work");
    try (var left = new Pairs(work.resolve("table"), 0);
        var right = new Pairs(work.resolve("topic"), 0)) {
      fill(left, table);
      fill(right, topic);
      return new Buckets(covered, inMemory).compare(left, right, work, 0);
    }
  }

  private static void fill(Pairs pairs, Map<String, String> side) throws IOException {
    for (var entry : side.entrySet()) {
      pairs.add(bytes(entry.getKey()), Sample.of(bytes(entry.getValue())));
    }
    pairs.close();
  }

  private static Map<String, String> side(Random random, int size) {
    var side = new HashMap<String, String>();
    for (int i = 0; i < size; i++) {
      side.put("key " + random.nextInt(500), Seeds.text(random, 300));
    }
    return side;
  }

  private static String kind(String table, String topic) {
    if (table == null) {
      return "EXTRA";
    }
    if (topic == null) {
      return "MISSING";
    }
    return table.equals(topic) ? "EQUAL" : "DIFFERENT";
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
