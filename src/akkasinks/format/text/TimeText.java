package akkasinks.format.text;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;

/** Dates and times as PostgreSQL writes them; no infinities. */
public final class TimeText {
  private TimeText() {}

  /** Of days since 1970-01-01. */
  public static String date(long days) {
    var date = LocalDate.ofEpochDay(days);
    return day(date) + era(date.getYear());
  }

  /** Of microseconds of a day. */
  public static String time(long micros) {
    // LocalTime has no 24:00:00, which PostgreSQL has.
    long day = 86_400_000_000L;
    return micros == day ? "24:00:00" : clock(LocalTime.ofNanoOfDay(micros * 1_000));
  }

  /**
   * @param seconds since 1970-01-01 00:00:00
   * @param zone whether it is a timestamptz, in UTC
   */
  public static String timestamp(long seconds, int nanos, boolean zone) {
    var time = LocalDateTime.ofEpochSecond(seconds, nanos, ZoneOffset.UTC);
    return day(time.toLocalDate())
        + " "
        + clock(time.toLocalTime())
        + (zone ? "+00" : "")
        + era(time.getYear());
  }

  private static String era(int year) {
    return year > 0 ? "" : " BC";
  }

  private static String day(LocalDate date) {
    int year = date.getYear();
    return "%04d-%02d-%02d"
        .formatted(year > 0 ? year : 1 - year, date.getMonthValue(), date.getDayOfMonth());
  }

  private static String clock(LocalTime time) {
    var seconds = "%02d:%02d:%02d".formatted(time.getHour(), time.getMinute(), time.getSecond());
    return time.getNano() == 0
        ? seconds
        : seconds + ".%06d".formatted(time.getNano() / 1_000).replaceFirst("0+$", "");
  }
}
