package akkasinks.change;

import java.util.List;

/** The type of a column, as PostgreSQL knows it, without modifiers. */
public sealed interface Type {

  /** Types without parts. */
  enum Scalar implements Type {
    BOOL,
    INT2,
    INT4,
    INT8,
    OID,
    FLOAT4,
    FLOAT8,
    NUMERIC,
    TEXT,
    VARCHAR,
    CHAR,
    NAME,
    BYTEA,
    UUID,
    DATE,
    TIME,
    TIMETZ,
    TIMESTAMP,
    TIMESTAMPTZ,
    INTERVAL,
    JSON,
    JSONB,
    INET,
    CIDR,
    MACADDR,
    HSTORE,
    /** Any other type: carried as PostgreSQL's text. */
    UNKNOWN
  }

  /** An enumerated type; values are its labels. */
  record Enumerated(String name) implements Type {}

  /** A domain: behaves as its base type. */
  record Domain(String name, Type base) implements Type {}

  /** An array of any number of dimensions; {@code delimiter} stands between elements in text. */
  record Array(Type element, char delimiter) implements Type {}

  record Composite(String name, List<Field> fields) implements Type {
    public Composite {
      fields = List.copyOf(fields);
    }
  }

  /** A range or multirange, carried as text. */
  record Range(String name) implements Type {}

  record Field(String name, Type type) {}

  /** As messages name it. */
  default String described() {
    return switch (this) {
      case Scalar scalar -> scalar.name().toLowerCase(java.util.Locale.ROOT);
      case Enumerated(String name) -> name;
      case Domain(String name, Type _) -> name;
      case Array(Type element, char _) -> element.described() + "[]";
      case Composite(String name, List<Field> _) -> name;
      case Range(String name) -> name;
    };
  }

  /** The type below all domains. */
  default Type base() {
    Type at = this;
    while (at instanceof Domain domain) {
      at = domain.base();
    }
    return at;
  }
}
