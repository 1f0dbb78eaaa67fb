package akkasinks.format.headers;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.base.FailureException;
import akkasinks.change.Batch;
import akkasinks.change.HeaderEncoder;
import akkasinks.change.Headers;
import akkasinks.change.Relation;
import akkasinks.change.Type.Scalar;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Headers from a column of type hstore, json or jsonb: one for each pair. A JSON string is the text
 * that it stands for, null a header without value, a number or boolean its JSON text; an array
 * repeats the name, once for each element. NULL, or a value that the source did not send with an
 * old row, gives none.
 */
public final class ColumnHeaders implements HeaderEncoder {
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxStringLength(Integer.MAX_VALUE)
                  .maxNumberLength(Integer.MAX_VALUE)
                  .build())
          .build();

  private final Relation relation;
  private final int column;
  private final boolean hstore;

  /**
   * @param column of one of those types
   */
  public ColumnHeaders(Relation relation, int column) {
    this.relation = relation;
    this.column = column;
    this.hstore = relation.columns().get(column).type().base() == Scalar.HSTORE;
  }

  @Override
  public void encode(Batch batch, int row, Headers out) {
    int length = batch.length(row, column);
    if (length < 0) {
      return;
    }
    int from = batch.offset(row, column);
    if (hstore) {
      new HstoreText(batch.bytes(), from, from + length).pairs(out);
    } else {
      json(batch.bytes(), from, length, out);
    }
  }

  private void json(byte[] bytes, int from, int length, Headers out) {
    try (var parser = JSON.createParser(bytes, from, length)) {
      var first = parser.nextToken();
      if (first == JsonToken.VALUE_NULL) {
        return;
      }
      if (first != JsonToken.START_OBJECT) {
        throw refusal("it is no JSON object");
      }
      for (var name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
        if (parser.nextToken() != JsonToken.START_ARRAY) {
          value(name, parser, out);
          continue;
        }
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          value(name, parser, out);
        }
      }
    } catch (IOException e) {
      throw refusal("it is no JSON");
    }
  }

  private void value(String name, JsonParser parser, Headers out) throws IOException {
    switch (parser.currentToken()) {
      case VALUE_NULL -> out.add(name, null);
      case START_OBJECT, START_ARRAY ->
          throw refusal("the value of \"" + name + "\" has parts within its parts");
      default -> out.add(name, parser.getText().getBytes(StandardCharsets.UTF_8));
    }
  }

  private FailureException refusal(String why) {
    var name = relation.columns().get(column).name();
    return Failure.of(
            Code.DATA,
            "HEADERS column \"%s\" of table \"%s\".\"%s\" holds a value that is no headers: %s"
                .formatted(name, relation.schema(), relation.name(), why))
        .column(name)
        .hint(
            "A value is an object of strings, numbers, booleans, nulls, or arrays of these. Mend"
                + " the row, then ALTER SINK … RESNAPSHOT.")
        .exception();
  }
}
