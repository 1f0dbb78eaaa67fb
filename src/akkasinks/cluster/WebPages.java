package akkasinks.cluster;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;

/**
 * Keeps web pages of others from a port on loopback: a browser on the same machine reaches it, too.
 *
 * @param local whether the port is on loopback
 * @param setting of the port's host: {@code akkasinks.http.host}
 */
public record WebPages(boolean local, String setting) {

  public static WebPages keptFrom(String host, String setting) {
    return new WebPages(isLoopback(host), setting);
  }

  /** Why a request comes from a foreign web page, if it does. */
  public Optional<Failure> foreign(HttpRequest request) {
    String host = request.getHeader("Host").map(HttpHeader::value).orElse("");
    Optional<String> origin = request.getHeader("Origin").map(HttpHeader::value);
    if (origin.isPresent() && !origin.get().replaceFirst("^https?://", "").equals(host)) {
      return Optional.of(
          Failure.of(Code.PRIVILEGE, "the request comes from a web page of another origin"));
    }
    // A name that a page's owner lets point at 127.0.0.1 would pass as the same origin.
    if (local && !host.isEmpty() && !isLoopback(host.replaceFirst(":\\d+$", ""))) {
      return Optional.of(
          Failure.of(Code.PRIVILEGE, "this node answers on loopback only, not as \"" + host + "\"")
              .hint("Use 127.0.0.1 or localhost, or set " + setting + "."));
    }
    return Optional.empty();
  }

  /** Asks no name server: only literals and localhost are loopback. */
  private static boolean isLoopback(String host) {
    String bare = host.replaceAll("^\\[|]$", "");
    if (bare.equalsIgnoreCase("localhost")) {
      return true;
    }
    try {
      return bare.matches("[0-9.]+|[0-9a-fA-F:]*:[0-9a-fA-F:.]*")
          && InetAddress.getByName(bare).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }
}
