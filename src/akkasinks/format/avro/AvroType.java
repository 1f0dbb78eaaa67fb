package akkasinks.format.avro;

import java.util.List;

/** A type of a schema, and what a value of it is written from. Names in it are Avro's. */
sealed interface AvroType {

  /** Types without parts. */
  enum Scalar implements AvroType {
    BOOLEAN,
    INT,
    LONG,
    FLOAT,
    DOUBLE,
    STRING,
    BYTES,
    DATE,
    TIME_MICROS,
    TIMESTAMP_MILLIS,
    TIMESTAMP_MICROS,
    UUID,
    /** A string that holds JSON. */
    JSON,
    /** Four bytes, most significant first. */
    UINT4,
    /** Months and days as 32 bits each, microseconds as 64, all least significant byte first. */
    INTERVAL
  }

  /**
   * A decimal in bytes.
   *
   * @param size bytes that each value takes, filled up with its sign
   */
  record Decimal(int precision, int scale, int size) implements AvroType {}

  /** Of nullable elements. */
  record Array(AvroType element, char delimiter) implements AvroType {}

  /** hstore: text to nullable text. */
  record TextMap() implements AvroType {}

  /**
   * @param name the full name, one for each place in a schema
   */
  record Row(String name, String doc, List<Field> fields) implements AvroType {
    public Row {
      fields = List.copyOf(fields);
    }
  }

  /**
   * @param doc empty for none
   */
  record Field(String name, AvroType type, boolean nullable, String doc) {}
}
