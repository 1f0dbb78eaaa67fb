package akkasinks.source.kafka;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.base.FailureException;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicIdException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/** What goes wrong while a topic is read, and what to do about it. */
final class TopicFailures {
  private static final String AGAIN =
      "What lies between cannot be known. %s, or drop the sink and create it again.";

  private final TopicSpec spec;

  TopicFailures(TopicSpec spec) {
    this.spec = spec;
  }

  /**
   * @param doing what failed: "reading …"
   */
  FailureException of(Throwable error, String doing) {
    for (Throwable at = error; at != null; at = at.getCause()) {
      if (at instanceof FailureException known) {
        return known;
      }
      Failure meaning = meaning(at, doing);
      if (meaning != null) {
        return meaning.exception(error);
      }
    }
    return (error instanceof KafkaException
            ? failed(Code.CONNECTION_LOST, "Kafka failed", doing, error)
            : failed(Code.INTERNAL, "unexpected failure", doing, error))
        .exception(error);
  }

  private @Nullable Failure meaning(Throwable error, String doing) {
    return switch (error) {
      case InterruptException _ -> Failure.of(Code.CONNECTION_LOST, "interrupted while " + doing);
      case SslAuthenticationException e ->
          failed(Code.AUTHENTICATION, "TLS with Kafka failed", doing, e)
              .hint("Check SECURITY PROTOCOL and the certificates of the source's connection.");
      case AuthenticationException e ->
          failed(Code.AUTHENTICATION, "Kafka refused the login", doing, e)
              .hint("Check SASL MECHANISMS, SASL USERNAME and SASL PASSWORD.");
      case AuthorizationException e -> denied(doing).detail(described(e));
      case UnknownTopicOrPartitionException _ -> gone();
      case UnknownTopicIdException _ -> gone();
      case TimeoutException e -> unreached(doing, e);
      case java.util.concurrent.TimeoutException e -> unreached(doing, e);
      case ConfigException e when String.valueOf(e.getMessage()).contains("bootstrap") ->
          unreached(doing, e);
      case ConfigException e ->
          failed(Code.INVALID_PARAMETER, "Kafka refused a setting", doing, e)
              .hint("The detail names it: an option of the source's connection.");
      default -> null;
    };
  }

  private Failure unreached(String doing, Throwable error) {
    return failed(Code.UNREACHABLE, "Kafka at " + spec.brokers() + " did not answer", doing, error)
        .hint("Check BROKER, the network and that the brokers run.");
  }

  Failure denied(String doing) {
    return Failure.of(
            Code.PRIVILEGE,
            "Kafka denies READ on topic \"%s\" while %s".formatted(spec.topic(), doing))
        .hint(
            ("kafka-acls.sh --bootstrap-server %s --add --allow-principal User:NAME --operation"
                    + " Read --topic %s (NAME: who the connection logs in as)")
                .formatted(spec.brokers().split(",")[0], spec.topic()));
  }

  /** The topic is not there. */
  Failure gone() {
    return Failure.of(Code.HISTORY_CHANGED, "topic \"%s\" is not there".formatted(spec.topic()))
        .detail("Brokers: " + spec.brokers() + ".")
        .hint(
            "A topic that is made anew does not continue the old one: drop the sink and create"
                + " it again.");
  }

  /** Another topic bears the name now. */
  Failure remade(String was, String is) {
    return Failure.of(
            Code.HISTORY_CHANGED, "topic \"%s\" was deleted and made again".formatted(spec.topic()))
        .detail("The sink has read topic id %s; it is %s now.".formatted(was, is))
        .hint(AGAIN.formatted(resnapshot()));
  }

  /**
   * @param where what is known of the partition's ends
   */
  Failure outOfRange(int partition, long offset, String where) {
    return Failure.of(
            Code.HISTORY_CHANGED,
            "offset %d of topic \"%s\", partition %d, is not there"
                .formatted(offset, spec.topic(), partition))
        .detail(where)
        .hint(
            "Retention or DeleteRecords was faster than the sink, or brokers lost records. "
                + AGAIN.formatted(resnapshot()));
  }

  /** The record stops the sink. */
  Failure bad(int partition, long offset, String why) {
    return Failure.of(
            Code.DATA,
            "a record of topic \"%s\" cannot be read: partition %d, offset %d"
                .formatted(spec.topic(), partition, offset))
        .detail(why)
        .hint(
            "Everything before it is delivered. A source created WITH (ON BAD RECORD = SKIP) passes"
                + " such records over and counts them; with DLQ they go to the sink's DEAD LETTER"
                + " TOPIC.");
  }

  private String resnapshot() {
    return switch (spec.source().envelope()) {
      case UPSERT -> "ALTER SINK … RESNAPSHOT reads the topic again from its beginning";
      case NONE, DEBEZIUM -> "Give the sink's topic what is missing by other means";
    };
  }

  private static Failure failed(Code code, String what, String doing, Throwable error) {
    return Failure.of(code, "%s while %s".formatted(what, doing)).detail(described(error));
  }

  /** Class and message of the innermost cause: that is what the broker or the network said. */
  private static String described(Throwable error) {
    Throwable at = error;
    while (at.getCause() != null
        && (at instanceof ExecutionException || at instanceof KafkaException)) {
      at = at.getCause();
    }
    String message = at.getMessage();
    return at.getClass().getSimpleName() + (message == null ? "" : ": " + message);
  }
}
