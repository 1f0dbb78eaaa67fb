package akkasinks.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import akkasinks.sql.Statements;
import akkasinks.testing.RealPostgres;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import kafka.server.KafkaConfig;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

/** docker-compose.yml and the files that it mounts: what they name is there. */
final class ComposeTest {
  private static final Pattern HOSTS =
      Pattern.compile("(?://|@|['\"])([a-z]+(?:-\\d)?):\\d+|//([a-z]+)[:/]|HOST '([a-z]+)'");

  private final Compose compose = new Compose();

  @Test
  void whatItMountsAndDependsOnIsThere() {
    Set<String> used = new TreeSet<>();
    for (JsonNode service : compose.services()) {
      for (String volume : Yaml.texts(service.path("volumes"))) {
        String from = volume.split(":")[0];
        if (from.startsWith("./")) {
          assertThat(Path.of(from)).isRegularFile();
          assertThat(volume).endsWith(":ro");
        } else {
          used.add(from);
        }
      }
      service
          .path("depends_on")
          .fieldNames()
          .forEachRemaining(name -> assertThat(compose.service(name).has("healthcheck")).isTrue());
      for (String port : Yaml.texts(service.path("ports"))) {
        assertThat(port).matches("127\\.0\\.0\\.1:\\d+:\\d+");
      }
    }
    assertThat(used).containsExactlyInAnyOrderElementsOf(Yaml.map(compose.volumes()).keySet());
  }

  @Test
  void theVariablesItAsksForAreThoseOfTheExample() {
    Set<String> asked = new TreeSet<>();
    Compose.VARIABLE
        .matcher(Yaml.read(Compose.FILE))
        .results()
        .forEach(found -> asked.add(found.group(1)));
    assertThat(Compose.given().keySet()).isEqualTo(asked);
  }

  @Test
  void everyHostThatAFileNamesIsAService() {
    for (String file :
        List.of(
            Compose.FILE,
            Compose.NODES_FILE,
            "deploy/sinks.sql",
            "deploy/prometheus.yml",
            "deploy/grafana/datasource.yml")) {
      String text = Yaml.read(file).replaceAll("(?m)^\\s*(#|--).*$", "");
      for (var found : HOSTS.matcher(text).results().toList()) {
        for (int group = 1; group <= 3; group++) {
          if (found.group(group) != null) {
            compose.service(found.group(group));
          }
        }
      }
    }
    assertThat(Yaml.texts(Yaml.document("deploy/prometheus.yml").at(TARGETS)))
        .containsExactlyElementsOf(Compose.NODES.stream().map(node -> node + ":6876").toList());
  }

  private static final String TARGETS = "/scrape_configs/0/static_configs/0/targets";

  @Test
  void theNodesReadEveryVariableThatTheyAreGivenAndTheProductTakesTheirFile() {
    String read =
        Yaml.read(Compose.NODES_FILE) + Yaml.read("hocon/reference.conf") + "${?JDK_JAVA_OPTIONS}";
    for (String name : Compose.NODES) {
      var environment = compose.environment(name);
      assertThat(environment).doesNotContainValue("missing");
      var config = Compose.load(Compose.NODES_FILE, environment);
      assertThat(config.node().host()).isEqualTo(name);
      assertThat(config.node().roles()).containsExactly(environment.get("AKKASINKS_NODE_ROLE"));
      assertThat(config.node().seeds()).containsExactlyElementsOf(seeds(config.node().port()));
      for (String variable : environment.keySet()) {
        assertThat(read.contains("{" + variable + "}") || read.contains("{?" + variable + "}"))
            .as("%s is read", variable)
            .isEqualTo(!config.secrets().variables().contains(variable));
      }
    }
  }

  private static List<String> seeds(int port) {
    return Compose.NODES.stream().map(name -> name + ":" + port).toList();
  }

  @Test
  void theBrokersSettingsAreKafkasOwn() {
    for (String broker : List.of("kafka-1", "kafka-2", "kafka-3")) {
      Properties properties = new Properties();
      compose
          .environment(broker)
          .forEach(
              (name, value) -> {
                if (name.equals("CLUSTER_ID")) {
                  assertThat(Uuid.fromString(value).toString()).isEqualTo(value);
                } else {
                  assertThat(name).startsWith("KAFKA_");
                  properties.put(property(name.substring(6)), value);
                }
              });
      assertThat(KafkaConfig.configDef().names()).containsAll(properties.stringPropertyNames());
      var config = KafkaConfig.fromProps(properties, false);
      assertThat("kafka-" + config.nodeId()).isEqualTo(broker);
      assertThat(config.effectiveAdvertisedBrokerListeners().mkString()).contains(broker, "9092");
    }
  }

  private static String property(String variable) {
    return variable.toLowerCase(Locale.ROOT).replace('_', '.');
  }

  @Test
  void theRegistrysSettingsAreApicuriosOwn() throws IOException {
    Properties known = new Properties();
    try (var files = Files.list(Path.of("target/registry/app"));
        var jar = new JarFile(files.findFirst().orElseThrow().toFile());
        InputStream in = jar.getInputStream(jar.getJarEntry("application.properties"))) {
      known.load(in);
    }
    var settings = new HashMap<>(compose.environment("registry"));
    assertThat(settings.keySet().stream().map(ComposeTest::property))
        .allSatisfy(name -> assertThat(known).containsKey(name));
    assertThat(known).containsEntry("quarkus.http.port", "8080");
  }

  @Test
  void thePostgresesTakeTheirSettingsAndTheFilesOfTheirFirstStart() throws Exception {
    var server = RealPostgres.shared().createDatabase("compose");
    List<String> command = Yaml.texts(compose.service("shop").path("command"));
    assertThat(command).contains("wal_level=logical");
    for (String setting : command.stream().filter(word -> word.contains("=")).toList()) {
      String name = setting.substring(0, setting.indexOf('='));
      assertThat(server.value("SELECT count(*) FROM pg_settings WHERE name = '%s'".formatted(name)))
          .isEqualTo("1");
    }
    server.execute(Yaml.read("deploy/shop.sql"));
    assertThat(server.value("SELECT count(*) FROM pg_publication_tables")).isEqualTo("2");
    assertThat(Yaml.read("deploy/state.sql")).contains("CREATE DATABASE registry");
    assertThat(compose.environment("registry").get("APICURIO_DATASOURCE_URL"))
        .endsWith("/registry");
    for (Map.Entry<String, String> url :
        Map.of("state", "jdbc:postgresql://state:5432/akkasinks").entrySet()) {
      assertThat(compose.environment("akkasinks-1").get("AKKASINKS_STATE_URL"))
          .isEqualTo(url.getValue());
      assertThat(url.getValue()).endsWith(compose.environment(url.getKey()).get("POSTGRES_DB"));
    }
  }

  @Test
  void theFirstSinksAreStatementsWithTheVariablesThatNodesMayRead() {
    String text = Yaml.read("deploy/sinks.sql");
    assertThat(Statements.parse(text)).hasSize(6);
    var config = Compose.load(Compose.NODES_FILE, compose.environment("akkasinks-1"));
    var named = Pattern.compile("\\$\\{env:(\\w+)}").matcher(text).results().toList();
    assertThat(named).isNotEmpty();
    for (var found : named) {
      assertThat(config.secrets().variables()).contains(found.group(1));
    }
  }
}
