package akkasinks.http;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.base.FailureException;
import akkasinks.command.Asker;
import akkasinks.control.Logins;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
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
    String scheme = header.replaceFirst(" .*", "").toLowerCase(Locale.ROOT);
    String rest = header.substring(Math.min(header.length(), scheme.length())).strip();
    return switch (scheme) {
      case "basic" -> basic(rest, from);
      case "bearer" -> logins.bearer(rest, from);
      default -> CompletableFuture.failedFuture(nobody("this node wants to know who asks"));
    };
  }

  private CompletionStage<Asker> basic(String base64, String from) {
    String both;
    try {
      both = new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return CompletableFuture.failedFuture(nobody("the header Authorization is not Base64"));
    }
    int colon = both.indexOf(':');
    return colon < 0
        ? CompletableFuture.failedFuture(nobody("the header Authorization has no password"))
        : logins.password(both.substring(0, colon), both.substring(colon + 1), from);
  }

  private static FailureException nobody(String why) {
    return Failure.of(Code.WRONG_PASSWORD, why)
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
