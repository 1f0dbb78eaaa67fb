package akkasinks.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicInteger;

/** Gives signed tokens to a client with the right secret, as OAuth's token endpoints do. */
public final class TokenServer implements AutoCloseable {
  /** The one client's id and secret. */
  public static final String CLIENT = "sink";

  public static final String SECRET = "oauth-word";

  private final HttpServer server;
  private final KeyPair keys;
  private final AtomicInteger given = new AtomicInteger();

  private TokenServer(HttpServer server, KeyPair keys) {
    this.server = server;
    this.keys = keys;
  }

  public static TokenServer start() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      HttpServer http =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      TokenServer started = new TokenServer(http, generator.generateKeyPair());
      http.createContext("/token", started::token);
      http.createContext("/keys", started::keys);
      http.start();
      return started;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  public String tokens() {
    return url("/token");
  }

  /** Where a broker finds the key that tokens are signed with. */
  public String keys() {
    return url("/keys");
  }

  /** How many tokens were given. */
  public int given() {
    return given.get();
  }

  private String url(String path) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + path;
  }

  private void token(HttpExchange exchange) throws IOException {
    String basic =
        "Basic "
            + Base64.getEncoder()
                .encodeToString((CLIENT + ":" + SECRET).getBytes(StandardCharsets.UTF_8));
    if (basic.equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
      given.incrementAndGet();
      answer(
          exchange,
          200,
          "{\"access_token\":\"%s\",\"token_type\":\"Bearer\",\"expires_in\":300}"
              .formatted(token()));
    } else {
      answer(exchange, 401, "{\"error\":\"invalid_client\"}");
    }
  }

  private String token() {
    long now = System.currentTimeMillis() / 1000;
    String signed =
        text("{\"alg\":\"RS256\",\"kid\":\"k\",\"typ\":\"JWT\"}")
            + "."
            + text(
                "{\"sub\":\"sink\",\"iss\":\"tests\",\"aud\":\"kafka\",\"iat\":%d,\"exp\":%d}"
                    .formatted(now, now + 300));
    try {
      Signature signature = Signature.getInstance("SHA256withRSA");
      signature.initSign(keys.getPrivate());
      signature.update(signed.getBytes(StandardCharsets.US_ASCII));
      return signed + "." + bytes(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private void keys(HttpExchange exchange) throws IOException {
    RSAPublicKey key = (RSAPublicKey) keys.getPublic();
    answer(
        exchange,
        200,
        "{\"keys\":[{\"kty\":\"RSA\",\"kid\":\"k\",\"use\":\"sig\",\"alg\":\"RS256\",\"n\":\"%s\",\"e\":\"%s\"}]}"
            .formatted(number(key.getModulus()), number(key.getPublicExponent())));
  }

  private static String number(BigInteger number) {
    byte[] signed = number.toByteArray();
    return bytes(signed[0] == 0 ? java.util.Arrays.copyOfRange(signed, 1, signed.length) : signed);
  }

  private static String text(String json) {
    return bytes(json.getBytes(StandardCharsets.UTF_8));
  }

  private static String bytes(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static void answer(HttpExchange exchange, int status, String json) throws IOException {
    byte[] body = json.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
