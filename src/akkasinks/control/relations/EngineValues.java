package akkasinks.control.relations;

import akkasinks.command.ColumnType;
import akkasinks.command.TextArrays;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the engine answers, as PostgreSQL would name and write it. */
final class EngineValues {
  private static final Pattern CALL = Pattern.compile("\"?([A-Za-z_]+)\"?\\(.*", Pattern.DOTALL);

  /** A column of VALUES. */
  private static final Pattern UNNAMED = Pattern.compile("C(\\d+)");

  private static final Pattern PLAIN = Pattern.compile("[\\p{L}_][\\p{L}\\p{N}_$ ]*");
  private static final DateTimeFormatter TIME =
      new DateTimeFormatterBuilder()
          .appendPattern("uuuu-MM-dd HH:mm:ss")
          .appendFraction(ChronoField.MICRO_OF_SECOND, 0, 6, true)
          .appendLiteral("+00")
          .toFormatter(Locale.ROOT);

  private EngineValues() {}

  /** A column without a name is called after its function, or not at all. */
  static String name(String label) {
    Matcher call = CALL.matcher(label);
    if (call.matches()) {
      return call.group(1).toLowerCase(Locale.ROOT);
    }
    Matcher unnamed = UNNAMED.matcher(label);
    if (unnamed.matches()) {
      return "column" + unnamed.group(1);
    }
    boolean constant = label.equals("TRUE") || label.equals("FALSE") || label.equals("NULL");
    return constant || !PLAIN.matcher(label).matches() ? "?column?" : label;
  }

  static ColumnType type(int jdbc, String name) {
    return switch (jdbc) {
      case Types.BOOLEAN, Types.BIT -> ColumnType.BOOL;
      case Types.TINYINT, Types.SMALLINT, Types.INTEGER -> ColumnType.INT4;
      case Types.BIGINT -> ColumnType.INT8;
      case Types.REAL, Types.DOUBLE, Types.FLOAT -> ColumnType.FLOAT8;
      case Types.NUMERIC, Types.DECIMAL -> ColumnType.NUMERIC;
      case Types.TIMESTAMP_WITH_TIMEZONE -> ColumnType.TIMESTAMPTZ;
      case Types.ARRAY -> ColumnType.TEXT_ARRAY;
      default -> name.equals("JSON") ? ColumnType.JSONB : ColumnType.TEXT;
    };
  }

  static Optional<String> text(ResultSet result, int column, ColumnType type) throws SQLException {
    if (result.getObject(column) == null) {
      return Optional.empty();
    }
    return Optional.of(
        switch (type) {
          case BOOL -> result.getBoolean(column) ? "t" : "f";
          case TIMESTAMPTZ -> time(result.getObject(column, OffsetDateTime.class));
          case JSONB -> new String(result.getBytes(column), StandardCharsets.UTF_8);
          case NUMERIC -> number(result.getBigDecimal(column));
          case TEXT_ARRAY ->
              TextArrays.text(
                  Arrays.stream((Object[]) result.getArray(column).getArray())
                      .map(element -> Objects.requireNonNullElse(element, "").toString()));
          case TEXT, INT4, INT8, FLOAT8 -> Objects.requireNonNullElse(result.getString(column), "");
        });
  }

  static String time(OffsetDateTime time) {
    return TIME.format(time.withOffsetSameInstant(ZoneOffset.UTC));
  }

  /** The engine pads averages with zeros. */
  private static String number(BigDecimal number) {
    BigDecimal plain = number.signum() == 0 ? BigDecimal.ZERO : number.stripTrailingZeros();
    return plain.toPlainString();
  }
}
