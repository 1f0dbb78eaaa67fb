package akkasinks.format.headers;

import akkasinks.change.Headers;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** The pairs of hstore's text, {@code "a"=>"1", "b"=>NULL}; a backslash makes a byte literal. */
final class HstoreText {
  private final byte[] bytes;
  private final int to;
  private int at;

  HstoreText(byte[] bytes, int from, int to) {
    this.bytes = bytes;
    this.at = from;
    this.to = to;
  }

  void pairs(Headers out) {
    while (at < to) {
      var name = new String(quoted(), StandardCharsets.UTF_8);
      at += "=>".length();
      if (at < to && bytes[at] == 'N') {
        out.add(name, null);
        at += "NULL".length();
      } else {
        out.add(name, quoted());
      }
      at += ", ".length();
    }
  }

  private byte[] quoted() {
    var text = new ByteArrayOutputStream();
    for (at++; at < to && bytes[at] != '"'; at++) {
      if (bytes[at] == '\\' && at + 1 < to) {
        at++;
      }
      text.write(bytes[at]);
    }
    at++;
    return text.toByteArray();
  }
}
