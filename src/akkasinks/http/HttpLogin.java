package akkasinks.http;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.base.FailureException;
import akkasinks.cluster.BasicCredentials;
import akkasinks.command.Asker;
import akkasinks.control.Logins;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.AttributeKeys;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.RemoteAddress;

/** Who sends a request, by its header {@code Authorization}: Basic or Bearer. */
public final class HttpLogin {
  /** What watches a node has no password, and learns nothing but whether it is well. */
  private static final Set<String> FOR_ALL = Set.of("/api/health/live", "/api/health/ready");

  private static final String BEARER = "bearer ";

  private final Logins logins;

  public HttpLogin(Logins logins) {
    this.logins = logins;
  }

  /** Fails with WRONG_PASSWORD, which is to be answered with 401. */
  public CompletionStage<Asker> asker(HttpRequest request) {
    String from =
        request.getAttribute(AttributeKeys.remoteAddress).map(HttpLogin::text).orElse("unknown");
    if (!logins.required() || FOR_ALL.contains(request.getUri().getPathString())) {
      return CompletableFuture.completedFuture(Asker.anyone("", from));
    }
    String header = request.getHeader("Authorization").map(HttpHeader::value).orElse("");
    if (header.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
      return logins.bearer(header.substring(BEARER.length()).strip(), from);
    }
    return BasicCredentials.of(request)
        .map(given -> logins.password(given.name(), given.password(), from))
        .orElseGet(() -> CompletableFuture.failedFuture(nobody()));
  }

  private static FailureException nobody() {
    return Failure.of(Code.WRONG_PASSWORD, "this node wants to know who asks")
        .hint("Send a role's name and password (curl -u name:password), or a token.")
        .exception();
  }

  private static String text(RemoteAddress address) {
    return address
        .getAddress()
        .map(ip -> ip.getHostAddress() + ":" + address.getPort())
        .orElse("unknown");
  }
}
