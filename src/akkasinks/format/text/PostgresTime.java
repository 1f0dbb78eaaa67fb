package akkasinks.format.text;

/**
 * A PostgreSQL timestamp, read from its ISO text: {@code 2011-11-11 11:11:11.12345}, with an offset
 * if it is a timestamptz, with {@code BC} behind it if the year is before 1. Seconds and
 * microseconds stay apart, because PostgreSQL's last timestamp does not fit 64 bits of microseconds
 * since 1970.
 *
 * @param seconds since 1970-01-01 00:00:00 (UTC if the text had an offset), rounded down
 * @param micros 0 to 999,999 after {@code seconds}
 */
public record PostgresTime(long seconds, int micros) {
  private static final String EXPECTED = "a timestamp, as DateStyle ISO has it";

  /** Not for infinity. */
  public static PostgresTime parse(byte[] bytes, int from, int to) {
    return to - from >= 19 && bytes[from + 4] == '-' && bytes[to - 1] != 'C'
        ? common(bytes, from, to)
        : rare(bytes, from, to);
  }

  /** Days since 1970-01-01 of a date, {@code 2011-11-11} or {@code 0044-03-15 BC}; no infinity. */
  public static long date(byte[] bytes, int from, int to) {
    boolean beforeChrist = to - from > 3 && bytes[to - 1] == 'C' && bytes[to - 2] == 'B';
    int end = beforeChrist ? to - 3 : to;
    if (end - from < 10 || bytes[end - 3] != '-' || bytes[end - 6] != '-') {
      throw new MalformedText("a date, as DateStyle ISO has it");
    }
    long year = number(bytes, from, end - 6);
    return days(
        beforeChrist ? 1 - year : year,
        number(bytes, end - 5, end - 3),
        number(bytes, end - 2, end));
  }

  /** Microseconds of a time of day or a span, {@code 11:11:11.12}; hours may have any digits. */
  public static long clock(byte[] bytes, int from, int to) {
    int colon = from;
    while (colon < to && bytes[colon] != ':') {
      colon++;
    }
    if (to - colon < 6 || bytes[colon + 3] != ':') {
      throw new MalformedText("hours, minutes and seconds");
    }
    long hours = 0;
    for (int at = from; at < colon; at++) {
      hours = hours * 10 + number(bytes, at, at + 1);
    }
    long seconds =
        hours * 3_600
            + number(bytes, colon + 1, colon + 3) * 60
            + number(bytes, colon + 4, colon + 6);
    return seconds * 1_000_000 + fraction(bytes, colon + 6, to);
  }

  private static int fraction(byte[] bytes, int from, int to) {
    int micros = 0;
    if (from < to && bytes[from] == '.') {
      int unit = 100_000;
      for (int at = from + 1; at < to; at++, unit /= 10) {
        micros += number(bytes, at, at + 1) * unit;
      }
    } else if (from < to) {
      throw new MalformedText("nothing but a fraction after the seconds");
    }
    return micros;
  }

  /** Years of four digits, after Christ; without loops over what has a fixed place. */
  private static PostgresTime common(byte[] bytes, int from, int to) {
    if (bytes[from + 7] != '-'
        || bytes[from + 10] != ' '
        || bytes[from + 13] != ':'
        || bytes[from + 16] != ':') {
      throw new MalformedText(EXPECTED);
    }
    int century = two(bytes, from);
    int year = two(bytes, from + 2);
    int month = two(bytes, from + 5);
    int day = two(bytes, from + 8);
    int hour = two(bytes, from + 11);
    int minute = two(bytes, from + 14);
    int second = two(bytes, from + 17);
    if ((century | year | month | day | hour | minute | second) < 0) {
      throw new MalformedText(EXPECTED);
    }
    long seconds =
        days(century * 100 + year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second;
    int at = from + 19;
    int micros = 0;
    if (at < to && bytes[at] == '.') {
      int unit = 100_000;
      for (at++; at < to && bytes[at] >= '0' && bytes[at] <= '9'; at++, unit /= 10) {
        micros += (bytes[at] - '0') * unit;
      }
    }
    boolean utc = to - at == 3 && bytes[at] == '+' && bytes[at + 1] == '0' && bytes[at + 2] == '0';
    return new PostgresTime(utc ? seconds : seconds - offset(bytes, at, to), micros);
  }

  /** Negative if one is no digit. */
  private static int two(byte[] bytes, int at) {
    int tens = bytes[at] - '0';
    int ones = bytes[at + 1] - '0';
    return (tens | ones | 9 - tens | 9 - ones) < 0 ? -1 : tens * 10 + ones;
  }

  private static PostgresTime rare(byte[] bytes, int from, int to) {
    int end = to;
    boolean beforeChrist = to - from > 3 && bytes[to - 1] == 'C' && bytes[to - 2] == 'B';
    if (beforeChrist) {
      end -= 3;
    }
    int dash = from;
    while (dash < end && bytes[dash] != '-') {
      dash++;
    }
    if (end - dash < 15
        || bytes[dash + 3] != '-'
        || bytes[dash + 6] != ' '
        || bytes[dash + 9] != ':'
        || bytes[dash + 12] != ':') {
      throw new MalformedText(EXPECTED);
    }
    long year = number(bytes, from, dash);
    long days =
        days(
            beforeChrist ? 1 - year : year,
            number(bytes, dash + 1, dash + 3),
            number(bytes, dash + 4, dash + 6));
    long seconds =
        days * 86_400
            + number(bytes, dash + 7, dash + 9) * 3_600
            + number(bytes, dash + 10, dash + 12) * 60
            + number(bytes, dash + 13, dash + 15);
    int at = dash + 15;
    int micros = 0;
    if (at < end && bytes[at] == '.') {
      int unit = 100_000;
      for (at++; at < end && bytes[at] >= '0' && bytes[at] <= '9'; at++, unit /= 10) {
        micros += (bytes[at] - '0') * unit;
      }
    }
    return new PostgresTime(seconds - offset(bytes, at, end), micros);
  }

  /** Seconds east of Greenwich: nothing, {@code +00}, {@code +05:30}, {@code -00:01:15}. */
  private static long offset(byte[] bytes, int from, int end) {
    if (from == end) {
      return 0;
    }
    if ((bytes[from] != '+' && bytes[from] != '-') || (end - from) % 3 != 0) {
      throw new MalformedText(EXPECTED);
    }
    long seconds = 0;
    int unit = 3_600;
    for (int at = from + 1; at < end; at += 3, unit /= 60) {
      seconds += number(bytes, at, at + 2) * unit;
    }
    return bytes[from] == '-' ? -seconds : seconds;
  }

  private static int number(byte[] bytes, int from, int to) {
    int number = 0;
    for (int at = from; at < to; at++) {
      int digit = bytes[at] - '0';
      if (digit < 0 || digit > 9) {
        throw new MalformedText(EXPECTED);
      }
      number = number * 10 + digit;
    }
    return number;
  }

  /**
   * Days since 1970-01-01 in the proleptic Gregorian calendar, year 0 being 1 BC; H. Hinnant,
   * "chrono-compatible low-level date algorithms", days_from_civil.
   */
  private static long days(long year, int month, int day) {
    long y = month <= 2 ? year - 1 : year;
    long era = Math.floorDiv(y, 400);
    long yearOfEra = y - era * 400;
    long dayOfYear = (153L * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    long dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
    return era * 146_097 + dayOfEra - 719_468;
  }
}
