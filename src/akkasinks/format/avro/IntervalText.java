package akkasinks.format.avro;

import akkasinks.change.Buffer;
import akkasinks.format.text.MalformedText;
import akkasinks.format.text.Numbers;
import akkasinks.format.text.PostgresTime;

/**
 * Intervals from IntervalStyle postgres, {@code -1 years -2 mons +3 days -04:05:06.7}, as the three
 * numbers that PostgreSQL keeps: months, days and microseconds, none of which can stand for
 * another.
 */
final class IntervalText {
  private IntervalText() {}

  static void write(byte[] bytes, int from, int to, Buffer out) {
    if (to > from && bytes[to - 1] == 'y') {
      boolean past = bytes[from] == '-';
      numbers(
          past ? Integer.MIN_VALUE : Integer.MAX_VALUE,
          past ? Integer.MIN_VALUE : Integer.MAX_VALUE,
          past ? Long.MIN_VALUE : Long.MAX_VALUE,
          out);
      return;
    }
    long months = 0;
    long days = 0;
    long micros = 0;
    int at = from;
    while (at < to) {
      int end = wordEnd(bytes, at, to);
      boolean negative = bytes[at] == '-';
      int first = negative || bytes[at] == '+' ? at + 1 : at;
      if (isClock(bytes, first, end)) {
        long clock = PostgresTime.clock(bytes, first, end);
        micros = negative ? -clock : clock;
        at = end + 1;
        continue;
      }
      long number = Numbers.whole(bytes, first, end);
      number = negative ? -number : number;
      int unit = end + 1;
      at = wordEnd(bytes, unit, to) + 1;
      switch (unit < to ? bytes[unit] : 0) {
        case 'y' -> months += 12 * number;
        case 'm' -> months += number;
        case 'd' -> days += number;
        default -> throw malformed();
      }
    }
    if (from == to) {
      throw malformed();
    }
    numbers((int) months, (int) days, micros, out);
  }

  private static void numbers(int months, int days, long micros, Buffer out) {
    Binary.int32(months, out);
    Binary.int32(days, out);
    Binary.int64(micros, out);
  }

  private static int wordEnd(byte[] bytes, int from, int to) {
    int at = from;
    while (at < to && bytes[at] != ' ') {
      at++;
    }
    return at;
  }

  private static boolean isClock(byte[] bytes, int from, int to) {
    for (int at = from; at < to; at++) {
      if (bytes[at] == ':') {
        return true;
      }
    }
    return false;
  }

  private static MalformedText malformed() {
    return new MalformedText("an interval, as IntervalStyle postgres has it");
  }
}
