package akkasinks.target.kafka;

import java.util.Arrays;

/**
 * Kafka's clients ask for a token only at addresses that a property of the whole JVM lists, lest
 * whoever may set a client's options make it call any address. Here those options are a
 * connection's, and whoever may create one may name any broker, too: so each one's address is
 * listed.
 */
final class TokenEndpoint {
  private static final String ALLOWED = "org.apache.kafka.sasl.oauthbearer.allowed.urls";

  private TokenEndpoint() {}

  static synchronized void allow(String url) {
    String allowed = System.getProperty(ALLOWED, "");
    if (!Arrays.asList(allowed.split(",")).contains(url)) {
      System.setProperty(ALLOWED, allowed.isEmpty() ? url : allowed + "," + url);
    }
  }
}
