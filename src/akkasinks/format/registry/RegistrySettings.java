package akkasinks.format.registry;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.base.FailureException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;

/**
 * How to reach a registry.
 *
 * @param url http or https, host, port and path; no slash at its end
 * @param password empty for none
 * @param way where to connect to reach the URL's host, if not at its own address
 */
public record RegistrySettings(
    String url,
    Optional<String> username,
    Optional<String> password,
    RegistryTls tls,
    Optional<InetSocketAddress> way) {

  /** Host and port of a URL that was {@link #checked}. */
  public static InetSocketAddress place(String url) {
    URI uri = URI.create(url);
    int otherwise = uri.getScheme().equalsIgnoreCase("https") ? 443 : 80;
    return InetSocketAddress.createUnresolved(
        uri.getHost(), uri.getPort() < 0 ? otherwise : uri.getPort());
  }

  /**
   * The base of all of a registry's addresses, without a slash at its end.
   *
   * @throws akkasinks.base.FailureException INVALID_PARAMETER if it is not one
   */
  public static String checked(String text) {
    URI url;
    try {
      url = new URI(text.strip());
    } catch (URISyntaxException e) {
      throw refused(
          "invalid URL: " + e.getReason(), "Write it as 'https://registry.example:8081'.");
    }
    String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
    if (!scheme.equals("http") && !scheme.equals("https")) {
      throw refused("URL must begin with http:// or https://", "");
    }
    if (url.getUserInfo() != null) {
      throw refused(
          "URL must not hold a user or a password",
          "Definitions are shown: write USERNAME = '…' and PASSWORD = SECRET ….");
    }
    if (url.getHost() == null) {
      throw refused("URL must specify domain name", "");
    }
    if (url.getQuery() != null || url.getFragment() != null) {
      throw refused("URL must end with its path", "Leave out what begins with ? or #.");
    }
    return text.strip().replaceFirst("/+$", "");
  }

  private static FailureException refused(String message, String hint) {
    return Failure.of(Code.INVALID_PARAMETER, message).hint(hint).exception();
  }

  /** Without the password. */
  @Override
  public String toString() {
    return url;
  }
}
