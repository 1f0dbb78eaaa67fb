package akkasinks.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Metrics read by a parser of Prometheus' text format 0.0.4 that forgives nothing. */
class MetricsTest {
  private static final Instant NOW = Instant.parse("2026-01-02T03:05:05Z");
  private static final Pattern SAMPLE =
      Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)(\\{(.*)})? (\\S+)");
  private static final Pattern LABEL =
      Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)=\"((?:[^\"\\\\\n]|\\\\[\\\\\"n])*)\"(,|$)");

  /** Labels in braces as the text has them, after the name. */
  private static Map<String, Double> parse(String text) {
    assertThat(text).endsWith("\n");
    Map<String, Double> samples = new LinkedHashMap<>();
    Map<String, String> types = new LinkedHashMap<>();
    Set<String> closed = new HashSet<>();
    String family = "";
    for (String line : text.lines().toList()) {
      if (line.startsWith("# HELP ")) {
        family = line.split(" ", 4)[2];
        assertThat(closed.add(family)).as("one HELP for %s", family).isTrue();
      } else if (line.startsWith("# TYPE ")) {
        String[] words = line.split(" ");
        assertThat(words).hasSize(4);
        assertThat(words[2]).as("TYPE follows its HELP").isEqualTo(family);
        assertThat(words[3]).isIn("counter", "gauge");
        types.put(words[2], words[3]);
      } else {
        Matcher sample = SAMPLE.matcher(line);
        assertThat(sample.matches()).as(line).isTrue();
        assertThat(sample.group(1)).as("samples stand under their family").isEqualTo(family);
        assertThat(types).containsKey(family);
        assertThat(types.get(family).equals("counter")).isEqualTo(family.endsWith("_total"));
        labels(sample.group(3));
        String key = line.substring(0, line.lastIndexOf(' '));
        assertThat(samples.put(key, Double.valueOf(sample.group(4)))).as("twice").isNull();
      }
    }
    return samples;
  }

  private static void labels(String text) {
    Matcher label = LABEL.matcher(text == null ? "" : text);
    int at = 0;
    while (label.find()) {
      assertThat(label.start()).isEqualTo(at);
      at = label.end();
    }
    assertThat(at).isEqualTo(text == null ? 0 : text.length());
  }

  @Test
  void eachSinkHasItsStateAndCounters() {
    var samples =
        parse(
            Metrics.text(
                List.of(
                    FakeBackend.report("orders", "running"), FakeBackend.report("b", "stalled")),
                NOW));

    assertThat(samples)
        .containsEntry("akkasinks_sink_state{sink=\"orders\",state=\"running\"}", 1.0)
        .containsEntry("akkasinks_sink_state{sink=\"orders\",state=\"stalled\"}", 0.0)
        .containsEntry("akkasinks_sink_rows_in_total{sink=\"orders\"}", 100.0)
        .containsEntry("akkasinks_sink_records_out_total{sink=\"orders\"}", 90.0)
        .containsEntry("akkasinks_sink_bytes_out_total{sink=\"orders\"}", 12_345.0)
        .containsEntry("akkasinks_sink_commits_total{sink=\"orders\"}", 7.0)
        .containsEntry("akkasinks_sink_lag_bytes{sink=\"orders\"}", 512.0)
        .containsEntry("akkasinks_sink_snapshot_rows{sink=\"orders\"}", 40.0)
        .containsEntry("akkasinks_sink_stalled_seconds{sink=\"orders\"}", 0.0)
        .containsEntry("akkasinks_sink_stalled_seconds{sink=\"b\"}", 60.0)
        .containsEntry("akkasinks_sinks", 2.0);
  }

  @Test
  void whatIsNotKnownHasNoSample() {
    var samples = parse(Metrics.text(List.of(FakeBackend.report("orders", "unreachable")), NOW));

    assertThat(samples)
        .containsEntry("akkasinks_sink_state{sink=\"orders\",state=\"unreachable\"}", 1.0)
        .doesNotContainKey("akkasinks_sink_rows_in_total{sink=\"orders\"}");
    assertThat(Metrics.text(List.of(FakeBackend.report("orders", "running")), NOW))
        .doesNotContain("akkasinks_sink_retained_wal_bytes{");
  }

  @Test
  void namesMayHoldAnyCharacter() {
    var samples =
        parse(Metrics.text(List.of(FakeBackend.report("a\"b\\c\nd{e}, f", "running")), NOW));

    assertThat(samples)
        .containsEntry("akkasinks_sink_commits_total{sink=\"a\\\"b\\\\c\\nd{e}, f\"}", 7.0);
  }

  @Test
  void noSinksAreNoError() {
    assertThat(parse(Metrics.text(List.of(), NOW))).containsEntry("akkasinks_sinks", 0.0);
  }
}
