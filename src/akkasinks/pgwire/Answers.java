package akkasinks.pgwire;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.command.Outcome;
import akkasinks.pgwire.BackendMessage.Field;
import akkasinks.pgwire.BackendMessage.Format;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Rows as messages. */
final class Answers {
  private Answers() {}

  /**
   * @param formats none for text, one for all columns, or one each
   * @throws akkasinks.base.FailureException PROTOCOL if they do not fit the columns
   */
  static BackendMessage.Description description(Outcome.Rows rows, List<Integer> formats) {
    List<Field> fields = new ArrayList<>();
    for (int i = 0; i < rows.columns().size(); i++) {
      fields.add(new Field(rows.columns().get(i), rows.type(i), format(formats, i)));
    }
    return new BackendMessage.Description(fields);
  }

  static BackendMessage.Row row(
      Outcome.Rows rows, List<Optional<String>> values, List<Integer> formats) {
    List<Optional<byte[]>> bytes = new ArrayList<>(values.size());
    for (int i = 0; i < values.size(); i++) {
      int column = i;
      Format format = format(formats, column);
      bytes.add(
          values
              .get(column)
              .map(
                  text ->
                      format == Format.BINARY
                          ? BinaryValues.bytes(rows.type(column), text)
                          : text.getBytes(StandardCharsets.UTF_8)));
    }
    return new BackendMessage.Row(bytes);
  }

  private static Format format(List<Integer> formats, int column) {
    if (formats.size() > 1 && column >= formats.size()) {
      throw Failure.of(
              Code.PROTOCOL,
              "bind message has %d result formats but query has more columns"
                  .formatted(formats.size()))
          .exception();
    }
    return formats.isEmpty() || formats.get(formats.size() == 1 ? 0 : column) == 0
        ? Format.TEXT
        : Format.BINARY;
  }
}
