package akkasinks.format.input;

import akkasinks.change.Buffer;
import akkasinks.change.Type;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.YearMonth;
import java.time.ZoneOffset;

/**
 * Dates and times: ISO 8601, as most programs write it, and milliseconds since 1970, as this
 * product's FORMAT JSON and many clients do.
 */
final class Times {
  /** Of 0001-01-01 and of 10000-01-01, in milliseconds. */
  private static final long EARLIEST = -62_135_596_800_000L;

  private static final long LATEST = 253_402_300_800_000L;

  private Times() {}

  /** Whether a date stands there, in years 1 to 9999. */
  static boolean isDate(byte[] bytes, int from, int to) {
    if (to - from < 10 || bytes[from + 4] != '-' || bytes[from + 7] != '-') {
      return false;
    }
    int century = two(bytes, from);
    int rest = two(bytes, from + 2);
    int month = two(bytes, from + 5);
    int day = two(bytes, from + 8);
    int year = century * 100 + rest;
    return (century | rest | month | day) >= 0
        && year >= 1
        && month >= 1
        && month <= 12
        && day >= 1
        && (day <= 28 || day <= YearMonth.of(year, month).lengthOfMonth());
  }

  /** Where the time of day that begins at {@code from} ends; −1 if none does. */
  static int timeEnd(byte[] bytes, int from, int to) {
    if (to - from < 8 || bytes[from + 2] != ':' || bytes[from + 5] != ':') {
      return -1;
    }
    int hour = two(bytes, from);
    int minute = two(bytes, from + 3);
    int second = two(bytes, from + 6);
    if ((hour | minute | second) < 0 || hour > 23 || minute > 59 || second > 59) {
      return -1;
    }
    int at = from + 8;
    if (at < to && bytes[at] == '.') {
      int fraction = at + 1;
      at = fraction;
      while (at < to && isDigit(bytes[at])) {
        at++;
      }
      if (at == fraction || at - fraction > 6) {
        return -1;
      }
    }
    return at;
  }

  static void timestamp(Type.Scalar type, byte[] bytes, int from, int to, Fields out, int column) {
    if (to - from >= 19
        && isDate(bytes, from, to)
        && (bytes[from + 10] == 'T' || bytes[from + 10] == ' ')) {
      iso(type, bytes, from, to, out, column);
    } else {
      epoch(type, bytes, from, to, out, column);
    }
  }

  private static void iso(
      Type.Scalar type, byte[] bytes, int from, int to, Fields out, int column) {
    int end = timeEnd(bytes, from + 11, to);
    TypedText.demand(end > 0, type);
    boolean utc = end == to || (to - end == 1 && bytes[end] == 'Z');
    if (!utc) {
      TypedText.demand(type == Type.Scalar.TIMESTAMPTZ, type);
      shifted(bytes, from, end, to, out, column);
      return;
    }
    Buffer made = out.made();
    int mark = made.size();
    made.put(bytes, from, 10);
    made.put(' ');
    made.put(bytes, from + 11, end - from - 11);
    zone(type, made);
    out.setMade(column, mark);
  }

  /** With an offset, so in UTC. */
  private static void shifted(byte[] bytes, int from, int end, int to, Fields out, int column) {
    LocalDateTime utc =
        LocalDateTime.of(
                two(bytes, from) * 100 + two(bytes, from + 2),
                two(bytes, from + 5),
                two(bytes, from + 8),
                two(bytes, from + 11),
                two(bytes, from + 14),
                two(bytes, from + 17))
            .minusSeconds(offsetSeconds(bytes, end, to));
    TypedText.demand(utc.getYear() >= 1 && utc.getYear() <= 9999, Type.Scalar.TIMESTAMPTZ);
    Buffer made = out.made();
    int mark = made.size();
    put(utc, made);
    made.put(bytes, from + 19, end - from - 19);
    zone(Type.Scalar.TIMESTAMPTZ, made);
    out.setMade(column, mark);
  }

  private static int offsetSeconds(byte[] bytes, int from, int to) {
    try {
      return ZoneOffset.of(new String(bytes, from, to - from, StandardCharsets.ISO_8859_1))
          .getTotalSeconds();
    } catch (DateTimeException noZone) {
      throw new BadRecord("it is no timestamptz");
    }
  }

  /** Milliseconds, and up to three digits of microseconds that are added, also to negative ones. */
  private static void epoch(
      Type.Scalar type, byte[] bytes, int from, int to, Fields out, int column) {
    int point = from;
    while (point < to && bytes[point] != '.') {
      point++;
    }
    TypedText.demand(point - from <= 16 && to - point <= 4 && to - point != 1, type);
    long millis = number(type, bytes, from, point);
    int micros = 0;
    for (int at = point + 1; at < point + 4; at++) {
      int digit = at < to ? bytes[at] - '0' : 0;
      TypedText.demand(digit >= 0 && digit <= 9, type);
      micros = micros * 10 + digit;
    }
    int mark = out.made().size();
    put(type, millis, micros, out.made());
    out.setMade(column, mark);
  }

  private static long number(Type.Scalar type, byte[] bytes, int from, int to) {
    boolean negative = from < to && bytes[from] == '-';
    int first = negative ? from + 1 : from;
    TypedText.demand(first < to, type);
    long number = 0;
    for (int at = first; at < to; at++) {
      TypedText.demand(isDigit(bytes[at]), type);
      number = number * 10 + bytes[at] - '0';
    }
    return negative ? -number : number;
  }

  /** PostgreSQL's text of a moment. */
  static void put(Type.Scalar type, long millis, int micros, Buffer out) {
    TypedText.demand(millis >= EARLIEST && millis < LATEST, type);
    long seconds = Math.floorDiv(millis, 1_000);
    int fraction = Math.floorMod(millis, 1_000) * 1_000 + micros;
    put(LocalDateTime.ofEpochSecond(seconds, 0, ZoneOffset.UTC), out);
    if (fraction > 0) {
      out.put('.');
      for (int unit = 100_000; unit > 0; unit /= 10) {
        out.put('0' + fraction / unit % 10);
      }
    }
    zone(type, out);
  }

  /** By hand: a {@code DateTimeFormatter} took a quarter of the time of a whole Kafka source. */
  private static void put(LocalDateTime time, Buffer out) {
    putTwo(time.getYear() / 100, out);
    putTwo(time.getYear() % 100, out);
    out.put('-');
    putTwo(time.getMonthValue(), out);
    out.put('-');
    putTwo(time.getDayOfMonth(), out);
    out.put(' ');
    putTwo(time.getHour(), out);
    out.put(':');
    putTwo(time.getMinute(), out);
    out.put(':');
    putTwo(time.getSecond(), out);
  }

  private static void putTwo(int number, Buffer out) {
    out.put('0' + number / 10);
    out.put('0' + number % 10);
  }

  private static void zone(Type.Scalar type, Buffer out) {
    if (type == Type.Scalar.TIMESTAMPTZ) {
      out.put('+');
      out.put('0');
      out.put('0');
    }
  }

  private static boolean isDigit(byte b) {
    return b >= '0' && b <= '9';
  }

  /** Negative if one is no digit. */
  private static int two(byte[] bytes, int at) {
    int tens = bytes[at] - '0';
    int ones = bytes[at + 1] - '0';
    return (tens | ones | 9 - tens | 9 - ones) < 0 ? -1 : tens * 10 + ones;
  }
}
