package akkasinks.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Nodes asked over REST: the first that answers tells. */
final class NodeClient implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final JsonMapper JSON = new JsonMapper();

  private final HttpClient http = HttpClient.newBuilder().connectTimeout(PATIENCE).build();

  /** Empty if none answers with 200. */
  Optional<JsonNode> get(List<String> urls, String path) throws InterruptedException {
    for (String url : urls) {
      try {
        var request = HttpRequest.newBuilder(URI.create(url + path)).timeout(PATIENCE).build();
        var response = http.send(request, HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() == 200) {
          return Optional.of(JSON.readTree(response.body()));
        }
      } catch (IOException gone) {
        // The next one may know.
      }
    }
    return Optional.empty();
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
