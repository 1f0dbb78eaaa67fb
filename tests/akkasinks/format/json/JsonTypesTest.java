package akkasinks.format.json;

import static akkasinks.change.Type.Scalar.*;
import static org.assertj.core.api.Assertions.assertThat;

import akkasinks.change.Type;
import akkasinks.format.json.JsonOptions.Bytes;
import akkasinks.format.json.JsonOptions.Timestamps;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The table of docs/types-json.md: PostgreSQL's text, and the JSON it becomes. */
class JsonTypesTest {
  private static final JsonOptions OTHER = new JsonOptions(Bytes.BASE64, Timestamps.ISO);
  private static final Type PAIR =
      new Type.Composite("pair", List.of(new Type.Field("a", INT4), new Type.Field("b", TEXT)));

  static Stream<Arguments> scalars() {
    return Stream.of(
        of(BOOL, "t", "true"),
        of(BOOL, "f", "false"),
        of(INT2, "-32768", "-32768"),
        of(INT4, "2147483647", "2147483647"),
        of(INT8, "-9223372036854775808", "-9223372036854775808"),
        of(OID, "4294967295", "4294967295"),
        of(FLOAT4, "1.5", "1.5"),
        of(FLOAT8, "1e+20", "1e+20"),
        of(FLOAT8, "2.2250738585072014e-308", "2.2250738585072014e-308"),
        of(FLOAT8, "-0", "-0"),
        of(FLOAT8, "NaN", "\"NaN\""),
        of(FLOAT4, "Infinity", "\"Infinity\""),
        of(FLOAT8, "-Infinity", "\"-Infinity\""),
        of(NUMERIC, "1234.5678", "\"1234.5678\""),
        of(
            NUMERIC,
            "-0.00000000000000000000000000000100",
            "\"-0.00000000000000000000000000000100\""),
        of(NUMERIC, "NaN", "\"NaN\""),
        of(NUMERIC, "-Infinity", "\"-Infinity\""),
        of(TEXT, "", "\"\""),
        of(
            TEXT,
            "a\"b\\c\n\t\r\b\f\u0001\u001f\u007fü😀",
            "\"a\\\"b\\\\c\\n\\t\\r\\b\\f\\u0001\\u001f\u007fü😀\""),
        of(VARCHAR, "abc", "\"abc\""),
        of(CHAR, "ab   ", "\"ab   \""),
        of(NAME, "pg_class", "\"pg_class\""),
        of(BYTEA, "\\xd182", "[209,130]"),
        of(BYTEA, "\\x00097f80ff", "[0,9,127,128,255]"),
        of(BYTEA, "\\x", "[]"),
        of(
            UUID,
            "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",
            "\"a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11\""),
        of(DATE, "2011-11-11", "\"2011-11-11\""),
        of(DATE, "0044-03-15 BC", "\"0044-03-15 BC\""),
        of(DATE, "infinity", "\"infinity\""),
        of(TIME, "11:11:11", "\"11:11:11\""),
        of(TIME, "11:11:11.1", "\"11:11:11.100\""),
        of(TIME, "11:11:11.12", "\"11:11:11.120\""),
        of(TIME, "11:11:11.123", "\"11:11:11.123\""),
        of(TIME, "11:11:11.1234", "\"11:11:11.123400\""),
        of(TIME, "24:00:00", "\"24:00:00\""),
        of(TIMETZ, "11:11:11.12+05:30", "\"11:11:11.120+05:30\""),
        of(TIMETZ, "11:11:11-08", "\"11:11:11-08\""),
        of(INTERVAL, "1 year", "\"1 year\""),
        of(INTERVAL, "-1 mons +3 days -00:00:00.5", "\"-1 mons +3 days -00:00:00.5\""),
        of(
            JSON,
            " { \"b\" : [1.0, 1e400, {}],\n\t\"a\" : \"x \\\" : y\" } ",
            "{\"b\":[1.0,1e400,{}],\"a\":\"x \\\" : y\"}"),
        of(JSONB, "{\"a\": [1, null, \"b c\"]}", "{\"a\":[1,null,\"b c\"]}"),
        of(JSONB, "null", "null"),
        of(INET, "192.168.0.1/24", "\"192.168.0.1/24\""),
        of(CIDR, "::/0", "\"::/0\""),
        of(MACADDR, "08:00:2b:01:02:03", "\"08:00:2b:01:02:03\""),
        of(
            HSTORE,
            "\"a\"=>\"1\", \"b \\\"\\\\\"=>NULL, \"c\"=>\"NULL\"",
            "{\"a\":\"1\",\"b \\\"\\\\\":null,\"c\":\"NULL\"}"),
        of(HSTORE, "", "{}"),
        of(UNKNOWN, "(1,\"2\")", "\"(1,\\\"2\\\")\""));
  }

