package akkasinks.format.json;

import akkasinks.change.Buffer;
import akkasinks.format.text.PostgresTime;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

/** time, timetz, timestamp and timestamptz. */
final class TimeWriters {
  private static final byte[] PAIRS = new byte[200];
  private static final long[] TENS = new long[19];

  static {
    for (int i = 0; i < 100; i++) {
      PAIRS[2 * i] = (byte) ('0' + i / 10);
      PAIRS[2 * i + 1] = (byte) ('0' + i % 10);
    }
    TENS[0] = 1;
    for (int i = 1; i < TENS.length; i++) {
      TENS[i] = TENS[i - 1] * 10;
    }
  }

  private TimeWriters() {}

  /** The text, but its fraction has 0, 3 or 6 digits: {@code 11:11:11.12} becomes .120. */
  static void time(byte[] bytes, int from, int to, Buffer out) {
    int point = from;
    while (point < to && bytes[point] != '.') {
      point++;
    }
    int end = Math.min(point + 1, to);
    while (end < to && bytes[end] >= '0' && bytes[end] <= '9') {
      end++;
    }
    out.put('"');
    out.put(bytes, from, end - from);
    if (point < to) {
      int digits = end - point - 1;
      for (int i = digits; i < (digits > 3 ? 6 : 3); i++) {
        out.put('0');
      }
    }
    out.put(bytes, end, to - end);
    out.put('"');
  }

  /**
   * {@code "1321009871123.450"}: milliseconds since 1970, rounded down, then the microseconds after
   * them; so {@code "-1.999"} is one microsecond before 1970. Infinities stay words.
   */
  static void epoch(byte[] bytes, int from, int to, Buffer out) {
    out.put('"');
    if (!infinite(bytes, from, to, out)) {
      var time = PostgresTime.parse(bytes, from, to);
      integer(time.seconds() * 1_000 + time.micros() / 1_000, out);
      int micros = time.micros() % 1_000;
      byte[] room = out.room(4);
      int at = out.size();
      room[at] = '.';
      room[at + 1] = (byte) ('0' + micros / 100);
      room[at + 2] = (byte) ('0' + micros / 10 % 10);
      room[at + 3] = (byte) ('0' + micros % 10);
      out.wrote(4);
    }
    out.put('"');
  }

  /**
   * ISO 8601 with six digits of fraction, in UTC; years beyond 9999 and before 1 in its expanded
   * form ({@code +10000}, {@code -0043} for 44 BC).
   */
  static void iso(byte[] bytes, int from, int to, String zone, Buffer out) {
    out.put('"');
    if (!infinite(bytes, from, to, out)) {
      var time = PostgresTime.parse(bytes, from, to);
      var utc = LocalDateTime.ofEpochSecond(time.seconds(), time.micros() * 1_000, ZoneOffset.UTC);
      year(utc.getYear(), out);
      two('-', utc.getMonthValue(), out);
      two('-', utc.getDayOfMonth(), out);
      two('T', utc.getHour(), out);
      two(':', utc.getMinute(), out);
      two(':', utc.getSecond(), out);
      out.put('.');
      for (int unit = 100_000; unit > 0; unit /= 10) {
        out.put('0' + time.micros() / unit % 10);
      }
      out.put(zone.getBytes(StandardCharsets.US_ASCII));
    }
    out.put('"');
  }

  private static boolean infinite(byte[] bytes, int from, int to, Buffer out) {
    boolean infinite = from < to && bytes[to - 1] == 'y';
    if (infinite) {
      out.put(bytes, from, to - from);
    }
    return infinite;
  }

  private static void year(int year, Buffer out) {
    int size = Math.abs(year);
    if (year < 0) {
      out.put('-');
    } else if (year > 9_999) {
      out.put('+');
    }
    for (int unit = 1_000; unit > 1 && size < unit; unit /= 10) {
      out.put('0');
    }
    integer(size, out);
  }

  private static void two(char before, int value, Buffer out) {
    out.put(before);
    out.put('0' + value / 10);
    out.put('0' + value % 10);
  }

  /** Not for Long.MIN_VALUE, which no timestamp reaches. Two digits at a time. */
  private static void integer(long value, Buffer out) {
    if (value < 0) {
      out.put('-');
    }
    long rest = Math.abs(value);
    int digits = digits(rest);
    byte[] room = out.room(digits);
    int at = out.size() + digits;
    while (rest >= 100) {
      long hundreds = rest / 100;
      int pair = (int) (rest - hundreds * 100) * 2;
      room[--at] = PAIRS[pair + 1];
      room[--at] = PAIRS[pair];
      rest = hundreds;
    }
    room[--at] = PAIRS[(int) rest * 2 + 1];
    if (rest >= 10) {
      room[--at] = PAIRS[(int) rest * 2];
    }
    out.wrote(digits);
  }

  /** At most one comparison after an estimate from the number of bits (log10 2 ≈ 1233/4096). */
  private static int digits(long value) {
    int most = (64 - Long.numberOfLeadingZeros(value | 1)) * 1233 >>> 12;
    return value < TENS[most] ? Math.max(1, most) : most + 1;
  }
}
