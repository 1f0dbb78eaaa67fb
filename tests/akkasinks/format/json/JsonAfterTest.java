package akkasinks.format.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akkasinks.base.FailureException;
import akkasinks.testing.Seeds;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class JsonAfterTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  void theRowAfterIsCutOutByteForByte() {
    assertThat(after("{\"before\":null,\"after\":{\"id\":1,\"v\":1.10}}"))
        .isEqualTo("{\"id\":1,\"v\":1.10}");
    assertThat(after("{\"before\":{\"after\":{\"x\":\"}\"}},\"after\":{\"y\":[]},\"op\":\"u\"}"))
        .isEqualTo("{\"y\":[]}");
    assertThat(after(" { \"after\" : 1.5e3 } ")).isEqualTo("1.5e3");
  }

  @Test
  void aDeletedRowHasNoAfter() {
    assertThat(after("{\"before\":{\"id\":1},\"after\":null}")).isNull();
    assertThat(after("{}")).isNull();
  }

  @Test
  void anotherWritersRecordIsRefused() {
    for (var text : new String[] {"", "12", "[1]", "{\"a\"", "{\"a\":\"b", "{a:1}", "{\"a\":{"}) {
      assertThatThrownBy(() -> after(text)).as(text).isInstanceOf(FailureException.class);
    }
  }

  @Test
  void whateverIsInTheRowsAParserSeesTheSame() {
    Seeds.forAll(
        300,
        random -> {
          ObjectNode envelope = JSON.createObjectNode();
          envelope.set("before", tree(random, 3));
          envelope.set("after", tree(random, 3));
          var text = after(JSON.writeValueAsString(envelope));
          var seen = text == null ? JSON.nullNode() : JSON.readTree(text);
          assertThat(seen).isEqualTo(envelope.get("after"));
        });
  }

  private static JsonNode tree(Random random, int depth) {
    int kind = random.nextInt(depth == 0 ? 4 : 6);
    return switch (kind) {
      case 0 -> JSON.nullNode();
      case 1 -> JSON.getNodeFactory().numberNode(random.nextInt());
      case 2 -> JSON.getNodeFactory().booleanNode(random.nextBoolean());
      case 3 -> JSON.getNodeFactory().textNode(Seeds.text(random, 12));
      case 4 -> {
        var array = JSON.createArrayNode();
        Seeds.list(random, 4, r -> array.add(tree(r, depth - 1)));
        yield array;
      }
      default -> {
        var object = JSON.createObjectNode();
        Seeds.list(random, 4, r -> object.set(Seeds.text(r, 8), tree(r, depth - 1)));
        yield object;
      }
    };
  }

  private static @Nullable String after(String json) {
    byte[] cut = JsonAfter.envelope(json.getBytes(StandardCharsets.UTF_8));
    return cut == null ? null : new String(cut, StandardCharsets.UTF_8);
  }
}
