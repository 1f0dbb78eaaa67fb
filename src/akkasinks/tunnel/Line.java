package akkasinks.tunnel;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.base.FailureException;
import com.jcraft.jsch.JSch;
import com.jcraft.jsch.JSchException;
import com.jcraft.jsch.JSchHostKeyException;
import com.jcraft.jsch.Session;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The session to one bastion, and its forwarded ports. */
final class Line {
  private static final Logger LOG = LoggerFactory.getLogger(Line.class);
  private static final Duration CONNECT = Duration.ofSeconds(10);

  /** A bastion that is silent for three of them is gone. */
  private static final Duration ALIVE = Duration.ofSeconds(5);

  private static final int MISSED = 3;

  private final Bastion bastion;
  private final Duration patience;
  private final ReentrantLock using = new ReentrantLock();
  private final Map<String, Integer> ports = new HashMap<>();
  private CountedPorts counted = new CountedPorts();
  private @Nullable Session session;

  /**
   * @param patience the session is closed when nobody has used it for that long
   */
  Line(Bastion bastion, Duration patience) {
    this.bastion = bastion;
    this.patience = patience;
  }

  InetSocketAddress to(Supplier<List<String>> keys, String host, int port) {
    using.lock();
    try {
      var open = session;
      if (open == null || !open.isConnected()) {
        close();
        open = open(keys.get());
        watch(open);
      }
      counted.use();
      return new InetSocketAddress(InetAddress.getLoopbackAddress(), port(open, host, port));
    } finally {
      using.unlock();
    }
  }

  private int port(Session open, String host, int port) {
    var target = host + ":" + port;
    var known = ports.get(target);
    if (known != null) {
      return known;
    }
    try {
      int made =
          open.setPortForwardingL(
              InetAddress.getLoopbackAddress().getHostAddress(), 0, host, port, counted);
      ports.put(target, made);
      return made;
    } catch (JSchException e) {
      throw failed(e);
    }
  }

  Session open(List<String> keys) {
    try {
      var client = new JSch();
      for (int i = 0; i < keys.size(); i++) {
        byte[] key = keys.get(i).getBytes(StandardCharsets.US_ASCII);
        client.addIdentity("key " + (i + 1), key, null, null);
      }
      var made = client.getSession(bastion.user(), bastion.host(), bastion.port());
      new PinnedHostKey(bastion.hostKey()).on(made);
      made.setConfig("PreferredAuthentications", "publickey");
      made.setDaemonThread(true);
      made.setServerAliveInterval((int) ALIVE.toMillis());
      made.setServerAliveCountMax(MISSED);
      session = made;
      made.connect((int) CONNECT.toMillis());
      LOG.info("connected to bastion {}", bastion.address());
      return made;
    } catch (JSchException e) {
      throw failed(e);
    }
  }

  /** Ends with the session. */
  private void watch(Session opened) {
    Thread.ofVirtual()
        .name("akkasinks-tunnel-" + bastion.address())
        .start(
            () -> {
              while (isOpen(opened)) {
                LockSupport.parkNanos(patience.toNanos() / 4);
                closeIfIdle(opened);
              }
            });
  }

  private boolean isOpen(Session opened) {
    using.lock();
    try {
      return opened.equals(session) && opened.isConnected();
    } finally {
      using.unlock();
    }
  }

  private void closeIfIdle(Session opened) {
    using.lock();
    try {
      if (opened.equals(session) && counted.idle(patience)) {
        LOG.info("nobody uses bastion {}: disconnected", bastion.address());
        close();
      }
    } finally {
      using.unlock();
    }
  }

  void close() {
    using.lock();
    try {
      ports.clear();
      counted = new CountedPorts();
      if (session != null) {
        session.disconnect();
        session = null;
      }
    } finally {
      using.unlock();
    }
  }

  private FailureException failed(JSchException error) {
    String said = String.valueOf(error.getMessage());
    // A server that has no key of the pinned one's type does not come to show another.
    if (error instanceof JSchHostKeyException
        || (!bastion.hostKey().isEmpty() && said.contains("server_host_key"))) {
      return Failure.of(
              Code.AUTHENTICATION,
              "ssh: the server at %s is not the one of HOST KEY".formatted(bastion.address()))
          .detail(said)
          .hint(
              "If the bastion has a new key: ALTER CONNECTION … SET (HOST KEY = '…'), as"
                  + " ssh-keyscan shows it. Else somebody sits between.")
          .exception(error);
    }
    if (said.startsWith("Auth ")) {
      return Failure.of(
              Code.AUTHENTICATION,
              "ssh: the bastion at %s takes none of the tunnel's keys for user \"%s\""
                  .formatted(bastion.address(), bastion.user()))
          .detail(said)
          .hint(
              "Add its public keys to that user's authorized_keys: SELECT * FROM"
                  + " mz_ssh_tunnel_connections WHERE id = '"
                  + bastion.id()
                  + "'.")
          .exception(error);
    }
    return Failure.of(
            Code.UNREACHABLE,
            "ssh: the bastion at %s cannot be reached".formatted(bastion.address()))
        .detail(said)
        .hint("Check HOST and PORT of the SSH TUNNEL connection, and that sshd runs there.")
        .exception(error);
  }
}
