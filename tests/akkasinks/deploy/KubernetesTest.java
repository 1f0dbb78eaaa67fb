package akkasinks.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.typesafe.config.ConfigFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The manifests: what they say of each other, of the image and of the product holds. */
final class KubernetesTest {
  private static final String FOLDER = "deploy/kubernetes/";
  private static final String NODES_FILE = FOLDER + "node.conf";

  private final JsonNode kustomization = Yaml.document(FOLDER + "kustomization.yaml");
  private final List<JsonNode> objects = new ArrayList<>();
  private final JsonNode secret = Yaml.document(FOLDER + "secret.yaml");
  private final JsonNode deployment;
  private final JsonNode pod;
  private final JsonNode container;

  KubernetesTest() {
    for (String file : Yaml.texts(kustomization.path("resources"))) {
      objects.addAll(Yaml.documents(FOLDER + file));
    }
    this.deployment = object("Deployment");
    this.pod = deployment.at("/spec/template/spec");
    this.container = pod.path("containers").path(0);
  }

  private JsonNode object(String kind) {
    return objects.stream()
        .filter(each -> each.path("kind").asText().equals(kind))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void objectsFindEachOther() {
    assertThat(objects)
        .allSatisfy(each -> assertThat(each.path("apiVersion").asText()).isNotEmpty());
    var labels = deployment.at("/spec/template/metadata/labels");
    for (String selector :
        List.of(
            deployment.at("/spec/selector/matchLabels").toString(),
            object("Service").at("/spec/selector").toString(),
            object("PodDisruptionBudget").at("/spec/selector/matchLabels").toString(),
            object("NetworkPolicy").at("/spec/podSelector/matchLabels").toString())) {
      assertThat(labels.toString()).contains(selector.replaceAll("[{}]", "").split(","));
    }
    String account = object("ServiceAccount").at("/metadata/name").asText();
    assertThat(pod.path("serviceAccountName").asText()).isEqualTo(account);
    assertThat(object("RoleBinding").at("/subjects/0/name").asText()).isEqualTo(account);
    assertThat(object("RoleBinding").at("/roleRef/name").asText())
        .isEqualTo(object("Role").at("/metadata/name").asText());
    // What the discovery asks for: a list of pods.
    assertThat(Yaml.texts(object("Role").at("/rules/0/verbs"))).contains("list");
    assertThat(Yaml.texts(object("Role").at("/rules/0/resources"))).containsExactly("pods");

    var generated = kustomization.path("configMapGenerator").path(0);
    assertThat(pod.at("/volumes/0/configMap/name")).isEqualTo(generated.path("name"));
    assertThat(Path.of(FOLDER, generated.at("/files/0").asText())).exists();
    assertThat(Yaml.texts(container.path("args")).getLast())
        .isEqualTo(
            container.at("/volumeMounts/0/mountPath").asText()
                + "/"
                + generated.at("/files/0").asText());
    assertThat(container.at("/envFrom/0/secretRef/name")).isEqualTo(secret.at("/metadata/name"));
  }

  private Map<String, String> environment() {
    Map<String, String> all = new HashMap<>(Yaml.map(secret.path("stringData")));
    for (JsonNode variable : container.path("env")) {
      all.put(variable.path("name").asText(), variable.path("value").asText("10.0.0.7"));
    }
    return all;
  }

  @Test
  void theProductTakesTheirSettingsAndReadsEveryVariable() {
    var config = Compose.load(NODES_FILE, environment());
    assertThat(config.node().host()).isEqualTo("10.0.0.7");
    var discovery = config.node().discovery().orElseThrow();
    assertThat(discovery.contactPoints()).isEqualTo(deployment.at("/spec/replicas").asInt());
    assertThat(discovery.service())
        .isEqualTo(deployment.at("/spec/template/metadata/labels/app").asText());
    String read = Yaml.read(NODES_FILE) + Yaml.read("hocon/reference.conf");
    for (String variable : environment().keySet()) {
      assertThat(read.contains("{" + variable + "}") || read.contains("{?" + variable + "}"))
          .as("%s is read", variable)
          .isTrue();
    }
  }

  @Test
  void portsAndUserAreThoseOfTheImageAndOfTheNode() {
    Map<String, Integer> ports = new HashMap<>();
    for (JsonNode port : container.path("ports")) {
      ports.put(port.path("name").asText(), port.path("containerPort").asInt());
    }
    var config = Compose.load(NODES_FILE, environment());
    assertThat(ports)
        .isEqualTo(
            Map.of(
                "remoting", config.node().port(),
                "http", config.http().port(),
                "pgwire", config.pgwire().port(),
                "management", config.management().port()));
    for (JsonNode port : object("Service").at("/spec/ports")) {
      assertThat(ports).containsEntry(port.path("targetPort").asText(), port.path("port").asInt());
    }
    for (String probe : List.of("startupProbe", "readinessProbe", "livenessProbe")) {
      assertThat(container.at("/" + probe + "/httpGet/port").asText()).isEqualTo("management");
    }
    assertThat(container.at("/livenessProbe/httpGet/path").asText()).isEqualTo("/alive");
    assertThat(container.at("/readinessProbe/httpGet/path").asText()).isEqualTo("/ready");
    assertThat(pod.at("/securityContext/runAsUser").asText())
        .isEqualTo(Image.read().of("USER").getLast());
  }

  /** Longer than the phases of the shutdown that sinks need, and than the node waits for it. */
  @Test
  void aNodeIsGivenTheTimeToHandItsSinksOver() {
    var phases =
        ConfigFactory.parseResources("node.conf").getConfig("pekko.coordinated-shutdown.phases");
    long needed =
        phases.getDuration("cluster-sharding-shutdown-region.timeout").toSeconds()
            + phases.getDuration("cluster-exiting.timeout").toSeconds();
    assertThat(pod.path("terminationGracePeriodSeconds").asLong()).isGreaterThan(60 + needed / 2);
    assertThat(new Compose().service("akkasinks-1").path("stop_grace_period").asText())
        .isEqualTo(pod.path("terminationGracePeriodSeconds").asText() + "s");
  }

  @Test
  void theSecretIsAFormAndNoPartOfWhatIsApplied() {
    assertThat(Yaml.texts(kustomization.path("resources"))).doesNotContain("secret.yaml");
    assertThat(Yaml.map(secret.path("stringData")).values()).containsOnly("replace-me");
  }
}
