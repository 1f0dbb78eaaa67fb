package akkasinks.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;

/** A server on loopback that takes and gives JSON. */
final class Http {
  private final HttpClient client = HttpClient.newHttpClient();
  private final String host;
  private final int port;

  Http(int port) {
    this("127.0.0.1", port);
  }

  Http(String host, int port) {
    this.host = host;
    this.port = port;
  }

  int port() {
    return port;
  }

  HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return send("GET", path, BodyPublishers.noBody());
  }

  HttpResponse<String> post(String path, String json) throws IOException, InterruptedException {
    return send("POST", path, BodyPublishers.ofString(json));
  }

  HttpResponse<String> put(String path) throws IOException, InterruptedException {
    return send("PUT", path, BodyPublishers.noBody());
  }

  HttpResponse<String> delete(String path) throws IOException, InterruptedException {
    return send("DELETE", path, BodyPublishers.noBody());
  }

  private HttpResponse<String> send(String method, String path, BodyPublisher body)
      throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(URI.create("http://" + host + ":" + port + path))
            .header("Content-Type", "application/json")
            .method(method, body)
            .build();
    return client.send(request, HttpResponse.BodyHandlers.ofString());
  }
}
