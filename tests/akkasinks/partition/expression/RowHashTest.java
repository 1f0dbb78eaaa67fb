package akkasinks.partition.expression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akkasinks.base.Code;
import akkasinks.base.FailureException;
import akkasinks.change.Batch;
import akkasinks.change.BatchBuilder;
import akkasinks.change.Column;
import akkasinks.change.Op;
import akkasinks.change.PostgresPosition;
import akkasinks.change.Relation;
import akkasinks.change.Type.Scalar;
import akkasinks.sql.Expressions;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RowHashTest {
  private static final Relation TABLE =
      new Relation(
          1,
          "public",
          "t",
          List.of(
              Column.of("id", Scalar.INT4),
              Column.of("big", Scalar.INT8),
              Column.of("name", Scalar.TEXT),
              Column.of("raw", Scalar.BYTEA),
              Column.of("price", Scalar.NUMERIC),
              Column.of("ok", Scalar.BOOL),
              Column.of("day", Scalar.DATE),
              Column.of("none", Scalar.TEXT),
              Column.of("ratio", Scalar.FLOAT8),
              Column.of("minus", Scalar.INT2)));

  private static final Batch ROW =
      row(
          "42",
          "9000000000",
          "foobar",
          "\\x666f6f626172",
          "2.5",
          "t",
          "2011-11-11",
          null,
          "0.5",
          "-7");

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      textBlock =
          """
          seahash('')                                ~ 14492805990617963705
          seahash('foobar')                          ~ 5348458858952426560
          seahash(name)                              ~ 5348458858952426560
          seahash(raw)                               ~ 5348458858952426560
          kafka_murmur2('21')                        ~ 1173551340
          kafka_murmur2(name)                        ~ 1357151166
          kafka_murmur2('a-little-bit-long-string')  ~ 1161502112
          kafka_murmur2('a-little-bit-longer-string') ~ 661178819
          kafka_murmur2('lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8') ~ 2088585677
          crc32('')                                  ~ 0
          crc32(name)                                ~ 2666930069
          kafka_murmur2('apple') % 16                ~ 5
          kafka_murmur2('zucchini') % 16             ~ 4
          seahash(name) % 1000                       ~ 560
          id                                         ~ 42
          big                                        ~ 9000000000
          id::text || name                           ~ cast
          seahash(id::text || name) - seahash('42foobar') ~ 0
          seahash(day::text) - seahash('2011-11-11') ~ 0
          price                                      ~ 3
          ratio                                      ~ 0
          minus                                      ~ 0
          abs(minus)                                 ~ 7
          -minus * 2                                 ~ 14
          none                                       ~ cast
          seahash(none)                              ~ 0
          coalesce(length(none), 3) + 1              ~ 4
          1 / 0                                      ~ 0
          id / (id - 42)                             ~ 0
          2147483647 + id                            ~ 0
          2147483647::int8 + id                      ~ 2147483689
          NULL                                       ~ 0
          18446744073709551615                       ~ 18446744073709551615
          18446744073709551616                       ~ 0
          CASE WHEN ok AND id IN (1, 42) THEN 5 ELSE 6 END ~ 5
          CASE name WHEN 'x' THEN 1 WHEN 'foobar' THEN 2 END ~ 2
          CASE WHEN none IS NULL AND NOT none = 'a' THEN 1 ELSE 2 END ~ 2
          length(upper(substring(name, 2, 3)) || left(name, -1)) ~ 8
          '12'::int4 + 2 * 3 - 8 % 5                  ~ 15
          mod(id, 5)                                  ~ 2
          """)
  void anExpressionGivesPostgresesValueAsAnUnsignedNumber(String expression, String expected) {
    if (expected.equals("cast")) {
      assertThatThrownBy(() -> hash(expression))
          .hasMessage("PARTITION BY does not support casting from text to uint8");
      return;
    }
    assertThat(Long.toUnsignedString(hash(expression))).isEqualTo(expected);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          noexist            | UNDEFINED_COLUMN   | column "noexist" does not exist                 | 10
          day                | INVALID_DEFINITION | PARTITION BY does not support casting from date to uint8 | 10
          ok                 | INVALID_DEFINITION | PARTITION BY does not support casting from boolean to uint8 | 10
          id + name          | INVALID_DEFINITION | operator does not exist: int4 + text            | 13
          sum(id)            | UNDEFINED_OBJECT   | function sum(int4) does not exist               | 10
          seahash(id)        | UNDEFINED_OBJECT   | function seahash(int4) does not exist           | 10
          id::money          | UNDEFINED_OBJECT   | type "money" does not exist                     | 12
          (SELECT 1)         | SYNTAX_ERROR       | Expected an operator or ")", found the number 1 | 18
          id id              | SYNTAX_ERROR       | Expected an operator, found "id"                | 13
          """)
  void whatCannotBeComputedIsRefusedAtItsPlace(
      String expression, Code code, String message, int position) {
    assertThatThrownBy(() -> RowHash.compile(Expressions.parse(expression, 10), TABLE))
        .isInstanceOfSatisfying(
            FailureException.class,
            e -> {
              assertThat(e.failure().message()).isEqualTo(message);
              assertThat(e.failure().code()).isEqualTo(code);
              assertThat(e.failure().position()).isEqualTo(position);
            });
  }

  @Test
  void aColumnThatTheSourceDidNotSendIsNoGuess() {
    var builder = new BatchBuilder(TABLE, 1, 16);
    builder.row();
    for (int i = 0; i < TABLE.columns().size(); i++) {
      builder.nothing(Batch.ABSENT);
    }
    builder.change(Op.DELETE, 0, Batch.NO_ROW, 1);
    var absent = builder.build(PostgresPosition.of("1", 1, "slot", 1), 1, false);
    for (var expression : List.of("id", "seahash(name)", "seahash(name || 'x')")) {
      var hash = RowHash.compile(Expressions.parse(expression, 0), TABLE);
      assertThatThrownBy(() -> hash.of(absent, 0)).hasMessageContaining("did not send");
    }
  }

  private static long hash(String expression) {
    return RowHash.compile(Expressions.parse(expression, 0), TABLE).of(ROW, 0);
  }

  private static Batch row(@Nullable String... values) {
    var builder = new BatchBuilder(TABLE, 1, 64);
    builder.row();
    for (var value : values) {
      if (value == null) {
        builder.nothing(Batch.NULL);
      } else {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        builder.value(bytes, 0, bytes.length);
      }
    }
    builder.change(Op.INSERT, Batch.NO_ROW, 0, 1);
    return builder.build(PostgresPosition.of("1", 1, "slot", 1), 1, false);
  }
}
