package akkasinks.format.json;

/** The forms that a user can choose between. */
public record JsonOptions(Bytes bytes, Timestamps timestamps) {
  /** Materialize's forms. */
  public static final JsonOptions DEFAULT = new JsonOptions(Bytes.ARRAY, Timestamps.EPOCH);

  /** The form of bytea. */
  public enum Bytes {
    /** {@code [209,130]} */
    ARRAY,
    /** {@code "0YI="}: RFC 4648 section 4, padded */
    BASE64
  }

  /** The form of timestamp and timestamptz. */
  public enum Timestamps {
    /** {@code "1321009871123.450"}: milliseconds since 1970, then the microseconds within. */
    EPOCH,
    /** {@code "2011-11-11T11:11:11.123450Z"}; no Z for timestamp. */
    ISO
  }
}
