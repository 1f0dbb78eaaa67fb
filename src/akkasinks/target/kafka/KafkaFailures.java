package akkasinks.target.kafka;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.base.FailureException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import javax.security.auth.login.LoginException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidPartitionsException;
import org.apache.kafka.common.errors.InvalidPidMappingException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.InvalidTxnTimeoutException;
import org.apache.kafka.common.errors.NotEnoughReplicasAfterAppendException;
import org.apache.kafka.common.errors.NotEnoughReplicasException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;
import org.apache.kafka.common.errors.UnknownProducerIdException;
import org.apache.kafka.common.errors.UnknownTopicIdException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.jspecify.annotations.Nullable;

/**
 * What a Kafka exception means: the one place that knows their classes.
 *
 * <p>A writer that was fenced by a successor and one whose transaction timed out get the same
 * classes, depending only on the call that comes next: both are CONNECTION_LOST here, and {@link
 * #ownershipInDoubt} is true. Only the progress record tells which it was: the caller must peek.
 */
public final class KafkaFailures {
  private final KafkaSettings settings;

  KafkaFailures(KafkaSettings settings) {
    this.settings = settings;
  }

  /** True if the writer lost its transaction or its epoch, to a successor or to a time-out. */
  public static boolean ownershipInDoubt(Throwable error) {
    return find(error, ProducerFencedException.class).isPresent()
        || find(error, InvalidProducerEpochException.class).isPresent()
        || find(error, InvalidTxnStateException.class).isPresent()
        || find(error, InvalidPidMappingException.class).isPresent()
        || find(error, UnknownProducerIdException.class).isPresent();
  }

  /**
   * @param doing what failed: "committing to topic …"
   * @param needed the rights to name if it was denied; without them it is WRITE on the topics that
   *     the brokers name
   */
  FailureException of(Throwable error, String doing, List<Right> needed) {
    for (Throwable at = error; at != null; at = at.getCause()) {
      if (at instanceof FailureException known) {
        return known;
      }
    }
    return meaning(error, doing, needed).exception(error);
  }

  /** Of what only writes. */
  FailureException of(Throwable error, String doing) {
    return of(error, doing, List.of());
  }

  private Failure meaning(Throwable error, String doing, List<Right> needed) {
    if (find(error, InterruptException.class).isPresent()) {
      return Failure.of(Code.CONNECTION_LOST, "interrupted while " + doing);
    }
    if (find(error, InvalidPidMappingException.class).isPresent()
        || find(error, UnknownProducerIdException.class).isPresent()) {
      return failed(Code.CONNECTION_LOST, "the broker has forgotten this writer", doing, error)
          .hint(
              "It was idle beyond transactional.id.expiration.ms, or is superseded; it restarts.");
    }
    if (ownershipInDoubt(error)) {
      return failed(
              Code.CONNECTION_LOST,
              "the transaction timed out or a newer writer took over",
              doing,
              error)
          .hint("The progress record tells which; if it was a time-out, the sink restarts.");
    }
    return denied(error, doing, needed)
        .or(() -> refused(error, doing))
        .orElseGet(() -> unreached(error, doing));
  }

  private Optional<Failure> denied(Throwable error, String doing, List<Right> needed) {
    Optional<AuthorizationException> denial = find(error, AuthorizationException.class);
    return denial.map(
        e -> {
          List<Right> missing =
              switch (e) {
                case TopicAuthorizationException topics when needed.isEmpty() ->
                    topics.unauthorizedTopics().stream()
                        .sorted()
                        .map(topic -> Right.topic(AclOperation.WRITE, topic))
                        .toList();
                case TransactionalIdAuthorizationException _ ->
                    List.of(Right.write(settings.outsideId()));
                case ClusterAuthorizationException _ -> List.of(Right.alterCluster());
                default -> needed;
              };
          return missing.isEmpty()
              ? failed(Code.PRIVILEGE, "Kafka denied permission", doing, e)
                  .hint("The rights that a sink needs are listed in docs/acls.md.")
              : Right.denied(missing, doing, settings).detail(described(e));
        });
  }

  /** What a person has to repair. */
  private Optional<Failure> refused(Throwable error, String doing) {
    for (Throwable at = error; at != null; at = at.getCause()) {
      @Nullable Failure failure =
          switch (at) {
            case SslAuthenticationException e ->
                failed(Code.AUTHENTICATION, "TLS with Kafka failed", doing, e)
                    .hint(tlsHint(described(e)));
            case AuthenticationException e ->
                failed(Code.AUTHENTICATION, "Kafka refused the login", doing, e).hint(loginHint());
            case LoginException e -> noToken(doing, e);
            case RecordTooLargeException e -> tooLarge(doing, e);
            case RecordBatchTooLargeException e -> tooLarge(doing, e);
            case UnknownTopicOrPartitionException e -> gone(doing, e);
            case UnknownTopicIdException e -> gone(doing, e);
            case InvalidTxnTimeoutException e ->
                failed(Code.PREREQUISITE, "the transaction time-out is too long", doing, e)
                    .hint("Raise the brokers' transaction.max.timeout.ms, or shorten ours.");
            case UnsupportedVersionException e ->
                failed(Code.NOT_SUPPORTED, "the brokers are too old", doing, e);
            case InvalidConfigurationException e -> invalid(doing, e);
            case InvalidPartitionsException e -> invalid(doing, e);
            case PolicyViolationException e -> invalid(doing, e);
            case ConfigException e when String.valueOf(e.getMessage()).contains("bootstrap") ->
                failed(
                        Code.UNREACHABLE,
                        "no host name of Kafka at " + settings.addresses() + " is known here",
                        doing,
                        e)
                    .hint("Check BROKER and this machine's name resolution.");
            case ConfigException e -> invalid(doing, e);
            default -> null;
          };
      if (failure != null) {
        return Optional.of(failure);
      }
    }
    return Optional.empty();
  }