  static Stream<Arguments> timestamps() {
    return Stream.of(
        of(TIMESTAMP, "2011-11-11 11:11:11.12345", "\"1321009871123.450\""),
        of(TIMESTAMPTZ, "2011-11-11 11:11:11.12345+00", "\"1321009871123.450\""),
        of(TIMESTAMPTZ, "2011-11-11 16:41:11.12345+05:30", "\"1321009871123.450\""),
        of(TIMESTAMPTZ, "2011-11-11 08:11:11.12345-03", "\"1321009871123.450\""),
        of(TIMESTAMPTZ, "1937-05-01 00:00:00+00:19:32", "\"-1031012372000.000\""),
        of(TIMESTAMP, "1970-01-01 00:00:00", "\"0.000\""),
        of(TIMESTAMP, "1969-12-31 23:59:59.5", "\"-500.000\""),
        of(TIMESTAMP, "1969-12-31 23:59:59.999999", "\"-1.999\""),
        of(TIMESTAMP, "1969-12-31 23:59:59.999", "\"-1.000\""),
        of(TIMESTAMP, "0001-01-01 00:00:00", "\"-62135596800000.000\""),
        of(TIMESTAMP, "0044-03-15 12:00:00 BC", "\"-63517780800000.000\""),
        of(TIMESTAMPTZ, "0044-03-15 12:00:00.000001+00 BC", "\"-63517780800000.001\""),
        of(TIMESTAMP, "294276-12-31 23:59:59.999999", "\"9224318015999999.999\""),
        of(TIMESTAMP, "4714-11-24 00:00:00 BC", "\"-210866803200000.000\""),
        of(TIMESTAMP, "infinity", "\"infinity\""),
        of(TIMESTAMPTZ, "-infinity", "\"-infinity\""));
  }

