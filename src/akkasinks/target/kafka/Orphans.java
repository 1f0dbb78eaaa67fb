package akkasinks.target.kafka;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.base.FailureException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.AbortTransactionSpec;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.FinalizedVersionRange;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.TransactionalIdNotFoundException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds open transactions of a producer that the coordinator believes settled. A broker stopped
 * while it completes an abort can leave one behind: it holds the partition's last stable offset,
 * and the <em>next</em> commit of the same producer id would commit its records as well, which
 * would be duplicates. So nothing may be written over one.
 *
 * <p>A broker killed right after it answered a commit can leave a <em>committed</em> one: coming
 * back, it takes partitions that it does not know yet for deleted, and skips their markers. To
 * abort that one would undo what was promised. As long as the coordinator still knows how the
 * producer's last transaction ended, which initTransactions makes it forget, {@link #complete}
 * writes the commit that is missing. Of what is left, only a transaction that never sent its
 * progress record, and so cannot have been committed, is aborted; any other stalls the sink.
 */
final class Orphans {
  private static final Logger LOG = LoggerFactory.getLogger(Orphans.class);
  private static final String NO_COORDINATOR =
      "Brokers answer, but none coordinates transactions. With fewer than three brokers set"
          + " transaction.state.log.replication.factor and transaction.state.log.min.isr to what"
          + " they can have, 1 for a single one; else bring the missing ones back.";

  private static final String LOOKING = "looking for open transactions";

  private final Clients clients;
  private final Admin admin;

  Orphans(Clients clients, Admin admin) {
    this.clients = clients;
    this.admin = admin;
  }

  /** An open transaction, as the partition's leader sees it. */
  record Open(TopicPartition partition, ProducerState producer) {
    long start() {
      return producer.currentTransactionStartOffset().orElse(-1);
    }

    String described() {
      return "producer id %d epoch %d since offset %d of %s"
          .formatted(producer.producerId(), producer.producerEpoch(), start(), partition);
    }
  }

  /**
   * To be called before initTransactions: commits, in each partition that has not heard of it, the
   * producer's last transaction, if the coordinator knows that it was committed.
   *
   * <p>Which one that is, its epoch tells: with transactions v2 each has an epoch of its own, and
   * its end leaves the next one with the coordinator. With an older cluster nothing is done here.
   * An older incarnation that still writes does no harm: a partition in which its next transaction
   * has begun refuses an end that bears the epoch before.
   *
   * @throws akkasinks.base.FailureException if the commit could not be written: then the
   *     coordinator must not be made to forget it
   */
  void complete(List<TopicPartition> partitions) {
    Optional<TransactionDescription> last =
        last().filter(known -> known.state() == TransactionState.COMPLETE_COMMIT);
    if (last.isEmpty()) {
      return;
    }
    for (Open orphan : of(last.get().producerId(), partitions)) {
      if (orphan.producer().producerEpoch() == last.get().producerEpoch() - 1
          && eachTransactionHasItsEpoch()) {
        LOG.warn(
            "a broker has lost the commit of this sink, it is written: {}", orphan.described());
        new CommitMarker(clients, admin).write(orphan);
      }
    }
  }

  private boolean eachTransactionHasItsEpoch() {
    FinalizedVersionRange version =
        clients
            .await(admin.describeFeatures().featureMetadata(), "asking for the brokers' features")
            .finalizedFeatures()
            .get("transaction.version");
    return version != null && version.maxVersionLevel() >= 2;
  }

  /** What the coordinator knows of this sink's producer; empty if it has never seen it. */
  private Optional<TransactionDescription> last() {
    String id = clients.settings().outsideId();
    try {
      return Optional.of(
          clients.await(
              admin.describeTransactions(List.of(id)).description(id),
              "looking up transactional id \"" + id + "\""));
    } catch (FailureException e) {
      if (e.getCause() instanceof TransactionalIdNotFoundException) {
        return Optional.empty();
      }
      throw e.failure().code() == Code.UNREACHABLE
          ? e.failure().hint(NO_COORDINATOR).exception(e)
          : e;
    }
  }

