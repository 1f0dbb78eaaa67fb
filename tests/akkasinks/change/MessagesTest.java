package akkasinks.change;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MessagesTest {
  private final Messages messages =
      new Messages(
          Batch.empty(
              new Relation(1, "public", "t", List.of()),
              PostgresPosition.of("1", 1, "slot", 1),
              false),
          0);

  @Test
  void keysAndValuesComeBackAsTheyWereWritten() {
    messages.key().put("k");
    messages.value().put("value");
    messages.end();
    messages.key().put("gone");
    messages.tombstone();
    messages.noKey();
    messages.value().put("bare");
    messages.end();
    messages.key();
    messages.value();
    messages.end();
    assertThat(texts()).containsExactly("k = value", "gone = null", "null = bare", " = ");
    assertThat(messages.payloadBytes()).isEqualTo("kvaluegonebare".length());
  }

  @Test
  void aRecordWithoutAKeyGoesToTheFirstPartition() {
    messages.add(null, bytes("a"));
    messages.add(bytes("b"), bytes("a"));
    messages.partition((_, _, _) -> 7);
    assertThat(messages.partition(0)).isZero();
    assertThat(messages.partition(1)).isEqualTo(7);
  }

  @Test
  void byPartitionEachIsThereOnceAndThoseOfOneKeepTheirOrder() {
    int count = 1_000;
    for (int i = 0; i < count; i++) {
      messages.add(bytes(Integer.toString(i)), null);
    }
    messages.partition(
        (bytes, from, to) ->
            Integer.parseInt(new String(bytes, from, to - from, StandardCharsets.UTF_8)) * 31 % 7);
    int[] order = messages.byPartition();
    assertThat(order).containsExactlyInAnyOrder(IntStream.range(0, count).toArray());
    for (int at = 1; at < count; at++) {
      int before = messages.partition(order[at - 1]);
      int partition = messages.partition(order[at]);
      assertThat(partition).isGreaterThanOrEqualTo(before);
      if (partition == before) {
        assertThat(order[at]).isGreaterThan(order[at - 1]);
      }
    }
  }

  private List<String> texts() {
    var texts = new ArrayList<String>();
    for (int i = 0; i < messages.size(); i++) {
      texts.add(text(messages.key(i)) + " = " + text(messages.value(i)));
    }
    return texts;
  }

  private static String text(byte[] bytes) {
    return bytes == null ? "null" : new String(bytes, StandardCharsets.UTF_8);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
