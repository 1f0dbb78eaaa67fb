package akkasinks.cluster;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;

/** A name and a password, as HTTP's Basic authentication sends them. */
public record BasicCredentials(String name, String password) {
  private static final String SCHEME = "basic ";

  /** Empty if the request has none that can be read. */
  public static Optional<BasicCredentials> of(HttpRequest request) {
    return request.getHeader("Authorization").map(HttpHeader::value).flatMap(BasicCredentials::of);
  }

  private static Optional<BasicCredentials> of(String header) {
    if (!header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      return Optional.empty();
    }
    try {
      byte[] bytes = Base64.getDecoder().decode(header.substring(SCHEME.length()).strip());
      String both = new String(bytes, StandardCharsets.UTF_8);
      int colon = both.indexOf(':');
      return colon < 0
          ? Optional.empty()
          : Optional.of(new BasicCredentials(both.substring(0, colon), both.substring(colon + 1)));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  @Override
  public String toString() {
    return "BasicCredentials[" + name + "]";
  }
}
