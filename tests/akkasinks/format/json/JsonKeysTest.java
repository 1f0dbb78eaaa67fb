package akkasinks.format.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akkasinks.base.Code;
import akkasinks.base.FailureException;
import akkasinks.change.Column;
import akkasinks.change.Relation;
import akkasinks.change.Type;
import akkasinks.format.json.JsonOptions.Bytes;
import akkasinks.format.json.JsonOptions.Timestamps;
import akkasinks.testing.Seeds;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class JsonKeysTest {
  private static final List<Column> COLUMNS =
      List.of(
          Column.of("b", Type.Scalar.BOOL),
          Column.of("i", Type.Scalar.INT8),
          Column.of("n", new Type.Domain("money", Type.Scalar.NUMERIC)),
          Column.of("f", Type.Scalar.FLOAT8),
          Column.of("t", Type.Scalar.TEXT),
          Column.of("y", Type.Scalar.BYTEA),
          Column.of("e", new Type.Enumerated("mood")),
          Column.of("h", Type.Scalar.TIME),
          Column.of("s", Type.Scalar.TIMESTAMP),
          Column.of("z", Type.Scalar.TIMESTAMPTZ));
  private static final List<String> TIMES =
      List.of(
          "2011-11-11 11:11:11.12345",
          "1969-12-31 23:59:59.999999",
          "1969-12-31 23:59:59.999",
          "1970-01-01 00:00:00",
          "0044-03-15 12:00:00.1 BC",
          "0001-01-01 00:00:00 BC",
          "294276-12-31 23:59:59.999999",
          "4714-11-24 00:00:00 BC",
          "infinity",
          "-infinity");

  @ParameterizedTest
  @EnumSource
  void aKeyComesBackAsThePostgresTextsItWasMadeFrom(Timestamps timestamps) {
    Seeds.forAll(
        500,
        random -> {
          var options = new JsonOptions(Seeds.oneOf(random, Bytes.values()), timestamps);
          var time = Seeds.oneOf(random, TIMES);
          var zoned = Seeds.oneOf(random, TIMES);
          var texts =
              List.of(
                  Seeds.oneOf(random, "t", "f"),
                  Long.toString(random.nextLong()),
                  Seeds.oneOf(random, "1.10", "NaN", "-0.5"),
                  Seeds.oneOf(random, "1e+20", "-Infinity", "-0"),
                  Seeds.text(random, 10),
                  Seeds.oneOf(random, "\\x", "\\xd182", "\\x00ff7f80"),
                  Seeds.text(random, 5),
                  Seeds.oneOf(random, "11:11:11", "11:11:11.12", "11:11:10.1234"),
                  time,
                  zoned(zoned));
          assertThat(there(COLUMNS, texts, options)).isEqualTo(texts);
        });
  }

  private static String zoned(String time) {
    return time.endsWith("y")
        ? time
        : time.endsWith(" BC") ? time.replace(" BC", "+00 BC") : time + "+00";
  }

  @Test
  void aKeyOfPartsIsRefused() {
    var array = List.of(Column.of("a", new Type.Array(Type.Scalar.INT4, ',')));
    refused(Code.NOT_SUPPORTED, () -> there(array, List.of("{1}"), JsonOptions.DEFAULT));
  }

  @Test
  void whatIsNotOfTheSinksMakingIsRefused() {
    var keys =
        new JsonKeys(
            new Relation(1, "public", "t", List.of(Column.of("i", Type.Scalar.INT4))),
            new int[] {0},
            JsonOptions.DEFAULT);
    for (var text :
        List.of(
            "",
            "x",
            "7",
            "[7]",
            "{}",
            "{\"j\":7}",
            "{\"i\":null}",
            "{\"i\":7,\"j\":8}",
            "{\"i\":7}}",
            "{\"i\":7")) {
      refused(Code.DATA, () -> keys.decode(text.getBytes(StandardCharsets.UTF_8)));
    }
    assertThat(keys.decode("{\"i\":7}".getBytes(StandardCharsets.UTF_8))).containsExactly("7");
  }

  private static void refused(
      Code code, org.assertj.core.api.ThrowableAssert.ThrowingCallable act) {
    assertThatThrownBy(act)
        .isInstanceOfSatisfying(
            FailureException.class, e -> assertThat(e.failure().code()).isEqualTo(code));
  }

  private static List<String> there(List<Column> columns, List<String> texts, JsonOptions options) {
    var relation = new Relation(1, "public", "t", new ArrayList<>(columns));
    var json = Encoded.row(relation, options, texts.toArray(String[]::new));
    var places = IntStream.range(0, columns.size()).toArray();
    return new JsonKeys(relation, places, options).decode(json.getBytes(StandardCharsets.UTF_8));
  }
}
