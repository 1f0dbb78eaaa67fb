package akkasinks.pgwire;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.command.ColumnType;
import akkasinks.sql.Parameters;
import java.util.ArrayList;
import java.util.List;

/** The values that a Bind message gives to a statement's parameters. */
final class ParameterValues {
  private ParameterValues() {}

  /**
   * @param types oids, one per parameter
   * @throws akkasinks.base.FailureException PROTOCOL if their number is another
   */
  static List<Parameters.Value> of(List<Integer> types, FrontendMessage.Bind bind) {
    int given = bind.values().size();
    if (given != types.size()) {
      throw Failure.of(
              Code.PROTOCOL,
              "bind message supplies %d parameters, but prepared statement \"%s\" requires %d"
                  .formatted(given, bind.statement(), types.size()))
          .exception();
    }
    if (bind.formats().size() > 1 && bind.formats().size() != given) {
      throw Failure.of(
              Code.PROTOCOL,
              "bind message has %d parameter formats but %d parameters"
                  .formatted(bind.formats().size(), given))
          .exception();
    }
    List<Parameters.Value> values = new ArrayList<>();
    for (int i = 0; i < given; i++) {
      values.add(
          BinaryValues.parameter(
              types.get(i), isBinary(bind.formats(), i), bind.values().get(i), i + 1));
    }
    return values;
  }

  /** A type left open is a text. */
  static List<Integer> described(List<Integer> types) {
    return types.stream().map(oid -> oid == 0 ? ColumnType.TEXT.oid() : oid).toList();
  }

  private static boolean isBinary(List<Integer> formats, int at) {
    return !formats.isEmpty() && formats.get(formats.size() == 1 ? 0 : at) == 1;
  }
}
