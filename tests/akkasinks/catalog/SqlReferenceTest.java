package akkasinks.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import akkasinks.sql.Statement;
import akkasinks.sql.StatementSamples;
import akkasinks.sql.Statements;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * The pages of docs/sql: their option tables are the declared ones ({@code -Ddocs.write=true}
 * writes them), their examples are statements, and together they have all that there is.
 */
class SqlReferenceTest {
  private static final Path INDEX = Path.of("docs/sql.md");
  private static final Path PAGES = Path.of("docs/sql");
  private static final Pattern EXAMPLE =
      Pattern.compile("(?ms)^## Example\\n\\n```sql\\n(.*?)^```$");
  private static final Pattern LINK = Pattern.compile("\\]\\((?:\\.\\./)?([\\w./-]+\\.md)");
  private static final Pattern PLACE =
      Pattern.compile("(<!-- options (\\w+) -->\\n)(?:\\n\\|[^\\n]*(?:\\n\\|[^\\n]*)*\\n)?");
  private static final Map<String, OptionTable> TABLES =
      Map.ofEntries(
          Map.entry("POSTGRES_CONNECTION", OptionTables.POSTGRES_CONNECTION),
          Map.entry("KAFKA_CONNECTION", OptionTables.KAFKA_CONNECTION),
          Map.entry("REGISTRY_CONNECTION", OptionTables.REGISTRY_CONNECTION),
          Map.entry("SSH_CONNECTION", OptionTables.SSH_CONNECTION),
          Map.entry("CONNECTION_WITH", OptionTables.CONNECTION_WITH),
          Map.entry("POSTGRES_SOURCE", OptionTables.POSTGRES_SOURCE),
          Map.entry("KAFKA_SOURCE", OptionTables.KAFKA_SOURCE),
          Map.entry("FORMAT_CSV", OptionTables.FORMAT_CSV),
          Map.entry("FORMAT_PROTOBUF_MESSAGE", OptionTables.FORMAT_PROTOBUF_MESSAGE),
          Map.entry("KAFKA_SOURCE_WITH", OptionTables.KAFKA_SOURCE_WITH),
          Map.entry("SINK", OptionTables.SINK),
          Map.entry("FORMAT_JSON", OptionTables.FORMAT_JSON),
          Map.entry("FORMAT_AVRO", OptionTables.FORMAT_AVRO),
          Map.entry("FORMAT_PROTOBUF", OptionTables.FORMAT_PROTOBUF),
          Map.entry("ENVELOPE_DEBEZIUM", OptionTables.ENVELOPE_DEBEZIUM),
          Map.entry("SINK_WITH", OptionTables.SINK_WITH),
          Map.entry("ALTER_SINK_FROM", OptionTables.ALTER_SINK_FROM));

  @Test
  void thePagesListTheDeclaredOptions() throws IOException {
    List<String> placed = new ArrayList<>();
    for (Path file : pages()) {
      String page = Files.readString(file);
      PLACE.matcher(page).results().forEach(place -> placed.add(place.group(2)));
      String generated =
          PLACE
              .matcher(page)
              .replaceAll(
                  place ->
                      Matcher.quoteReplacement(
                          place.group(1) + "\n" + table(TABLES.get(place.group(2)))));
      if (Boolean.getBoolean("docs.write")) {
        Files.writeString(file, generated);
      }
      assertThat(Files.readString(file)).as(file.toString()).isEqualTo(generated);
    }
    assertThat(placed).containsExactlyInAnyOrderElementsOf(TABLES.keySet());
    assertThat(TABLES.values()).containsExactlyInAnyOrderElementsOf(OptionTables.ALL);
  }

  @Test
  void theIndexLeadsToEachPageAndNoLinkIsBroken() throws IOException {
    String index = Files.readString(INDEX);
    for (Path file : pages()) {
      assertThat(index).contains("](sql/" + file.getFileName() + ")");
      for (var link : LINK.matcher(Files.readString(file)).results().toList()) {
        boolean above = link.group().contains("../");
        assertThat((above ? INDEX : file).resolveSibling(link.group(1)))
            .as("a link of %s", file)
            .exists();
      }
    }
  }

  @Test
  void everyStatementHasAnExampleAndEachExampleIsOne() throws IOException {
    Set<Class<?>> shown = new HashSet<>();
    for (Path file : pages()) {
      var examples = EXAMPLE.matcher(Files.readString(file)).results().toList();
      assertThat(examples).as("examples of %s", file).hasSize(1);
      for (var parsed : Statements.parse(examples.getFirst().group(1))) {
        shown.add(
            parsed.statement() instanceof Statement.Act(var command)
                ? command.getClass()
                : parsed.statement().getClass());
      }
    }
    for (String sample : StatementSamples.ALL) {
      for (var parsed : Statements.parse(sample)) {
        assertThat(shown).as(sample).contains(parsed.command().getClass());
      }
    }
  }

  private static List<Path> pages() throws IOException {
    try (var files = Files.list(PAGES)) {
      return files.sorted().toList();
    }
  }

  private static String table(OptionTable table) {
    return "| option | value | default | |\n|---|---|---|---|\n"
        + table.options().stream()
            .map(
                o ->
                    "| `%s` | %s | %s | %s |\n"
                        .formatted(
                            o.name(),
                            o.type().described(),
                            o.fallback().isEmpty() ? "" : "`" + o.fallback() + "`",
                            o.doc()))
            .collect(Collectors.joining());
  }
}
