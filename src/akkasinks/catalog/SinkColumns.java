package akkasinks.catalog;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.base.FailureException;
import akkasinks.base.Nearest;
import akkasinks.catalog.Definition.Envelope;
import akkasinks.catalog.Definition.Format;
import akkasinks.catalog.Definition.Sink;
import akkasinks.catalog.SinkDetails.Columns;
import akkasinks.change.Column;
import akkasinks.change.Relation;
import akkasinks.change.Type;
import akkasinks.change.Type.Scalar;
import akkasinks.partition.expression.RowHash;
import akkasinks.sql.Expressions;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * What a sink's clauses say of its relation's columns: checked at CREATE, looked up at each start.
 */
public final class SinkColumns {
  private static final Set<Type> HEADERS = Set.of(Scalar.HSTORE, Scalar.JSON, Scalar.JSONB);
  private static final Set<Type> BINARY =
      Set.of(
          Scalar.BOOL,
          Scalar.INT2,
          Scalar.INT4,
          Scalar.INT8,
          Scalar.OID,
          Scalar.FLOAT4,
          Scalar.FLOAT8,
          Scalar.TEXT,
          Scalar.VARCHAR,
          Scalar.CHAR,
          Scalar.NAME,
          Scalar.BYTEA,
          Scalar.UUID,
          Scalar.JSON,
          Scalar.JSONB);

  private SinkColumns() {}

  /**
   * The places of the value's columns, in its order.
   *
   * @throws FailureException SCHEMA_CHANGED if one that was asked for is gone
   */
  public static int[] value(Sink sink, Relation relation) {
    return switch (sink.details().columns()) {
      case Columns.All _ -> IntStream.range(0, relation.columns().size()).toArray();
      case Columns.Only(List<String> names) -> places(relation, names, "INCLUDE COLUMNS");
      case Columns.Without(List<String> names) ->
          IntStream.range(0, relation.columns().size())
              .filter(i -> !names.contains(relation.columns().get(i).name()))
              .toArray();
    };
  }

  /** The places of the sink's KEY. */
  public static int[] key(Sink sink, Relation relation) {
    return places(relation, sink.key(), "KEY");
  }

  /**
   * The places of columns that the definition names.
   *
   * @param clause for the message
   * @throws FailureException SCHEMA_CHANGED if one is gone
   */
  public static int[] places(Relation relation, List<String> names, String clause) {
    return names.stream()
        .mapToInt(
            name -> {
              int column = relation.indexOf(name);
              if (column < 0) {
                throw Failure.of(
                        Code.SCHEMA_CHANGED,
                        "column \"%s\" of %s is gone from table \"%s\""
                            .formatted(name, clause, relation.name()))
                    .hint("Add the column again, or drop the sink and create it without.")
                    .exception();
              }
              return column;
            })
        .toArray();
  }

  /** PARTITION BY, if there is one, for rows of this relation. */
  public static Optional<RowHash> placement(Sink sink, Relation relation) {
    return placement(sink, relation, 0);
  }

  private static Optional<RowHash> placement(Sink sink, Relation relation, int formulaAt) {
    return sink.details()
        .partitionBy()
        .map(text -> RowHash.compile(Expressions.parse(text, formulaAt), relation));
  }

  /**
   * Whether a row's place can change while its key stays, so that it must leave the old one: then
   * the source has to send the whole row before a change.
   */
  public static boolean placeMoves(Sink sink) {
    return sink.envelope() == Envelope.UPSERT
        && sink.details()
            .partitionBy()
            .map(text -> RowHash.columns(Expressions.parse(text, 0)))
            .filter(columns -> columns.stream().anyMatch(c -> !sink.key().contains(c.name())))
            .isPresent();
  }

  /**
   * @param formulaAt where the PARTITION BY expression begins in the statement
   * @throws FailureException UNDEFINED_COLUMN, INVALID_DEFINITION, NOT_SUPPORTED
   */
  static void check(Sink sink, Relation relation, int formulaAt) {
    var details = sink.details();
    placement(sink, relation, formulaAt);
    details.headers().ifPresent(name -> headers(relation, name));
    switch (details.columns()) {
      case Columns.All _ -> {}
      case Columns.Only(List<String> names) ->
          names.forEach(name -> known(relation, name, "INCLUDE COLUMNS"));
      case Columns.Without(List<String> names) ->
          names.forEach(name -> known(relation, name, "OMIT COLUMNS"));
    }
    var value = value(sink, relation);
    if (value.length == 0) {
      throw Failure.of(Code.INVALID_DEFINITION, "OMIT COLUMNS leaves no column for the value")
          .exception();
    }
    format(sink.format(), relation, value, "VALUE");
    if (!sink.key().isEmpty()) {
      format(sink.keyFormat(), relation, places(relation, sink.key(), "KEY"), "KEY");
    }
  }

  private static void headers(Relation relation, String name) {
    int place = relation.indexOf(name);
    if (place < 0) {
      throw Failure.of(Code.UNDEFINED_COLUMN, "HEADERS column (%s) is unknown".formatted(name))
          .column(name)
          .hint(near(relation, name))
          .exception();
    }
    if (!HEADERS.contains(relation.columns().get(place).type().base())) {
      throw Failure.of(
              Code.INVALID_DEFINITION, "HEADERS column must have type hstore, json or jsonb")
          .column(name)
          .detail(
              "Column \"%s\" is of type %s."
                  .formatted(name, relation.columns().get(place).type().described()))
          .exception();
    }
  }

  private static void known(Relation relation, String name, String clause) {
    if (relation.indexOf(name) < 0) {
      throw Failure.of(
              Code.UNDEFINED_COLUMN,
              "column referenced in %s does not exist: %s".formatted(clause, name))
          .column(name)
          .hint(near(relation, name))
          .exception();
    }
  }

  private static String near(Relation relation, String name) {
    return Nearest.hint(name, relation.columns().stream().map(Column::name));
  }

  private static void format(Format format, Relation relation, int[] columns, String side) {
    if (format instanceof Format.Json || format.registry().isPresent()) {
      return;
    }
    if (columns.length != 1) {
      throw Failure.of(
              Code.NOT_SUPPORTED, "BYTES or TEXT format with multiple columns not yet supported")
          .detail(
              "The %s has %d columns."
                  .formatted(side.toLowerCase(java.util.Locale.ROOT), columns.length))
          .hint(
              side.equals("KEY")
                  ? "Choose a KEY of one column, or KEY FORMAT JSON."
                  : "Choose one with INCLUDE COLUMNS (…), or VALUE FORMAT JSON.")
          .exception();
    }
    var column = relation.columns().get(columns[0]);
    if (format instanceof Format.Binary
        && !(column.type().base() instanceof Type.Enumerated)
        && !BINARY.contains(column.type().base())) {
      throw Failure.of(
              Code.NOT_SUPPORTED,
              "BYTES format with non-encodable type: " + column.type().described())
          .column(column.name())
          .hint("FORMAT TEXT and FORMAT JSON carry it.")
          .exception();
    }
  }
}
