package akkasinks.target.kafka;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.base.FailureException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RetriableException;

/**
 * Tries to reach the brokers. Kafka's clients only ever say "timed out"; so when none answers, each
 * address is tried once more with a plain socket, which says why.
 */
final class Reach {
  private static final Duration PROBE = Duration.ofSeconds(2);

  private final Clients clients;
  private final KafkaSettings settings;

  Reach(Clients clients) {
    this.clients = clients;
    this.settings = clients.settings();
  }

  /**
   * @throws FailureException UNREACHABLE with the addresses tried, how long, and why; or what the
   *     brokers refused
   */
  void check(Admin admin) {
    Duration patience = settings.timings().connect();
    try {
      admin.describeCluster().clusterId().get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw cause instanceof RetriableException
          ? unreachable(patience, cause)
          : clients.failures().of(cause, "connecting to " + settings.addresses());
    } catch (TimeoutException e) {
      throw unreachable(patience, e);
    } catch (InterruptedException e) {
      throw clients.failures().of(new InterruptException(e), "connecting to Kafka");
    }
  }

  private FailureException unreachable(Duration patience, Throwable cause) {
    List<String> found = new ArrayList<>();
    boolean talks = false;
    for (String broker : settings.brokers()) {
      String why = probe(broker);
      talks |= why.isEmpty();
      found.add(
          broker
              + ": "
              + (why.isEmpty()
                  ? "accepts connections, but not as a Kafka broker with security protocol "
                      + settings.securityProtocol()
                  : why));
    }
    Failure failure =
        Failure.of(
                Code.UNREACHABLE,
                "no Kafka broker could be reached at %s within %d s"
                    .formatted(settings.addresses(), patience.toSeconds()))
            .detail(String.join("; ", found) + " (" + cause.getClass().getSimpleName() + ")");
    return failure
        .hint(
            talks
                ? "Check SECURITY PROTOCOL: a broker that expects TLS stays silent to a client"
                    + " without it. Check that the brokers' advertised.listeners can be reached"
                    + " from here."
                : "Check BROKER, and that the brokers run and can be reached from here.")
        .exception(cause);
  }

  /** Why the address does not even take a connection; empty if it does. */
  private static String probe(String broker) {
    int colon = broker.lastIndexOf(':');
    String host = broker.substring(0, colon).replaceAll("[\\[\\]]", "");
    try (Socket socket = new Socket()) {
      InetSocketAddress address =
          new InetSocketAddress(host, Integer.parseInt(broker.substring(colon + 1)));
      if (address.isUnresolved()) {
        return "the host name is not known";
      }
      socket.connect(address, (int) PROBE.toMillis());
      return "";
    } catch (IOException e) {
      return e.getClass().getSimpleName() + ": " + e.getMessage();
    }
  }
}
