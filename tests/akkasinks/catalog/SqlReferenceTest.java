package akkasinks.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * The option tables of docs/sql.md are the declared ones; {@code -Ddocs.write=true} writes them.
 */
class SqlReferenceTest {
  private static final Path PAGE = Path.of("docs/sql.md");
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
  void thePageListsTheDeclaredOptions() throws IOException {
    String page = Files.readString(PAGE);
    String generated =
        PLACE
            .matcher(page)
            .replaceAll(
                place ->
                    Matcher.quoteReplacement(
                        place.group(1) + "\n" + table(TABLES.get(place.group(2)))));
    if (Boolean.getBoolean("docs.write")) {
      Files.writeString(PAGE, generated);
    }
    assertThat(Files.readString(PAGE)).isEqualTo(generated);
    assertThat(TABLES.keySet()).allSatisfy(name -> assertThat(page).contains(name + " -->"));
    assertThat(TABLES.values()).containsExactlyInAnyOrderElementsOf(OptionTables.ALL);
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
