package akkasinks.deploy;

import akkasinks.cluster.NodeConfig;
import com.fasterxml.jackson.databind.JsonNode;
import com.typesafe.config.ConfigFactory;
import java.io.File;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** docker-compose.yml, with the variables of deploy/env.example. */
final class Compose {
  static final String FILE = "docker-compose.yml";
  static final String NODES_FILE = "deploy/compose.conf";
  static final List<String> NODES = List.of("akkasinks-1", "akkasinks-2", "akkasinks-3");
  static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Z_]+)(?::\\?[^}]*)?}");

  private final JsonNode whole = Yaml.document(FILE);

  JsonNode services() {
    return whole.path("services");
  }

  JsonNode service(String name) {
    var service = services().path(name);
    if (service.isMissingNode()) {
      throw new AssertionError("no service " + name);
    }
    return service;
  }

  JsonNode volumes() {
    return whole.path("volumes");
  }

  /** As the container sees it. */
  Map<String, String> environment(String service) {
    Map<String, String> all = new TreeMap<>();
    Map<String, String> given = given();
    Yaml.map(service(service).path("environment"))
        .forEach(
            (name, value) ->
                all.put(
                    name,
                    VARIABLE
                        .matcher(value)
                        .replaceAll(
                            found ->
                                Matcher.quoteReplacement(
                                    given.getOrDefault(found.group(1), "missing")))));
    return all;
  }

  /** Variables that env.example gives. */
  static Map<String, String> given() {
    Map<String, String> all = new TreeMap<>();
    for (String line : Yaml.read("deploy/env.example").lines().toList()) {
      if (!line.startsWith("#")) {
        String[] parts = line.split("=", 2);
        all.put(parts[0], parts[1]);
      }
    }
    return all;
  }

  /** A file of settings as the product loads it in that environment. */
  static NodeConfig load(String file, Map<String, String> environment) {
    return NodeConfig.of(
        ConfigFactory.parseFile(new File(file)).withFallback(ConfigFactory.parseMap(environment)));
  }
}