  /** The clients' text of it goes on over many lines, each with a place in their code. */
  private Failure noToken(String doing, LoginException error) {
    String said = String.valueOf(error.getMessage()).lines().findFirst().orElse("");
    String mark = "Exception: ";
    int at = said.lastIndexOf(mark);
    String reason = at < 0 ? said : said.substring(at + mark.length());
    return Failure.of(
            said.contains("response code 4") ? Code.AUTHENTICATION : Code.UNREACHABLE,
            "no token for the login could be had from %s while %s"
                .formatted(
                    settings
                        .client()
                        .getOrDefault("sasl.oauthbearer.token.endpoint.url", "nowhere"),
                    doing))
        .detail(reason)
        .hint(loginHint());
  }

  /** TLS says what is wrong in few words, which are the same on every JDK. */
  private static String tlsHint(String said) {
    if (said.contains("certificate_required") || said.contains("bad_certificate")) {
      return "The brokers want a client's certificate that they trust: SSL CERTIFICATE and SSL"
          + " KEY.";
    }
    if (said.contains("certification path") || said.contains("PKIX")) {
      return "Nobody that is trusted here vouches for the brokers' certificates: give the"
          + " authority's as SSL CERTIFICATE AUTHORITY.";
    }
    if (said.contains("subject alternative") || said.contains("No name matching")) {
      return "BROKER, and what the brokers advertise, must be names in their certificates.";
    }
    return "If the brokers speak no TLS on this port, use SECURITY PROTOCOL 'PLAINTEXT' or"
        + " 'SASL_PLAINTEXT'; else check the certificates.";
  }

  private String loginHint() {
    return settings.client().getOrDefault("sasl.mechanism", "").equals("OAUTHBEARER")
        ? "Check SASL OAUTHBEARER TOKEN ENDPOINT URL, CLIENT ID, CLIENT SECRET and SCOPE, and what"
            + " tokens the brokers take."
        : "Check SASL MECHANISMS, SASL USERNAME and SASL PASSWORD.";
  }

  private Failure unreached(Throwable error, String doing) {
    if (find(error, NotEnoughReplicasException.class).isPresent()
        || find(error, NotEnoughReplicasAfterAppendException.class).isPresent()) {
      return failed(Code.UNREACHABLE, "too few replicas are in sync", doing, error)
          .hint("Bring the missing brokers back, or lower min.insync.replicas.");
    }
    if (find(error, TimeoutException.class).isPresent()
        || find(error, java.util.concurrent.TimeoutException.class).isPresent()
        || find(error, ConfigException.class).isPresent()) {
      return failed(
          Code.UNREACHABLE, "Kafka at " + settings.addresses() + " did not answer", doing, error);
    }
    if (find(error, KafkaException.class).isPresent()) {
      return failed(Code.CONNECTION_LOST, "Kafka failed", doing, error);
    }
    return failed(Code.INTERNAL, "unexpected failure", doing, error);
  }

  private Failure tooLarge(String doing, Throwable error) {
    return failed(
            Code.DATA,
            "a record is larger than topic \"%s\" allows".formatted(settings.topic().name()),
            doing,
            error)
        .hint("Raise the topic's max.message.bytes; the sink then goes on by itself.");
  }

  private Failure gone(String doing, Throwable error) {
    return failed(Code.HISTORY_CHANGED, "a topic of this sink is gone", doing, error)
        .hint("Drop the sink and create it again; topics are never made anew behind your back.");
  }

  private static Failure invalid(String doing, Throwable error) {
    return failed(Code.INVALID_PARAMETER, "Kafka refused a setting", doing, error)
        .hint("The detail names it: a client property, a TOPIC option or TOPIC CONFIG.");
  }

  private static Failure failed(Code code, String what, String doing, Throwable error) {
    return Failure.of(code, "%s while %s".formatted(what, doing)).detail(described(error));
  }

  /** Class and message of the innermost cause: that is what the broker or the network said. */
  static String described(Throwable error) {
    Throwable at = error;
    while (at.getCause() != null
        && (at instanceof ExecutionException || at instanceof KafkaException)) {
      at = at.getCause();
    }
    String message = at.getMessage();
    return at.getClass().getSimpleName() + (message == null ? "" : ": " + message);
  }

  private static <T extends Throwable> Optional<T> find(@Nullable Throwable error, Class<T> kind) {
    for (Throwable at = error; at != null; at = at.getCause()) {
      if (kind.isInstance(at)) {
        return Optional.of(kind.cast(at));
      }
    }
    return Optional.empty();
  }
}
