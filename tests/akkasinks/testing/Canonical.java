package akkasinks.testing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** JSON as one text per meaning: 1.0 is 1, and the order of fields inside a value is none. */
final class Canonical {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

  private Canonical() {}

  static JsonNode parse(String text) throws JsonProcessingException {
    return JSON.readTree(text);
  }

  /** A row: here the order of fields counts, as it is that of the columns. */
  static String row(JsonNode row) {
    List<String> fields = new ArrayList<>();
    row.fields().forEachRemaining(f -> fields.add(f.getKey() + ": " + value(f.getValue())));
    return "{" + String.join(", ", fields) + "}";
  }

  private static String value(JsonNode node) {
    if (node.isNumber()) {
      BigDecimal number = node.decimalValue();
      return number.signum() == 0 ? "0" : number.stripTrailingZeros().toString();
    }
    if (node.isArray()) {
      List<String> elements = new ArrayList<>();
      node.forEach(element -> elements.add(value(element)));
      return elements.toString();
    }
    if (node.isObject()) {
      TreeMap<String, String> fields = new TreeMap<>();
      node.fields().forEachRemaining(f -> fields.put(f.getKey(), value(f.getValue())));
      return fields.toString();
    }
    return node.toString();
  }
}
