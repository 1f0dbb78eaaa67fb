package akkasinks.cluster;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.remote.artery.tcp.SSLEngineProvider;
import scala.Option;

/**
 * TLS between nodes, made by Pekko by its name: each side proves itself with a certificate of the
 * authority. The files are read again for each connection, so that they can be replaced while a
 * node runs.
 */
public final class NodeTlsEngine implements SSLEngineProvider {
  /** Where {@link NodeConfig} leaves the names of the files. */
  static final String SETTINGS = "pekko.remote.artery.ssl.akkasinks";

  /**
   * TLS 1.3 closes each direction by itself; Pekko's transport waits for the other, so that a node
   * whose peers live would not end.
   */
  private static final String PROTOCOL = "TLSv1.2";

  /** What a key that is lost later does not open. */
  private static final Pattern SUITE =
      Pattern.compile("TLS_ECDHE_\\w+_(AES_\\d+_GCM|CHACHA20_POLY1305)_\\w+");

  private final Pem pem;
  private final Path authority;

  public NodeTlsEngine(ActorSystem system) {
    var config = system.settings().config().getConfig(SETTINGS);
    this.pem =
        new Pem(
            Path.of(config.getString("certificate")),
            Path.of(config.getString("key")),
            "akkasinks.node.tls");
    this.authority = Path.of(config.getString("authority"));
  }

  @Override
  public SSLEngine createServerSSLEngine(String host, int port) {
    SSLEngine engine = engine(host, port);
    engine.setUseClientMode(false);
    engine.setNeedClientAuth(true);
    return engine;
  }

  @Override
  public SSLEngine createClientSSLEngine(String host, int port) {
    SSLEngine engine = engine(host, port);
    engine.setUseClientMode(true);
    return engine;
  }

  private SSLEngine engine(String host, int port) {
    SSLContext context = pem.mutual(authority);
    SSLEngine engine = context.createSSLEngine(host, port);
    engine.setEnabledProtocols(new String[] {PROTOCOL});
    engine.setEnabledCipherSuites(
        Arrays.stream(engine.getSupportedCipherSuites())
            .filter(suite -> SUITE.matcher(suite).matches())
            .toArray(String[]::new));
    return engine;
  }

  /** That the authority has signed for it is all that there is to know of a node. */
  @Override
  public Option<Throwable> verifyClientSession(String host, SSLSession session) {
    return Option.empty();
  }

  @Override
  public Option<Throwable> verifyServerSession(String host, SSLSession session) {
    return Option.empty();
  }
}
