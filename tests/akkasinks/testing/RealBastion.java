package akkasinks.testing;

import akkasinks.cli.embedded.FreePort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.util.net.SshdSocketAddress;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.forward.AcceptAllForwardingFilter;
import org.apache.sshd.server.keyprovider.SimpleGeneratorHostKeyProvider;

/** A real SSH server that forwards ports for whoever has an allowed key; to be stopped. */
public final class RealBastion implements AutoCloseable {
  private final int port = FreePort.next();
  private final Set<String> allowed = ConcurrentHashMap.newKeySet();
  private final AtomicInteger forwarded = new AtomicInteger();
  private final SimpleGeneratorHostKeyProvider hostKey;
  private SshServer server;

  private RealBastion(Path dir) {
    this.hostKey = new SimpleGeneratorHostKeyProvider(dir.resolve("host-key"));
    hostKey.setAlgorithm(KeyUtils.EC_ALGORITHM);
    hostKey.setKeySize(256);
    this.server = started();
  }

  /** Its own key is kept in {@code dir}. */
  public static RealBastion start(Path dir) {
    return new RealBastion(dir);
  }

  private SshServer started() {
    SshServer made = SshServer.setUpDefaultServer();
    made.setHost("127.0.0.1");
    made.setPort(port);
    made.setKeyPairProvider(hostKey);
    made.setPublickeyAuthenticator((_, key, _) -> allowed.contains(PublicKeyEntry.toString(key)));
    made.setForwardingFilter(
        new AcceptAllForwardingFilter() {
          @Override
          protected boolean checkAcceptance(
              String request, Session session, SshdSocketAddress target) {
            forwarded.incrementAndGet();
            return true;
          }
        });
    try {
      made.start();
      return made;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public int port() {
    return port;
  }

  /** As a line of known_hosts has it, without the name. */
  public String hostKey() {
    return PublicKeyEntry.toString(hostKey.loadKeys(null).iterator().next().getPublic());
  }

  /** Only these, lines of authorized_keys, are let in from now on. */
  public void allow(List<String> publicKeys) {
    allowed.clear();
    publicKeys.forEach(line -> allowed.add(line.split(" ")[0] + " " + line.split(" ")[1]));
  }

  /** How many are connected to it. */
  public int sessions() {
    return server.getActiveSessions().size();
  }

  /** How many connections went through it. */
  public int forwarded() {
    return forwarded.get();
  }

  /** All that goes through it breaks, and nobody gets in. */
  public void stop() {
    try {
      server.stop(true);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public void up() {
    server = started();
  }

  @Override
  public void close() {
    stop();
  }
}