  static Stream<Arguments> nested() {
    var ints = new Type.Array(INT4, ',');
    var texts = new Type.Array(TEXT, ',');
    return Stream.of(
        of(ints, "{}", "[]"),
        of(ints, "{1,NULL,3}", "[1,null,3]"),
        of(ints, "{{1,2},{3,4}}", "[[1,2],[3,4]]"),
        of(ints, "[2:3]={1,2}", "[1,2]"),
        of(ints, "[1:1][-2:-1]={{1,2}}", "[[1,2]]"),
        of(
            texts,
            "{a,\"\",\"NULL\",null,NULL,\"b \\\"\\\\,{}\"}",
            "[\"a\",\"\",\"NULL\",\"null\",null,\"b \\\"\\\\,{}\"]"),
        of(
            new Type.Array(UNKNOWN, ';'),
            "{(1,1),(0,0);(2,2),(1,1)}",
            "[\"(1,1),(0,0)\",\"(2,2),(1,1)\"]"),
        of(new Type.Array(BOOL, ','), "{t,f}", "[true,false]"),
        of(new Type.Array(FLOAT8, ','), "{1.5,NaN}", "[1.5,\"NaN\"]"),
        of(new Type.Array(BYTEA, ','), "{\"\\\\xd182\",\"\\\\x\"}", "[[209,130],[]]"),
        of(
            new Type.Array(TIMESTAMP, ','),
            "{\"2011-11-11 11:11:11.12345\"}",
            "[\"1321009871123.450\"]"),
        of(new Type.Array(JSONB, ','), "{\"{\\\"a\\\": [1, 2]}\"}", "[{\"a\":[1,2]}]"),
        of(PAIR, "(1,\"b \"\"c\"\" \\\\\")", "{\"a\":1,\"b\":\"b \\\"c\\\" \\\\\"}"),
        of(PAIR, "(,)", "{\"a\":null,\"b\":null}"),
        of(PAIR, "(,\"\")", "{\"a\":null,\"b\":\"\"}"),
        of(new Type.Composite("one", List.of(new Type.Field("x", TEXT))), "()", "{\"x\":null}"),
        of(new Type.Composite("none", List.of()), "()", "{}"),
        of(
            new Type.Array(PAIR, ','),
            "{\"(1,\\\"x,\\\"\\\"y\\\"\\\"\\\")\",\"(,)\"}",
            "[{\"a\":1,\"b\":\"x,\\\"y\\\"\"},{\"a\":null,\"b\":null}]"),
        of(
            new Type.Composite(
                "deep", List.of(new Type.Field("l", texts), new Type.Field("p", PAIR))),
            "(\"{a,\"\"b c\"\"}\",\"(1,\"\"x y\"\")\")",
            "{\"l\":[\"a\",\"b c\"],\"p\":{\"a\":1,\"b\":\"x y\"}}"),
        of(new Type.Enumerated("mood"), "so \"so\"", "\"so \\\"so\\\"\""),
        of(new Type.Domain("positive", new Type.Domain("small", INT4)), "7", "7"),
        of(new Type.Array(new Type.Domain("positive", INT4), ','), "{7}", "[7]"),
        of(new Type.Range("int4range"), "[1,10)", "\"[1,10)\""),
        of(new Type.Range("textrange"), "[\"a b\",c)", "\"[\\\"a b\\\",c)\""),
        of(new Type.Range("int4multirange"), "{[1,3),[5,7)}", "\"{[1,3),[5,7)}\""));
  }

  static Stream<Arguments> otherForms() {
    return Stream.of(
        of(BYTEA, "\\xd182", "\"0YI=\""),
        of(BYTEA, "\\xd18283", "\"0YKD\""),
        of(BYTEA, "\\xff", "\"/w==\""),
        of(BYTEA, "\\x", "\"\""),
        of(TIMESTAMP, "2011-11-11 11:11:11.12345", "\"2011-11-11T11:11:11.123450\""),
        of(TIMESTAMPTZ, "2011-11-11 11:11:11+00", "\"2011-11-11T11:11:11.000000Z\""),
        of(TIMESTAMPTZ, "2011-11-11 00:11:11+05:30", "\"2011-11-10T18:41:11.000000Z\""),
        of(TIMESTAMP, "0044-03-15 12:00:00 BC", "\"-0043-03-15T12:00:00.000000\""),
        of(TIMESTAMP, "0001-01-01 00:00:00 BC", "\"0000-01-01T00:00:00.000000\""),
        of(TIMESTAMP, "294276-12-31 23:59:59.999999", "\"+294276-12-31T23:59:59.999999\""),
        of(TIMESTAMPTZ, "infinity", "\"infinity\""));
  }

  @ParameterizedTest
  @MethodSource({"scalars", "timestamps", "nested"})
  void eachTypeHasItsDocumentedForm(Type type, String text, String json) {
    assertThat(Encoded.value(type, text, JsonOptions.DEFAULT)).isEqualTo(json);
  }

  @ParameterizedTest
  @MethodSource("otherForms")
  void bytesAndTimestampsHaveAnotherFormToChoose(Type type, String text, String json) {
    assertThat(Encoded.value(type, text, OTHER)).isEqualTo(json);
  }

  @ParameterizedTest
  @MethodSource({"scalars", "timestamps", "nested"})
  void nullIsNullWhateverTheType(Type type, String text, String json) {
    assertThat(Encoded.value(type, null, JsonOptions.DEFAULT)).isEqualTo("null");
  }

  private static Arguments of(Type type, String text, String json) {
    return Arguments.of(type, text, json);
  }
}
