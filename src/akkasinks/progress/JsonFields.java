package akkasinks.progress;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.base.FailureException;
import akkasinks.change.Lsn;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;

/** Takes the parts out of a stored JSON object; what is missing or of another kind is said so. */
record JsonFields(String path, JsonNode node) {

  JsonFields object(String field) {
    return new JsonFields(path + "." + field, required(field, "an object", JsonNode::isObject));
  }

  boolean has(String field) {
    return node.hasNonNull(field);
  }

  String text(String field) {
    return required(field, "a text", JsonNode::isTextual).textValue();
  }

  long number(String field) {
    return required(field, "a whole number", JsonFields::isLong).longValue();
  }

  int integer(String field) {
    return required(field, "a whole number", n -> isLong(n) && n.canConvertToInt()).intValue();
  }

  static boolean isLong(JsonNode node) {
    return node.isIntegralNumber() && node.canConvertToLong();
  }

  boolean flag(String field) {
    return required(field, "true or false", JsonNode::isBoolean).booleanValue();
  }

  /** An LSN in PostgreSQL's form. */
  long lsn(String field) {
    String text = text(field);
    try {
      return Lsn.parse(text);
    } catch (IllegalArgumentException e) {
      throw unreadable("\"%s.%s\" is not an LSN: %s".formatted(path, field, text));
    }
  }

  List<String> texts(String field) {
    return list(
        field,
        element -> {
          if (!element.isTextual()) {
            throw unreadable("\"%s.%s\" must hold texts only".formatted(path, field));
          }
          return element.textValue();
        });
  }

  List<Long> numbers(String field) {
    return list(
        field,
        element -> {
          if (!isLong(element)) {
            throw unreadable("\"%s.%s\" must hold whole numbers only".formatted(path, field));
          }
          return element.longValue();
        });
  }

  <T> List<T> list(String field, Function<JsonNode, T> element) {
    List<T> list = new ArrayList<>();
    required(field, "an array", JsonNode::isArray).forEach(e -> list.add(element.apply(e)));
    return list;
  }

  JsonNode required(String field, String kind, Predicate<JsonNode> is) {
    JsonNode value = node.get(field);
    if (value == null || value.isNull()) {
      throw unreadable("\"%s.%s\" is missing".formatted(path, field));
    }
    if (!is.test(value)) {
      throw unreadable("\"%s.%s\" must be %s".formatted(path, field, kind));
    }
    return value;
  }

  static FailureException unreadable(String why) {
    return Failure.of(Code.HISTORY_CHANGED, "the progress record cannot be read: " + why)
        .hint("Somebody else wrote to the progress topic, or a newer AkkaSinks did; see which.")
        .exception();
  }
}
