package akkasinks.cluster;

import akkasinks.catalog.Verifier;
import akkasinks.command.Asker;
import java.security.SecureRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.apache.pekko.http.javadsl.model.HttpRequest;

/**
 * Lets nobody but the superuser manage the cluster. It asks no catalog: management answers before
 * there is one, and when it is away.
 */
final class ManagementLogin {
  /** What nodes ask each other before they know each other. */
  private static final String BOOTSTRAP = "/bootstrap/";

  private final Verifier superuser;
  private final KnownPasswords known = new KnownPasswords();
  private final Executor blocking;

  ManagementLogin(String password, Executor blocking) {
    byte[] salt = new byte[Verifier.SALT];
    new SecureRandom().nextBytes(salt);
    this.superuser = Verifier.of(password, salt);
    this.blocking = blocking;
  }

  CompletionStage<Boolean> admits(HttpRequest request) {
    if (request.method().value().equals("GET")
        && request.getUri().getPathString().startsWith(BOOTSTRAP)) {
      return CompletableFuture.completedFuture(true);
    }
    var given = BasicCredentials.of(request);
    return given
        .map(credentials -> CompletableFuture.supplyAsync(() -> admits(credentials), blocking))
        .orElseGet(() -> CompletableFuture.completedFuture(false));
  }

  private boolean admits(BasicCredentials given) {
    return given.name().equals(Asker.SUPERUSER_NAME)
        && known.accepts(superuser, given.name(), given.password());
  }
}
