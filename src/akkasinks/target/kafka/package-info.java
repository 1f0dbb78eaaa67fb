/**
 * The Kafka target: a sink's records and its progress record in one Kafka transaction.
 *
 * <pre>
 *   fence:  initTransactions → Orphans → ProgressTopic.read → ProgressRules → Topics   (nothing written)
 *   begin:  [ progress record ]                                             commit
 *   then:   [ records …, progress record last ]                             commit, again and again
 * </pre>
 *
 * <p><b>Why it is exactly once.</b> The transactional id is the sink's own, so {@code
 * initTransactions} ends every older writer before the progress record is read; whatever an older
 * writer committed is therefore in what is read, and whatever it did not commit never will be. The
 * record is part of each transaction, so data and frontier cannot differ. docs/exactly-once.md has
 * the whole protocol.
 *
 * <p><b>Errors.</b> After any error the writer only closes its producer: an aborted transaction
 * that goes on would prove nothing about who owns the sink. {@link
 * akkasinks.target.kafka.KafkaFailures} is the one place that says what a Kafka exception means.
 */
@org.jspecify.annotations.NullMarked
package akkasinks.target.kafka;
