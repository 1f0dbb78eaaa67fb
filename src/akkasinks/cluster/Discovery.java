package akkasinks.cluster;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.base.Nearest;
import com.typesafe.config.Config;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How a node that is given no seeds finds the others: it looks up their management ports and asks
 * each for its cluster; if none has one, the node with the lowest address makes it.
 *
 * @param service the name that is looked up
 * @param contactPoints so many must be found before a cluster is made
 */
public record Discovery(Method method, String service, int contactPoints) {

  /** Who is asked. */
  public enum Method {
    KUBERNETES_API("kubernetes-api", "kubernetes-api"),
    DNS("dns", "pekko-dns");

    private final String spelled;
    private final String pekko;

    Method(String spelled, String pekko) {
      this.spelled = spelled;
      this.pekko = pekko;
    }
  }

  private static final List<Method> METHODS = List.of(Method.values());

  /**
   * @param node the settings in akkasinks.node
   * @throws akkasinks.base.FailureException INVALID_PARAMETER naming what does not fit
   */
  static Optional<Discovery> of(Config node, NodeConfig.Management management) {
    String name = node.getString("discovery");
    if (name.isEmpty()) {
      return Optional.empty();
    }
    Method method =
        METHODS.stream()
            .filter(each -> each.spelled.equals(name))
            .findFirst()
            .orElseThrow(() -> unknown(name));
    if (!node.getStringList("seeds").isEmpty()) {
      throw wrong("akkasinks.node.seeds and akkasinks.node.discovery are both given")
          .hint("A node joins the one way or the other: clear one of them.")
          .exception();
    }
    if (management.port() == 0) {
      throw wrong("akkasinks.management.port is 0, where no other node finds it")
          .hint("Give all nodes the same port: it is how they find each other.")
          .exception();
    }
    int contactPoints = node.getInt("contact-points");
    if (contactPoints < 1) {
      throw wrong("akkasinks.node.contact-points is " + contactPoints)
          .hint("It is how many nodes the cluster begins with, at least 1.")
          .exception();
    }
    return Optional.of(new Discovery(method, node.getString("service"), contactPoints));
  }

  /** What Pekko reads of it. */
  Map<String, Object> pekko() {
    String bootstrap = "pekko.management.cluster.bootstrap.contact-point-discovery.";
    Map<String, Object> values = new HashMap<>();
    values.put("pekko.discovery.method", method.pekko);
    values.put(bootstrap + "effective-name", service);
    values.put(bootstrap + "required-contact-point-nr", contactPoints);
    if (method == Method.KUBERNETES_API) {
      values.put(bootstrap + "port-name", "management");
      // A node knows itself by its address, not by a name that only Kubernetes' DNS has.
      values.put("pekko.discovery.kubernetes-api.use-raw-ip", true);
    }
    return values;
  }

  private static RuntimeException unknown(String name) {
    var names = METHODS.stream().map(each -> each.spelled).toList();
    return wrong("unknown akkasinks.node.discovery \"" + name + "\"")
        .hint(
            Nearest.to(name, names.stream())
                .map(near -> "Did you mean \"" + near + "\"?")
                .orElse("It is one of " + String.join(", ", names) + "; empty for seeds."))
        .exception();
  }

  private static Failure wrong(String message) {
    return Failure.of(Code.INVALID_PARAMETER, message);
  }
}
