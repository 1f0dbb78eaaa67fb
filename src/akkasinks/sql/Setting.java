package akkasinks.sql;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The settings of a session, with PostgreSQL's names. Most change nothing here: they are what
 * drivers set and read back.
 */
public enum Setting {
  SERVER_VERSION("14.0 (AkkaSinks)", Kind.FIXED_REPORTED),
  SERVER_VERSION_NUM("140000", Kind.FIXED),
  SERVER_ENCODING("UTF8", Kind.FIXED_REPORTED),
  INTEGER_DATETIMES("on", Kind.FIXED_REPORTED),
  STANDARD_CONFORMING_STRINGS("on", Kind.ONLY_REPORTED),
  CLIENT_ENCODING("UTF8", Kind.ONLY_REPORTED),
  DATESTYLE("ISO, MDY", Kind.REPORTED),
  INTERVALSTYLE("postgres", Kind.REPORTED),
  TIMEZONE("UTC", Kind.REPORTED),
  APPLICATION_NAME("", Kind.REPORTED),
  IS_SUPERUSER("on", Kind.FIXED_REPORTED),
  SESSION_AUTHORIZATION("akkasinks", Kind.REPORTED),
  TRANSACTION_ISOLATION("read committed", Kind.FREE),
  DEFAULT_TRANSACTION_ISOLATION("read committed", Kind.FREE),
  TRANSACTION_READ_ONLY("off", Kind.FREE),
  DEFAULT_TRANSACTION_READ_ONLY("off", Kind.FREE),
  CLIENT_MIN_MESSAGES("notice", Kind.FREE),
  EXTRA_FLOAT_DIGITS("1", Kind.FREE),
  BYTEA_OUTPUT("hex", Kind.FREE),
  SEARCH_PATH("public", Kind.FREE),
  STATEMENT_TIMEOUT("0", Kind.FREE),
  LOCK_TIMEOUT("0", Kind.FREE),
  IDLE_IN_TRANSACTION_SESSION_TIMEOUT("0", Kind.FREE),
  IDLE_SESSION_TIMEOUT("0", Kind.FREE),
  SYNCHRONOUS_COMMIT("on", Kind.FREE),
  ROW_SECURITY("on", Kind.FREE),
  CHECK_FUNCTION_BODIES("on", Kind.FREE),
  XMLOPTION("content", Kind.FREE),
  DEFAULT_TEXT_SEARCH_CONFIG("pg_catalog.simple", Kind.FREE),
  MAX_IDENTIFIER_LENGTH("255", Kind.FIXED),
  CLUSTER("default", Kind.FREE),
  DATABASE("akkasinks", Kind.FREE),
  PASSWORD_ENCRYPTION("scram-sha-256", Kind.FIXED);

  private enum Kind {
    FIXED,
    FIXED_REPORTED,
    /** May be set, but to this value only: others would change how text is read. */
    ONLY_REPORTED,
    REPORTED,
    FREE
  }

  private final String initial;
  private final Kind kind;

  Setting(String initial, Kind kind) {
    this.initial = initial;
    this.kind = kind;
  }

  /** Its value in a new session. */
  public String initial() {
    return initial;
  }

  public boolean fixed() {
    return kind == Kind.FIXED || kind == Kind.FIXED_REPORTED;
  }

  /** Whether only the initial value is possible. */
  public boolean single() {
    return kind == Kind.ONLY_REPORTED;
  }

  /** Whether clients are told of each change. */
  public boolean reported() {
    return kind == Kind.FIXED_REPORTED || kind == Kind.ONLY_REPORTED || kind == Kind.REPORTED;
  }

  /** As PostgreSQL spells it. */
  public String shown() {
    return switch (this) {
      case DATESTYLE -> "DateStyle";
      case INTERVALSTYLE -> "IntervalStyle";
      case TIMEZONE -> "TimeZone";
      default -> name().toLowerCase(Locale.ROOT);
    };
  }

  public static Optional<Setting> named(String name) {
    return Arrays.stream(values()).filter(s -> s.name().equalsIgnoreCase(name)).findFirst();
  }

  /** All names, for hints. */
  public static List<String> names() {
    return Arrays.stream(values()).map(Setting::shown).toList();
  }
}
