package akkasinks.target.kafka;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.ApiVersions;
import org.apache.kafka.clients.BootstrapConfiguration;
import org.apache.kafka.clients.ClientUtils;
import org.apache.kafka.clients.ManualMetadataUpdater;
import org.apache.kafka.clients.MetadataRecoveryStrategy;
import org.apache.kafka.clients.NetworkClient;
import org.apache.kafka.clients.NetworkClientUtils;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.network.Selector;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.TransactionResult;
import org.apache.kafka.common.requests.WriteTxnMarkersRequest;
import org.apache.kafka.common.requests.WriteTxnMarkersResponse;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.common.utils.internals.LogContext;

/**
 * Has a partition's leader write the commit marker that it lacks. {@link Admin#abortTransaction}
 * sends the same request, but only ever to abort; so this speaks the protocol itself, over the
 * client library's own connection. It needs the same right: ALTER on the cluster.
 */
final class CommitMarker {
  /**
   * The rule of transactions v1: an epoch that is the partition's own is taken, not a lower one.
   */
  private static final short ANY_EPOCH_NOT_OUTDATED = 0;

  private static final int BUFFER = 64 << 10;

  private final Clients clients;
  private final Admin admin;

  CommitMarker(Clients clients, Admin admin) {
    this.clients = clients;
    this.admin = admin;
  }

  /**
   * Commits the open transaction in that partition, if it still is the producer's newest there.
   *
   * @throws akkasinks.base.FailureException if it could not be done or is not allowed
   */
  void write(Orphans.Open open) {
    String doing = "ending the committed transaction of " + open.described();
    try {
      Errors error = send(leader(open), open);
      if (error != Errors.NONE) {
        throw error.exception();
      }
    } catch (IOException | RuntimeException e) {
      throw clients.failures().of(e, doing);
    }
  }

  private Node leader(Orphans.Open open) {
    String topic = open.partition().topic();
    return clients
        .await(
            admin.describeTopics(List.of(topic)).allTopicNames(),
            "looking up topic \"" + topic + "\"")
        .values()
        .stream()
        .flatMap(description -> description.partitions().stream())
        .filter(partition -> partition.partition() == open.partition().partition())
        .flatMap(partition -> Stream.ofNullable(partition.leader()))
        .findFirst()
        .orElseThrow(Errors.LEADER_NOT_AVAILABLE::exception);
  }

  private Errors send(Node leader, Orphans.Open open) throws IOException {
    ProducerState producer = open.producer();
    WriteTxnMarkersRequest.Builder request =
        new WriteTxnMarkersRequest.Builder(
            List.of(
                new WriteTxnMarkersRequest.TxnMarkerEntry(
                    producer.producerId(),
                    (short) producer.producerEpoch(),
                    producer.coordinatorEpoch().orElse(0),
                    TransactionResult.COMMIT,
                    List.of(open.partition()),
                    ANY_EPOCH_NOT_OUTDATED)));
    Duration patience = clients.settings().timings().connect();
    Map<String, Object> properties = clients.settings().common();
    LogContext log = new LogContext();
    try (Metrics metrics = new Metrics();
        var channels =
            ClientUtils.createChannelBuilder(new AdminClientConfig(properties), Time.SYSTEM, log);
        Selector selector =
            new Selector(
                patience.toMillis(), metrics, Time.SYSTEM, "commit-marker", channels, log);
        NetworkClient client = client(selector, patience, log)) {
      if (!NetworkClientUtils.awaitReady(client, leader, Time.SYSTEM, patience.toMillis())) {
        throw Errors.REQUEST_TIMED_OUT.exception();
      }
      var response =
          NetworkClientUtils.sendAndReceive(
              client,
              client.newClientRequest(leader.idString(), request, Time.SYSTEM.milliseconds(), true),
              Time.SYSTEM);
      return ((WriteTxnMarkersResponse) response.responseBody())
          .errorsByProducerId().values().stream()
              .flatMap(partitions -> partitions.values().stream())
              .findFirst()
              .orElse(Errors.UNKNOWN_SERVER_ERROR);
    }
  }

  private NetworkClient client(Selector selector, Duration patience, LogContext log) {
    int millis = (int) patience.toMillis();
    return new NetworkClient(
        selector,
        new ManualMetadataUpdater(),
        clients.settings().outsideId() + "-marker",
        1,
        50,
        1_000,
        BUFFER,
        BUFFER,
        millis,
        millis,
        millis,
        Time.SYSTEM,
        true,
        new ApiVersions(),
        log,
        MetadataRecoveryStrategy.NONE,
        BootstrapConfiguration.DISABLED,
        false);
  }
}
