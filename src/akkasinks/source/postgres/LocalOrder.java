package akkasinks.source.postgres;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;

/**
 * Key columns whose order the JVM reproduces exactly, compared column by column as Postgres
 * compares rows.
 */
final class LocalOrder implements KeyOrder {

  /** How the texts of one column compare. */
  enum ColumnOrder {
    /** int2, int4, int8 and, as it never exceeds a long, oid. */
    INTEGER(Long::valueOf, Comparator.comparingLong(Long.class::cast)),
    NUMERIC(Decimal::of, Comparator.comparing(Decimal.class::cast)),
    /**
     * Texts of digits and lower-case letters whose own order is the values': uuid, bytea in hex,
     * bool as f and t.
     */
    ASCII(text -> text, Comparator.comparing(String.class::cast)),
    /** Text under a collation that compares bytes. */
    BYTES(
        text -> text.getBytes(StandardCharsets.UTF_8),
        (a, b) -> Arrays.compareUnsigned((byte[]) a, (byte[]) b)),
    DATE(LocalOrder::days, Comparator.comparingLong(Long.class::cast)),
    /** With or without time zone; ISO style. */
    TIMESTAMP(LocalOrder::micros, Comparator.comparingLong(Long.class::cast));

    private final Function<String, Object> parse;
    private final Comparator<Object> comparator;

    ColumnOrder(Function<String, Object> parse, Comparator<Object> comparator) {
      this.parse = parse;
      this.comparator = comparator;
    }
  }

  private static final long MICROS_PER_DAY = 86_400_000_000L;

  private final List<ColumnOrder> columns;

  LocalOrder(List<ColumnOrder> columns) {
    this.columns = List.copyOf(columns);
  }

  @Override
  public Bounds bounds(List<List<String>> ascending) {
    var parsed = ascending.stream().map(this::parse).toArray(Object[][]::new);
    return key -> {
      var values = parse(key);
      int low = 0;
      int high = parsed.length;
      while (low < high) {
        int middle = (low + high) >>> 1;
        if (compare(parsed[middle], values) < 0) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      return low;
    };
  }

  private Object[] parse(List<String> key) {
    var values = new Object[columns.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = columns.get(i).parse.apply(key.get(i));
    }
    return values;
  }

  private int compare(Object[] a, Object[] b) {
    for (int i = 0; i < a.length; i++) {
      int order = columns.get(i).comparator.compare(a[i], b[i]);
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }

  /**
   * @param rank −1 for −Infinity, 0 for a number, 1 for Infinity, 2 for NaN: PostgreSQL's order
   */
  private record Decimal(int rank, BigDecimal number) implements Comparable<Decimal> {
    static Decimal of(String text) {
      return switch (text) {
        case "-Infinity" -> new Decimal(-1, BigDecimal.ZERO);
        case "Infinity" -> new Decimal(1, BigDecimal.ZERO);
        case "NaN" -> new Decimal(2, BigDecimal.ZERO);
        default -> new Decimal(0, new BigDecimal(text));
      };
    }

    @Override
    public int compareTo(Decimal that) {
      int order = Integer.compare(rank, that.rank);
      return order != 0 ? order : number.compareTo(that.number);
    }
  }

  /** Days since 1970 of {@code 2026-11-21}, {@code 0044-03-15 BC} or an infinity. */
  private static long days(String text) {
    return switch (text) {
      case "-infinity" -> Long.MIN_VALUE;
      case "infinity" -> Long.MAX_VALUE;
      default -> {
        boolean before = text.endsWith(" BC");
        var parts = (before ? text.substring(0, text.length() - 3) : text).split("-", -1);
        int year = Integer.parseInt(parts[0]);
        yield LocalDate.of(
                before ? 1 - year : year, Integer.parseInt(parts[1]), Integer.parseInt(parts[2]))
            .toEpochDay();
      }
    };
  }

  /** Microseconds since 1970 of {@code 2026-11-21 06:39:52.5+00} and the like. */
  private static long micros(String text) {
    if (text.endsWith("infinity")) {
      return days(text);
    }
    int space = text.indexOf(' ');
    boolean before = text.endsWith(" BC");
    var time = text.substring(space + 1, before ? text.length() - 3 : text.length());
    long day = days(text.substring(0, space) + (before ? " BC" : ""));
    int zone = Math.max(time.indexOf('+'), time.indexOf('-'));
    long micros = timeOfDay(zone < 0 ? time : time.substring(0, zone));
    if (zone >= 0) {
      long offset = timeOfDay(time.substring(zone + 1));
      micros += time.charAt(zone) == '+' ? -offset : offset;
    }
    return day * MICROS_PER_DAY + micros;
  }

  /** {@code hh[:mm[:ss[.ffffff]]]}. */
  private static long timeOfDay(String text) {
    var parts = text.split(":", -1);
    long micros = Long.parseLong(parts[0]) * 3_600_000_000L;
    if (parts.length > 1) {
      micros += Long.parseLong(parts[1]) * 60_000_000L;
    }
    if (parts.length > 2) {
      micros += new BigDecimal(parts[2]).movePointRight(6).longValueExact();
    }
    return micros;
  }
}