  /**
   * To be called right after initTransactions, when this sink's producer can have nothing open.
   *
   * @param progress the progress topic's partition, one of {@code partitions}
   * @throws akkasinks.base.FailureException PREREQUISITE if one is left that cannot or must not be
   *     aborted
   */
  void settle(List<TopicPartition> partitions, TopicPartition progress) {
    String id = clients.settings().outsideId();
    long producerId =
        clients
            .await(
                admin.describeTransactions(List.of(id)).description(id),
                "looking up transactional id \"" + id + "\"")
            .producerId();
    Optional<ProducerState> inProgress = state(producerId, progress);
    for (Open orphan : of(producerId, partitions)) {
      if (inProgress.filter(last -> mayBeCommitted(orphan.producer(), last)).isPresent()) {
        throw unmarked(orphan);
      }
      LOG.warn("aborting an orphan transaction of this sink: {}", orphan.described());
      abort(orphan);
    }
    List<Open> left = of(producerId, partitions);
    if (!left.isEmpty()) {
      throw Failure.of(
              Code.PREREQUISITE,
              "an orphan transaction of this sink is left in Kafka: " + left.get(0).described())
          .detail("The next commit would commit its records too, and they may be duplicates.")
          .hint(
              "Abort it: kafka-transactions.sh --bootstrap-server %s abort --topic %s --partition"
                      .formatted(
                          clients.settings().brokers().get(0), left.get(0).partition().topic())
                  + " %d --start-offset %d"
                      .formatted(left.get(0).partition().partition(), left.get(0).start()))
          .exception();
    }
  }

  /**
   * Whether the transaction's progress record was sent: each transaction has an epoch of its own,
   * and the marker before it leaves that epoch in the progress topic without a sequence number.
   */
  private static boolean mayBeCommitted(ProducerState orphan, ProducerState inProgress) {
    return inProgress.producerEpoch() > orphan.producerEpoch()
        || (inProgress.producerEpoch() == orphan.producerEpoch() && inProgress.lastSequence() >= 0);
  }

  private RuntimeException unmarked(Open orphan) {
    return Failure.of(
            Code.PREREQUISITE,
            "Kafka has lost the end of a transaction of this sink: " + orphan.described())
        .detail(
            "Its progress record was sent, so it may have been committed; aborting it could lose"
                + " records, and committing it could double them.")
        .hint("Drop the sink, abort the transaction with kafka-transactions.sh, create the sink.")
        .exception();
  }

  private Optional<ProducerState> state(long producerId, TopicPartition partition) {
    return clients
        .await(
            admin.describeProducers(List.of(partition)).all(),
            "looking at the progress topic",
            Right.topic(AclOperation.READ, partition.topic()))
        .values()
        .stream()
        .flatMap(state -> state.activeProducers().stream())
        .filter(producer -> producer.producerId() == producerId)
        .findFirst();
  }

  private void abort(Open orphan) {
    ProducerState producer = orphan.producer();
    clients.await(
        admin
            .abortTransaction(
                new AbortTransactionSpec(
                    orphan.partition(),
                    producer.producerId(),
                    (short) producer.producerEpoch(),
                    producer.coordinatorEpoch().orElse(0)))
            .all(),
        "aborting the orphan transaction of " + orphan.described());
  }

  private List<Open> of(long producerId, List<TopicPartition> partitions) {
    return open(partitions).stream().filter(o -> o.producer().producerId() == producerId).toList();
  }

  /** The transaction that holds back the last stable offset of a partition. */
  Optional<Open> blocking(TopicPartition partition) {
    return open(List.of(partition)).stream().min((a, b) -> Long.compare(a.start(), b.start()));
  }

  private List<Open> open(List<TopicPartition> partitions) {
    Set<String> readable =
        new Topics(clients, admin)
            .readable(partitions.stream().map(TopicPartition::topic).collect(Collectors.toSet()));
    Map<Boolean, List<TopicPartition>> told =
        partitions.stream()
            .collect(Collectors.partitioningBy(partition -> readable.contains(partition.topic())));
    checkNothingOpen(told.getOrDefault(false, List.of()));
    List<Open> open = new ArrayList<>();
    clients
        .await(admin.describeProducers(told.getOrDefault(true, List.of())).all(), LOOKING)
        .forEach(
            (partition, state) ->
                state.activeProducers().stream()
                    .filter(p -> p.currentTransactionStartOffset().isPresent())
                    .forEach(p -> open.add(new Open(partition, p))));
    return open;
  }

  /**
   * Who may not read a topic is not told its producers. But the offsets tell it whether any
   * transaction is open there; only if one is, READ is needed to see whose.
   */
  private void checkNothingOpen(List<TopicPartition> partitions) {
    if (partitions.isEmpty()) {
      return;
    }
    Topics topics = new Topics(clients, admin);
    Map<TopicPartition, Long> ends = topics.ends(partitions);
    Map<TopicPartition, Long> stable = topics.stableEnds(partitions);
    for (TopicPartition partition : partitions) {
      long end = ends.getOrDefault(partition, 0L);
      long from = stable.getOrDefault(partition, 0L);
      if (from < end) {
        throw Right.denied(
                List.of(Right.topic(AclOperation.READ, partition.topic())),
                LOOKING,
                clients.settings())
            .detail(
                "A transaction is open in %s from offset %d on, and without READ it cannot be seen"
                        .formatted(partition, from)
                    + " whether it is one of this sink's that a broker has lost.")
            .exception();
      }
    }
  }
}
