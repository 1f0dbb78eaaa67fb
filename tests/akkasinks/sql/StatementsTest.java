package akkasinks.sql;

import static org.assertj.core.api.Assertions.assertThat;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.base.FailureException;
import akkasinks.command.Command;
import akkasinks.command.Command.CreateConnection;
import akkasinks.command.Command.CreateSecret;
import akkasinks.command.Command.CreateSink;
import akkasinks.command.Command.CreateSource;
import akkasinks.command.Command.Name;
import akkasinks.command.Command.Option;
import akkasinks.command.Command.OptionValue;
import akkasinks.command.Command.TableChoice;
import akkasinks.command.Command.TableRef;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StatementsTest {
  private static Command one(String sql) {
    List<Parsed> parsed = Statements.parse(sql);
    assertThat(parsed).hasSize(1);
    return parsed.getFirst().command();
  }

  private static Failure failure(String sql) {
    try {
      Statements.parse(sql);
    } catch (FailureException e) {
      return e.failure();
    }
    throw new AssertionError("accepted: " + sql);
  }

  @Test
  void everySampleIsUnderstood() {
    StatementSamples.ALL.forEach(StatementsTest::one);
    assertThat(Statements.parse(String.join(";\n", StatementSamples.ALL)))
        .hasSameSizeAs(StatementSamples.ALL);
  }

  @Test
  void statementsKeepTheirTextAndPlace() {
    List<Parsed> parsed =
        Statements.parse("-- a '\n;; SHOW SINKS /* /* nested; */ */ ; /*x*/ drop sink Ä𝄞 ; ");
    assertThat(parsed).extracting(Parsed::text).containsExactly("SHOW SINKS", "drop sink Ä𝄞");
    assertThat(parsed).extracting(Parsed::position).containsExactly(11, 50);
    assertThat(parsed.get(1).command())
        .isEqualTo(new Command.DropSink(new Name("ä𝄞", 60), false, false));
    assertThat(Statements.parse(" -- nothing")).isEmpty();
    assertThat(Statements.parse("")).isEmpty();
  }

  @Test
  void namesAreFoldedUnlessQuoted() {
    assertThat(one("SHOW SINK Orders")).isEqualTo(new Command.DescribeSink(new Name("orders", 11)));
    assertThat(one("show sink \"Or\"\"ders\""))
        .isEqualTo(new Command.DescribeSink(new Name("Or\"ders", 11)));
  }

  @Test
  void optionsKeepNameValueAndPlace() {
    CreateConnection c =
        (CreateConnection)
            one(
                "CREATE CONNECTION c TO KAFKA (brokers ['a', 'b'], SSL KEY SECRET k, LINGER.ms ="
                    + " -5, \"x\" 1.5, SASL MECHANISMS plain, On Exceeded = Drop Slot, M MAP['k' =>"
                    + " 'v'], FLAG, B true) WITH (VALIDATE = FALSE)");
    assertThat(c.options())
        .extracting(Option::name)
        .containsExactly(
            "BROKERS",
            "SSL KEY",
            "linger.ms",
            "x",
            "SASL MECHANISMS PLAIN",
            "ON EXCEEDED",
            "M",
            "FLAG",
            "B");
    assertThat(c.options())
        .extracting(Option::value)
        .containsExactly(
            new OptionValue.Many(
                List.of(new OptionValue.Literal("a", true), new OptionValue.Literal("b", true))),
            new OptionValue.SecretName("k"),
            new OptionValue.Literal("-5", false),
            new OptionValue.Literal("1.5", false),
            new OptionValue.None(),
            new OptionValue.Literal("drop slot", false),
            new OptionValue.Entries(Map.of("k", "v")),
            new OptionValue.None(),
            new OptionValue.Literal("true", false));
    assertThat(c.options().get(1).position()).isEqualTo(51);
    assertThat(c.with().getFirst().value()).isEqualTo(new OptionValue.Literal("false", false));
  }

  @Test
  void sourcesListTables() {
    CreateSource c =
        (CreateSource)
            one("CREATE SOURCE s FROM POSTGRES CONNECTION c FOR TABLES (a, s.b AS \"C\")");
    assertThat(c.tables())
        .isEqualTo(
            new TableChoice.These(
                List.of(
                    new TableRef(Optional.empty(), "a", Optional.empty(), 56),
                    new TableRef(Optional.of("s"), "b", Optional.of("C"), 59))));
  }

  @Test
  void sinkClausesComeInAnyOrder() {
    String head = "CREATE SINK s FROM a.b INTO KAFKA CONNECTION k (TOPIC 't') ";
    CreateSink one =
        (CreateSink) one(head + "KEY (x) NOT ENFORCED FORMAT JSON ENVELOPE UPSERT WITH (SNAPSHOT)");
    CreateSink other =
        (CreateSink) one(head + "WITH (SNAPSHOT) ENVELOPE UPSERT FORMAT JSON KEY (x) NOT ENFORCED");
    assertThat(Printer.print(other)).isEqualTo(Printer.print(one));
    assertThat(one.from()).extracting(Name::text).containsExactly("a", "b");
    assertThat(one.notEnforced()).isTrue();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          CREATE                               | 7  | Expected one of SECRET or CONNECTION or SOURCE or SINK or ROLE, found end of statement
          CREATE TABLE x                       | 8  | Expected one of SECRET or CONNECTION or SOURCE or SINK or ROLE, found "table"
          SELEKT 1                             | 1  | Expected a statement, found "selekt"
          'x'                                  | 1  | Expected a statement, found a string
          CREATE SINK                          | 12 | Expected the sink's name, found end of statement
          CREATE SINK FROM t                   | 13 | Expected the sink's name, found "from"
          CREATE SINK s FROM t INTO            | 26 | Expected KAFKA, found end of statement
          CREATE SINK s FROM a.b.c.d INTO      | 25 | Expected INTO, found "."
          CREATE SINK s FORM t                 | 15 | Expected FROM, found "form"
          CREATE SINK s IN CLUSTER c INTO t    | 28 | Expected FROM, found "into"
          CREATE SINK s FROM t INTO KAFKA CONNECTION k KEY (a) KEY (b) | 54 | KEY specified more than once
          CREATE SINK s FROM t INTO KAFKA CONNECTION k KEY (a,) | 53 | Expected a column's name, found ")"
          CREATE SINK s FROM t INTO KAFKA CONNECTION k KEY (a | 52 | Expected "," or ")", found end of statement
          CREATE SINK s FROM t INTO KAFKA CONNECTION k (TOPIC 't' KEY (a) | 57 | Expected "," or ")", found "key"
          CREATE SINK s FROM t INTO KAFKA CONNECTION k KEY FORMAT JSON | 61 | Expected VALUE, found end of statement
          CREATE SINK s FROM t INTO KAFKA CONNECTION k FORMAT AVRO USING CSR | 64 | Expected CONFLUENT, found "csr"
          CREATE SINK s FROM t INTO KAFKA CONNECTION k FORMAT AVRO USING CONFLUENT SCHEMA REGISTRY CONNECTION c (DOC ON ROW t = 'x') | 111 | Expected one of TYPE or COLUMN, found "row"
          CREATE SINK s FROM t INTO KAFKA CONNECTION k MODE UPSERT | 46 | MODE is not supported for Kafka sinks, use ENVELOPE instead
          CREATE SINK s FROM t INTO KAFKA CONNECTION k HEADERS h HEADERS i | 56 | HEADERS specified more than once
          CREATE SINK s FROM t INTO KAFKA CONNECTION k (TOPIC CONFIG MAP[1 => 'x']) | 64 | Expected a key as a string, found the number 1
          CREATE SINK s FROM t INTO KAFKA CONNECTION k (A MAP['a' => 'x', 'a' => 'y']) | 65 | key "a" specified more than once
          CREATE SINK s FROM t INTO KAFKA CONNECTION k (= 5) | 47 | Expected an option's name, found "="
          CREATE SINK s FROM t INTO KAFKA CONNECTION k (A = ) | 51 | Expected the option's value, found ")"
          CREATE CONNECTION c TO MYSQL ()      | 24 | Expected one of POSTGRES or KAFKA or CONFLUENT SCHEMA REGISTRY or SSH TUNNEL, found "mysql"
          CREATE SOURCE s FROM POSTGRES CONNECTION c FOR x | 48 | Expected ALL TABLES, TABLES (…) or SCHEMAS (…), found "x"
          ALTER SINK s SET a = b               | 18 | Expected "(", found "a"
          ALTER SINK s STOP                    | 14 | Expected one of SET or RESET or RENAME TO or OWNER TO or PAUSE or RESUME or RESNAPSHOT, found "stop"
          DROP SINK s CASCADE now              | 21 | Expected end of statement, found "now"
          DROP SINK IF NOT EXISTS s            | 14 | Expected end of statement, found "not"
          SHOW TABLES                          | 6  | Expected one of SECRETS or CONNECTIONS or SOURCES or SINKS or DEBTS or COMMENTS or ROLES or PRIVILEGES or SINK or RIGHTS FOR SINK or CREATE or REDACTED CREATE, found "tables"
          SHOW SINK 'abc                       | 11 | unterminated string
          SHOW SINK "abc                       | 11 | unterminated quoted name
          SHOW SINK ""                         | 11 | a quoted name must not be empty
          SHOW SINKS /* /* */                  | 12 | unterminated comment
          SHOW SINK $x$ abc                    | 11 | unterminated string
          SHOW SINK §                          | 11 | unexpected character U+00A7
          SHOW SINK 12ab                       | 11 | trailing characters after a number
          SHOW SINK E'\\q'                      | 13 | unknown escape in a string
          SHOW SINKS; SHOW 1                   | 18 | Expected one of SECRETS or CONNECTIONS or SOURCES or SINKS or DEBTS or COMMENTS or ROLES or PRIVILEGES or SINK or RIGHTS FOR SINK or CREATE or REDACTED CREATE, found the number 1
          """)
  void errorsPointAtTheToken(String sql, int position, String message) {
    Failure failure = failure(sql);
    assertThat(failure.message()).isEqualTo(message);
    assertThat(failure.position()).isEqualTo(position);
    assertThat(failure.code())
        .isEqualTo(
            message.contains("not yet") || message.contains("not supported")
                ? Code.NOT_SUPPORTED
                : Code.SYNTAX_ERROR);
  }

  @Test
  void positionsCountCharactersNotUnits() {
    assertThat(failure("SHOW SINK \"𝄞𝄞\" x").position()).isEqualTo(16);
  }

  @Test
  void aSecretIsInNoMessageAndNoToString() {
    for (String sql :
        List.of(
            "CREATE SECRET s AS hunter2",
            "CREATE SECRET s AS 'a'hunter2",
            "CREATE SECRET s AS 1234567",
            "ALTER SECRET s AS \"hunter2\"",
            "CREATE SECRET s AS 'hunter2",
            "CREATE CONNECTION c TO POSTGRES (PASSWORD 'x' 'hunter2')")) {
      assertThat(failure(sql).toString()).doesNotContain("hunter").doesNotContain("1234567");
    }
    Parsed parsed = Statements.parse("CREATE SECRET s AS 'hunter2'").getFirst();
    assertThat(((CreateSecret) parsed.command()).value().text()).isEqualTo("hunter2");
    assertThat(parsed.toString()).doesNotContain("hunter2");
  }

  @Test
  void reservedWordsSayHowToQuoteThem() {
    assertThat(failure("SHOW SINK into").hint())
        .isEqualTo("To use \"into\" as a name, put it in double quotes.");
  }

  @Test
  void whatIsNoTextIsRefusedAtItsPlace() {
    assertThat(failure("SHOW\0SINKS").position()).isEqualTo(5);
    assertThat(failure("SHOW SINK '\0'").message())
        .isEqualTo("the text holds U+0000, which is no character");
    assertThat(failure("SHOW SINK \"\uD834\"").position()).isEqualTo(12);
    assertThat(failure("\u007fELF\u0002\u0001").message()).isEqualTo("unexpected character U+007F");
  }

  @Test
  void textsOfAMegabyteAreParsedOrRefusedAtOnce() {
    int limit = Statements.TEXT_LIMIT;
    assertThat(failure("x".repeat(limit + 1)).code()).isEqualTo(Code.LIMIT);
    for (String unit : List.of("(", "/*", "'", "\"", "a,", "KEY (", "$a$", ";", "é", "[", "E'\\")) {
      assertThat(outcome("SHOW SINKS " + unit.repeat((limit - 20) / unit.length()))).isNotNull();
    }
    String secret = "CREATE SECRET s AS '" + "y".repeat(limit - 30) + "'";
    assertThat(((CreateSecret) one(secret)).value().text()).hasSize(limit - 30);
    String options = "CREATE CONNECTION c TO KAFKA (" + "o = 1, ".repeat(149_000) + "o)";
    assertThat(((CreateConnection) one(options)).options()).hasSize(149_001);
    assertThat(Statements.parse("SHOW SINKS;".repeat(95_000))).hasSize(95_000);
    assertThat(failure("SHOW SINK " + "n".repeat(300)).code()).isEqualTo(Code.LIMIT);
  }

  private static Object outcome(String sql) {
    try {
      return Statements.parse(sql);
    } catch (FailureException e) {
      return e.failure();
    }
  }
}
