package akkasinks.source.postgres;

import java.util.List;

/**
 * For every PostgreSQL type that docs/types-json.md names, and some that it calls "any other": the
 * values at its edges, and those whose text depends on a setting.
 */
final class AwkwardValues {
  private AwkwardValues() {}

  /**
   * @param values texts as literals hold them, unquoted
   */
  record Typed(String type, List<String> values) {
    /** The value of that number, in turn; the one after the last is NULL. */
    String literal(int number) {
      int which = number % (values.size() + 1);
      return which == values.size()
          ? "NULL"
          : "'" + values.get(which).replace("'", "''") + "'::" + type;
    }
  }

  private static Typed of(String type, String... values) {
    return new Typed(type, List.of(values));
  }

  /** What COPY escapes, what JSON escapes, and more than a byte per character. */
  private static final String TEXT =
      "tab\t nl\n cr\r bs\b ff\f vt\u000b \\ \\N \\. \u0001 \u007f ' \"";

  static final List<Typed> ALL =
      List.of(
          of("bool", "true", "false"),
          of("int2", "-32768", "32767"),
          of("int4", "-2147483648", "0"),
          of("int8", "-9223372036854775808", "9223372036854775807"),
          of("oid", "4294967295", "0"),
          of(
              "float4",
              "0.1",
              "1e20",
              "-0",
              "NaN",
              "Infinity",
              "-Infinity",
              "1.17549435e-38",
              "16777216"),
          of(
              "float8",
              "0.1",
              "0.30000000000000004",
              "1e308",
              "5e-324",
              "-0",
              "NaN",
              "Infinity",
              "-Infinity"),
          of("numeric", "0", "-0.00", "1.10", "1e400", "1e-400", "NaN"),
          of("numeric(40,10)", "1234567890123456789012345678.0000000001", "1"),
          of("numeric(5,0)", "99999"),
          of("text", "", TEXT, "grün 水 \ud83d\ude00", "\\x41", "{}", "NULL", "x".repeat(20_000)),
          of("varchar(10)", "", "a  ", "\\"),
          of("char(6)", "ab", "", "ü"),
          of("\"char\"", "x", ""),
          of("name", "pg_class", "a b"),
          of("bytea", "\\x", "\\x00ff5c27", "\\x" + "5c".repeat(3_000)),
          of("uuid", "A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11"),
          of(
              "date",
              "2011-11-11",
              "1999-01-31",
              "10000-01-01",
              "0044-03-15 BC",
              "infinity",
              "-infinity"),
          of("time", "11:11:11", "11:11:11.12", "00:00:00.000001", "24:00:00"),
          of("time(0)", "23:59:59"),
          of("timetz", "11:11:11.12+05:30", "11:11:11-08", "00:00:00+15:59:59"),
          of(
              "timestamp",
              "2011-11-11 11:11:11.123456",
              "1969-12-31 23:59:59.5",
              "0044-03-15 12:00 BC",
              "294276-12-31 23:59:59.999999",
              "infinity",
              "-infinity"),
          of(
              "timestamptz",
              "2011-11-11 11:11:11.1+05:45",
              "1900-01-01 00:00:00+00",
              "0044-03-15 12:00+00 BC",
              "294276-12-31 23:59:59.999999+00",
              "infinity",
              "-infinity"),
          of(
              "interval",
              "1 year",
              "-1 mons +3 days -00:00:00.5",
              "0",
              "100 years 11 mons -5 days 23:59:59.999999",
              "-00:00:01"),
          of("json", " {\"b\":1.0, \"a\":[1e5, null], \"b\":\"\\u00e9\\n\"} ", "null", "\"\\\\\""),
          of("jsonb", "{\"b\":1.0, \"a\":[1e5, null], \"b\":\"\\u00e9\\n\"}", "null", "[]"),
          of("jsonpath", "$.a[*] ? (@ > 1.5)"),
          of("inet", "192.168.0.1/24", "::1", "10.0.0.1"),
          of("cidr", "192.168.0.0/24", "2001:db8::/32"),
          of("macaddr", "08:00:2b:01:02:03"),
          of("macaddr8", "08:00:2b:01:02:03:04:05"),
          of("mood", "sad", "it's \"ok\""),
          of("price", "1", "99999999.99"),
          of("moods", "{sad,\"it's \\\"ok\\\"\"}", "{}"),
          of("int4[]", "{1,NULL,3}", "{}", "{{1,2},{3,4}}", "[0:1]={5,6}"),
          of("text[]", "{\"\",NULL,\"NULL\",\"a,b\",\"\\\\\",\"\\\"\",\" x \",\"{\"}"),
          of("float8[]", "{0.1,0.30000000000000004,NaN,-Infinity}"),
          of("timestamptz[]", "{2011-11-11 11:11:11.1+05:45,infinity,0044-03-15 12:00+00 BC}"),
          of("interval[]", "{1 year,-1 mons -00:00:00.5}"),
          of("bytea[]", "{\"\\\\x00ff5c\",NULL}"),
          of("price[]", "{1,NULL,2.50}"),
          of("pair", "(1,\"a,\\\"b\\\"\",2011-11-11 11:11:11+05:45)", "(,,)", "(2,\"\",)"),
          of("pair[]", "{\"(1,\\\"x y\\\",infinity)\",NULL}"),
          of("nested", "(\"(1,b,2011-11-11 11:11:11+00)\",\"{\"\"(2,c,)\"\",NULL}\",1.5)", "(,,)"),
          of("int4range", "[1,10)", "empty", "(,5]", "(,)"),
          of("numrange", "[1.10,2.200)", "(0,)"),
          of("daterange", "[2020-01-01,infinity)", "[0044-03-15 BC,2020-01-01)"),
          of("tstzrange", "[2011-11-11 11:11:11.1+05:45,2012-01-01 00:00+00)", "(,)"),
          of("spans", "[0.1,0.30000000000000004)", "[-Infinity,NaN]"),
          of("int4multirange", "{[1,3),[5,7)}", "{}"),
          of(
              "tstzmultirange",
              "{[2011-11-11 11:11+00,2012-01-01 00:00+00),[2013-01-01 00:00+00,)}"),
          of("hstore", "a=>1, b=>NULL, \"c d\"=>\"\\\\ \\\" =>\"", ""),
          of("money", "-1234.56", "0"),
          of("bit(5)", "10101"),
          of("varbit", "", "1010101010101"),
          of("point", "(0.1,0.30000000000000004)", "(1e300,-0)"),
          of("box", "((0.1,0.2),(3.3,4.4))"),
          of("polygon", "((0.1,0.2),(3.3,4.4),(5,6))"),
          of("circle", "<(0.1,0.2),0.30000000000000004>"),
          of("tsvector", "'a':1A,2 'it''s':3 'b\\\\c'", ""),
          of("tsquery", "'a' & !'b' <-> 'c':*A"),
          of("xml", "<a b=\"c\">d &amp; e</a>"),
          of("regclass", "pg_class", "information_schema.tables", "public.t"),
          of("regtype", "int4", "public.mood"),
          of("regproc", "pg_catalog.now"),
          of("regoperator", "pg_catalog.+(int4,int4)"),
          of("pg_lsn", "16/B374D848"),
          of("xid8", "18446744073709551615"),
          of("tid", "(42,7)"),
          of("int2vector", "1 2 3", ""),
          of("oidvector", "1 4294967295"));
}
