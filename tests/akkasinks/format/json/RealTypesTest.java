package akkasinks.format.json;

import static akkasinks.change.Type.Scalar.*;
import static org.assertj.core.api.Assertions.assertThat;

import akkasinks.change.Type;
import akkasinks.testing.RealPostgres;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The texts of a real Postgres, under the settings that the source pins, against what Postgres
 * itself says of the values: by to_json where its form is ours, else by an expression.
 */
class RealTypesTest {
  private static final ObjectMapper JACKSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .nodeFactory(JsonNodeFactory.withExactBigDecimals(true))
          .build();
  private static final Type PAIR =
      new Type.Composite(
          "pair",
          List.of(
              new Type.Field("a", INT4),
              new Type.Field("b c", TEXT),
              new Type.Field("l", array(TEXT))));

  private static @Nullable Connection connection;

  @BeforeAll
  static void connect() throws SQLException {
    var database = RealPostgres.shared().createDatabase("types");
    database.execute(
        "CREATE TYPE mood AS ENUM ('so \"so\"', 'fine, (really)')",
        "CREATE DOMAIN positive AS int4 CHECK (value > 0)",
        "CREATE TYPE pair AS (a int4, \"b c\" text, l text[])");
    connection = database.connect();
    try (var statement = connection.createStatement()) {
      statement.execute("SET timezone = 'UTC'");
      statement.execute("SET datestyle = 'ISO'");
      statement.execute("SET intervalstyle = 'postgres'");
      statement.execute("SET extra_float_digits = 1");
      statement.execute("SET bytea_output = 'hex'");
    }
  }

  @AfterAll
  static void disconnect() throws SQLException {
    connection().close();
  }

  static List<Arguments> sameAsToJson() {
    var cases = new ArrayList<Arguments>();
    add(cases, BOOL, "bool", "true", "false");
    add(cases, INT2, "int2", "(-32768)", "32767");
    add(cases, INT4, "int4", "(-2147483648)", "0");
    add(cases, INT8, "int8", "9223372036854775807", "(-1)");
    add(cases, FLOAT4, "float4", "1.1", "'-1e-30'", "3e30", "'-0'");
    add(cases, FLOAT8, "float8", "0.1", "'1e300'", "'5e-324'", "1e15", "'NaN'", "'-Infinity'");
    add(cases, TEXT, "text", "''", "E'a\"b\\\\c\\n\\t\\x01\\x1f'", "'ü😀'", "repeat('x\"', 99)");
    add(cases, CHAR, "char(5)", "'ab'");
    add(cases, NAME, "name", "'pg_class'");
    add(cases, UUID, "uuid", "'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11'");
    add(cases, DATE, "date", "'2011-11-11'", "'10000-01-01'", "'infinity'");
    add(cases, INTERVAL, "interval", "'1 year -2 days 3.5 seconds'", "'-1 month'", "'0'");
    add(cases, JSON, "json", "'{\"b\" : [1.0, 1e5] ,\n \"a\": \"x \\\" y\"}'", "' 1.00 '");
    add(
        cases,
        JSONB,
        "jsonb",
        "'{\"b\": [1.0, {}], \"a\": null, \"k\\\\\": \"\\u0001\"}'",
        "'\"x\"'");
    add(cases, INET, "inet", "'10.1.2.3/8'", "'::1'");
    add(cases, CIDR, "cidr", "'10.0.0.0/8'");
    add(cases, MACADDR, "macaddr", "'08-00-2b-01-02-03'");
    add(cases, UNKNOWN, "point", "'(1,2.5)'");
    add(cases, UNKNOWN, "tsvector", "'a:1 ''b c'':2'");
    add(cases, new Type.Enumerated("mood"), "mood", "'so \"so\"'", "'fine, (really)'");
    add(cases, new Type.Domain("positive", INT4), "positive", "7");
    add(cases, new Type.Range("int4range"), "int4range", "'(0,9]'", "'empty'", "'[,)'");
    add(cases, new Type.Range("int4multirange"), "int4multirange", "'{[1,2],[5,6]}'");
    add(cases, array(INT4), "int4[]", "'{}'", "'{1,NULL,-3}'", "'{{1,2},{3,4}}'", "'[2:3]={1,2}'");
    add(cases, array(FLOAT8), "float8[]", "'{1.5,NaN,-Infinity,1e100}'");
    add(cases, array(BOOL), "bool[]", "'{t,f,NULL}'");
    add(
        cases,
        array(TEXT),
        "text[]",
        "ARRAY['', 'NULL', NULL, 'null', 'a b', '{', '}', ',', '\"', E'\\\\', E'\\n', '😀']",
        "ARRAY[[['a']],[['b\"']]]");
    add(cases, array(DATE), "date[]", "'{2011-11-11,infinity}'");
    add(cases, array(JSONB), "jsonb[]", "ARRAY['{\"a\": \"x, {y} \\\" z\"}'::jsonb, '[]', 'null']");
    add(cases, array(new Type.Enumerated("mood")), "mood[]", "ARRAY['so \"so\"']");
    add(cases, new Type.Array(UNKNOWN, ';'), "box[]", "'{(2,2),(1,1);(4,4),(3,3)}'");
    add(
        cases,
        PAIR,
        "pair",
        "(1, 'x', '{}')",
        "(NULL, NULL, NULL)",
        "(1, '', ARRAY['a, \"b\" (c)', E'\\\\', NULL, ''])",
        "(-1, E' \"quoted\" \\\\ , () ', ARRAY['x'])");
    add(
        cases,
        array(PAIR),
        "pair[]",
        "ARRAY[ROW(1, E'a \"b\" \\\\', ARRAY[E'c, \"d\" \\\\', NULL])::pair, NULL,"
            + " (NULL,'','{}')]");
    return cases;
  }

