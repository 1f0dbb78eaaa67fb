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
  private final ReentrantLock using = new ReentrantLock();
  private final Map<String, Integer> ports = new HashMap<>();
  private @Nullable Session session;

  Line(Bastion bastion) {
    this.bastion = bastion;
  }

  InetSocketAddress to(Supplier<List<String>> keys, String host, int port) {
    using.lock();
    try {
      var open = session;
      if (open == null || !open.isConnected()) {
        close();
        open = open(keys.get());
      }
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
          open.setPortForwardingL(InetAddress.getLoopbackAddress().getHostAddress(), 0, host, port);
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

  void close() {
    using.lock();
    try {
      ports.clear();
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
