package akkasinks.format.json;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Cuts the field {@code after} out of a Debezium envelope in JSON, as bytes and without parsing
 * what is in it.
 */
public final class JsonAfter {
  private static final byte[] AFTER = "\"after\"".getBytes(StandardCharsets.UTF_8);
  private static final byte[] NULL = "null".getBytes(StandardCharsets.UTF_8);

  private static final int SHOWN = 200;

  private final byte[] json;
  private int at;

  private JsonAfter(byte[] json) {
    this.json = json;
  }

  /**
   * @return null if {@code after} is null or not there: the row is gone
   * @throws akkasinks.base.FailureException DATA if this is no JSON object
   */
  public static byte @Nullable [] envelope(byte[] json) {
    return new JsonAfter(json).find();
  }

  private byte @Nullable [] find() {
    expect('{');
    while (next() != '}') {
      if (json[at] == ',') {
        at++;
        next();
      }
      int name = at;
      string();
      boolean wanted = Arrays.equals(json, name, at, AFTER, 0, AFTER.length);
      expect(':');
      next();
      int from = at;
      value();
      if (wanted) {
        byte[] after = Arrays.copyOfRange(json, from, at);
        return Arrays.equals(after, NULL) ? null : after;
      }
    }
    return null;
  }

  /** Passes one value of any kind; brackets inside strings do not count. */
  private void value() {
    int depth = 0;
    do {
      switch (next()) {
        case '"' -> string();
        case '{', '[' -> {
          depth++;
          at++;
        }
        case '}', ']' -> {
          depth--;
          at++;
        }
        case ',', ':' -> at++;
        default -> word();
      }
    } while (depth > 0);
  }

  private void string() {
    if (json[at] != '"') {
      throw broken();
    }
    for (at++; at < json.length && json[at] != '"'; at++) {
      if (json[at] == '\\') {
        at++;
      }
    }
    at++;
    if (at > json.length) {
      throw broken();
    }
  }

  /** A number, true, false or null. */
  private void word() {
    while (at < json.length && ",:]} \n\r\t".indexOf(json[at]) < 0) {
      at++;
    }
  }

  private void expect(char wanted) {
    if (next() != wanted) {
      throw broken();
    }
    at++;
  }

  private int next() {
    while (at < json.length && json[at] <= ' ' && json[at] >= 0) {
      at++;
    }
    if (at >= json.length) {
      throw broken();
    }
    return json[at];
  }

  private String shown() {
    String text = new String(json, 0, Math.min(json.length, SHOWN), StandardCharsets.UTF_8);
    return json.length <= SHOWN ? text : text + "… (%d bytes)".formatted(json.length);
  }

  private RuntimeException broken() {
    return Failure.of(Code.DATA, "a record in the topic is not an envelope: " + shown())
        .hint("Another writer may use the topic. Give the sink a topic of its own.")
        .exception();
  }
}