  static List<Arguments> sameAsAnExpression() {
    var cases = new ArrayList<Arguments>();
    var numbers = List.of("'1234.5678'", "'-0.00100'", "1e30", "1e-30", "'NaN'", "'-Infinity'");
    add(cases, NUMERIC, "numeric", "to_json($::text)", numbers);
    add(cases, OID, "oid", "to_json($::int8)", List.of("4294967295"));
    var bytes =
        "(SELECT coalesce(json_agg(get_byte($, i) ORDER BY i), '[]')"
            + " FROM generate_series(0, length($) - 1) i)";
    add(cases, BYTEA, "bytea", bytes, List.of("'\\xd18200ff'", "''", "sha512('x')"));
    // to_char rounds nothing here: MS and US are the fraction's first three and all six digits.
    var padded =
        "to_json(to_char($, 'HH24:MI:SS') || CASE WHEN to_char($, 'US') = '000000' THEN ''"
            + " WHEN to_char($, 'US') LIKE '%000' THEN to_char($, '.MS')"
            + " ELSE to_char($, '.US') END)";
    var times = List.of("'11:11:11'", "'11:11:11.12'", "'11:11:11.1234'", "'23:59:59.999'");
    add(cases, TIME, "time", padded, times);
    var epoch =
        "to_json(floor(extract(epoch FROM $) * 1000)::text || '.' || lpad(mod(mod("
            + "extract(microseconds FROM $), 1000) + 1000, 1000)::int::text, 3, '0'))";
    var stamps =
        List.of(
            "'2011-11-11 11:11:11.12345'",
            "'1969-12-31 23:59:59.999999'",
            "'1969-12-31 23:59:59.5'",
            "'0001-01-01'",
            "'4713-01-01 00:00:00.000001 BC'",
            "'2000-02-29 12:00'",
            "'1900-03-01'",
            "'290000-12-31 23:59:59.999999'");
    add(cases, TIMESTAMP, "timestamp", epoch, stamps);
    add(cases, TIMESTAMPTZ, "timestamptz", epoch, stamps);
    return cases;
  }

  @ParameterizedTest
  @MethodSource({"sameAsToJson", "sameAsAnExpression"})
  void ourJsonMeansWhatPostgresSays(Type type, String value, String oracle) throws Exception {
    // The type's output function, as COPY and pgoutput use it; a cast to text gives other text
    // for bool, char(n) and inet.
    var text = ask("SELECT format('%s', " + value + ")");
    var expected = ask("SELECT " + oracle.replace("$", "(" + value + ")"));
    var ours = Encoded.value(type, text, JsonOptions.DEFAULT);
    assertThat(parse(ours)).as("%s: %s", value, text).isEqualTo(parse(expected));
  }

  private static JsonNode parse(String json) throws JsonProcessingException {
    return JACKSON.readTree(json);
  }

  private static String ask(String sql) throws SQLException {
    try (var statement = connection().createStatement();
        var result = statement.executeQuery(sql)) {
      result.next();
      return result.getString(1);
    }
  }

  private static Connection connection() {
    return java.util.Objects.requireNonNull(connection);
  }

  private static Type array(Type element) {
    return new Type.Array(element, ',');
  }

  private static void add(List<Arguments> cases, Type type, String name, String... values) {
    add(cases, type, name, "to_json($)", List.of(values));
  }

  private static void add(
      List<Arguments> cases, Type type, String name, String oracle, List<String> values) {
    for (var value : values) {
      cases.add(Arguments.of(type, value + "::" + name, oracle));
    }
  }
}
