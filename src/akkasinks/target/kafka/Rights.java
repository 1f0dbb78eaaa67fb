package akkasinks.target.kafka;

import akkasinks.base.Code;
import akkasinks.base.FailureException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * Asks the brokers, before anything is written, whether they will let this sink do what it must. A
 * right on something that is not there yet cannot be asked for: what is missing then shows when the
 * sink starts.
 */
final class Rights {
  private final Clients clients;
  private final KafkaSettings settings;
  private final Admin admin;
  private final Topics topics;

  Rights(Clients clients, Admin admin, Topics topics) {
    this.clients = clients;
    this.settings = clients.settings();
    this.admin = admin;
    this.topics = topics;
  }

  /**
   * @throws FailureException PRIVILEGE with all that is missing
   */
  void check() {
    List<Right> missing = new ArrayList<>(ofTopic(settings.topic().example()));
    settings.deadLetterTopic().map(this::ofTopic).ifPresent(missing::addAll);
    missing.addAll(ofTopic(settings.progressTopic()));
    missing.addAll(ofTransactions());
    if (!missing.isEmpty()) {
      throw Right.denied(missing, "", settings).exception();
    }
  }

  private List<Right> ofTopic(String name) {
    List<Right> needed = Right.of(name, settings.progressTopic());
    try {
      TopicDescription topic =
          answer(
              admin
                  .describeTopics(
                      List.of(name), new DescribeTopicsOptions().includeAuthorizedOperations(true))
                  .allTopicNames()
                  .thenApply(answers -> answers.values().iterator().next()));
      return needed.stream().filter(right -> !Topics.allows(topic, right.operation())).toList();
    } catch (TopicAuthorizationException _) {
      return needed;
    } catch (UnknownTopicOrPartitionException _) {
      return toMake(name);
    } catch (KafkaException e) {
      throw clients.failures().of(e, "asking for the rights on topic \"" + name + "\"");
    }
  }

  private List<Right> toMake(String name) {
    try {
      topics.wouldMake(name, 0, 0, Map.of());
      return List.of();
    } catch (FailureException e) {
      // Whatever else is wrong with it, who makes it says.
      return e.failure().code() == Code.PRIVILEGE
          ? List.of(Right.topic(AclOperation.CREATE, name))
          : List.of();
    }
  }

  /** WRITE cannot be asked for; but who has it has DESCRIBE. */
  private List<Right> ofTransactions() {
    String id = settings.outsideId();
    try {
      answer(admin.describeTransactions(List.of(id)).description(id));
    } catch (TransactionalIdAuthorizationException _) {
      return List.of(Right.write(settings.outsideId()));
    } catch (KafkaException _) {
      // Most are not known yet; and a coordinator that is away stalls the sink with its reason.
    }
    return List.of();
  }

  private static <T> T answer(KafkaFuture<T> asked) {
    try {
      return asked.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof KafkaException known ? known : new KafkaException(e.getCause());
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }
}
