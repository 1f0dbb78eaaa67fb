package akkasinks.format.json;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.base.FailureException;
import akkasinks.change.Relation;
import akkasinks.change.Type;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Reads keys that {@link JsonFormat} wrote, for what must ask the source about them. */
public final class JsonKeys {
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxStringLength(Integer.MAX_VALUE)
                  .maxNumberLength(Integer.MAX_VALUE)
                  .build())
          .build();

  private final List<String> names = new ArrayList<>();
  private final List<Type> types = new ArrayList<>();
  private final JsonOptions options;

  /**
   * @param columns those of the key, in the order in which they were written
   */
  public JsonKeys(Relation relation, int[] columns, JsonOptions options) {
    for (int column : columns) {
      names.add(relation.columns().get(column).name());
      types.add(relation.columns().get(column).type());
    }
    this.options = options;
  }

  /**
   * One PostgreSQL text per key column.
   *
   * @throws akkasinks.base.FailureException DATA if the key is not of this form or holds a null;
   *     NOT_SUPPORTED for types with parts
   */
  public List<String> decode(byte[] key) {
    try (var parser = JSON.createParser(key)) {
      var texts = new ArrayList<String>(names.size());
      demand(parser.nextToken() == JsonToken.START_OBJECT);
      for (int i = 0; i < names.size(); i++) {
        demand(names.get(i).equals(parser.nextFieldName()));
        parser.nextToken();
        texts.add(text(parser, types.get(i), names.get(i)));
      }
      demand(parser.nextToken() == JsonToken.END_OBJECT);
      demand(parser.nextToken() == null);
      return texts;
    } catch (IOException | DateTimeException | NumberFormatException e) {
      throw Failure.of(Code.DATA, "a record key in the topic is not one that this sink wrote")
          .detail("It is not a JSON object of the sink's key columns")
          .hint("Remove what else writes to the topic, then RESNAPSHOT")
          .exception(e);
    }
  }

  private String text(JsonParser parser, Type type, String name) throws IOException {
    demand(parser.currentToken() != JsonToken.VALUE_NULL);
    return switch (type) {
      case Type.Enumerated _, Type.Range _ -> parser.getText();
      case Type.Array _, Type.Composite _ -> throw unsupported(name);
      case Type.Domain domain -> text(parser, domain.base(), name);
      case Type.Scalar scalar -> scalar(parser, scalar, name);
    };
  }

  private String scalar(JsonParser parser, Type.Scalar type, String name) throws IOException {
    return switch (type) {
      case BOOL -> parser.getBooleanValue() ? "t" : "f";
      case BYTEA -> bytea(parser);
      case TIME, TIMETZ -> shortFraction(parser.getText());
      case TIMESTAMP -> timestamp(parser.getText(), "");
      case TIMESTAMPTZ -> timestamp(parser.getText(), "+00");
      case JSON, JSONB, HSTORE -> throw unsupported(name);
      case INT2, INT4, INT8, OID, FLOAT4, FLOAT8, NUMERIC -> parser.getText();
      case TEXT, VARCHAR, CHAR, NAME, UUID, UNKNOWN -> parser.getText();
      case DATE, INTERVAL, INET, CIDR, MACADDR -> parser.getText();
    };
  }

  private String bytea(JsonParser parser) throws IOException {
    return switch (options.bytes()) {
      case BASE64 -> "\\x" + HexFormat.of().formatHex(parser.getBinaryValue());
      case ARRAY -> {
        demand(parser.currentToken() == JsonToken.START_ARRAY);
        var hex = new StringBuilder("\\x");
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          HexFormat.of().toHexDigits(hex, (byte) parser.getIntValue());
        }
        yield hex.toString();
      }
    };
  }

  private String timestamp(String text, String zone) throws JsonParseException {
    if (text.endsWith("infinity")) {
      return text;
    }
    var time =
        switch (options.timestamps()) {
          case ISO ->
              LocalDateTime.parse(text.endsWith("Z") ? text.substring(0, text.length() - 1) : text);
          case EPOCH -> {
            int point = text.indexOf('.');
            demand(point > 0);
            long millis = Long.parseLong(text, 0, point, 10);
            int micros = Integer.parseInt(text, point + 1, text.length(), 10);
            int nanos = (int) Math.floorMod(millis, 1_000L) * 1_000_000 + micros * 1_000;
            yield LocalDateTime.ofEpochSecond(Math.floorDiv(millis, 1_000L), nanos, ZoneOffset.UTC);
          }
        };
    int year = time.getYear();
    var date =
        "%04d-%02d-%02d %02d:%02d:%02d.%06d"
            .formatted(
                year > 0 ? year : 1 - year,
                time.getMonthValue(),
                time.getDayOfMonth(),
                time.getHour(),
                time.getMinute(),
                time.getSecond(),
                time.getNano() / 1_000);
    return shortFraction(date) + zone + (year > 0 ? "" : " BC");
  }

  /** As PostgreSQL prints it: no zeros at the fraction's end. */
  private static String shortFraction(String time) {
    return time.replaceFirst("(\\.\\d*[1-9])0+|\\.0+(?!\\d)", "$1");
  }

  private static void demand(boolean holds) throws JsonParseException {
    if (!holds) {
      throw new JsonParseException(null, "not a key of this form");
    }
  }

  private static FailureException unsupported(String column) {
    return Failure.of(
            Code.NOT_SUPPORTED,
            "keys of column \"%s\" cannot be read back from the topic".formatted(column))
        .hint("Create the sink with ON TRUNCATE = STALL or IGNORE, or without the column in KEY")
        .exception();
  }
}
