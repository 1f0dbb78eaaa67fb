package akkasinks.partition.expression;

import java.util.Optional;

/** What a value is while it is computed. */
enum Kind {
  /** The literal NULL: fits everywhere. */
  NULL("unknown"),
  BOOL("boolean"),
  INT2("int2"),
  INT4("int4"),
  INT8("int8"),
  UINT4("uint4"),
  UINT8("uint8"),
  NUMERIC("numeric"),
  FLOAT8("double precision"),
  TEXT("text"),
  BYTEA("bytea"),
  /** Of a type that can only be cast to text. */
  OTHER("other");

  private final String type;

  Kind(String type) {
    this.type = type;
  }

  /** As messages name it. */
  String type() {
    return type;
  }

  boolean number() {
    return switch (this) {
      case INT2, INT4, INT8, UINT4, UINT8, NUMERIC, FLOAT8 -> true;
      case NULL, BOOL, TEXT, BYTEA, OTHER -> false;
    };
  }

  /** A whole number that is kept as a Long; UINT8's is to be read as unsigned. */
  boolean whole() {
    return number() && this != NUMERIC && this != FLOAT8;
  }

  /** The kind of a type's name in a cast. */
  static Optional<Kind> named(String type) {
    return switch (type.toLowerCase(java.util.Locale.ROOT)) {
      case "bool", "boolean" -> Optional.of(BOOL);
      case "int2", "smallint" -> Optional.of(INT2);
      case "int4", "int", "integer" -> Optional.of(INT4);
      case "int8", "bigint" -> Optional.of(INT8);
      case "uint4" -> Optional.of(UINT4);
      case "uint8" -> Optional.of(UINT8);
      case "numeric", "decimal" -> Optional.of(NUMERIC);
      case "float8", "double precision", "float" -> Optional.of(FLOAT8);
      case "text", "varchar", "string" -> Optional.of(TEXT);
      case "bytea" -> Optional.of(BYTEA);
      default -> Optional.empty();
    };
  }
}
