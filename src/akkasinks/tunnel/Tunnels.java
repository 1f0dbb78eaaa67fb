package akkasinks.tunnel;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * The node's SSH sessions: one to each bastion, opened when it is first needed and again when it is
 * found broken; closed when nobody uses it. Thread-safe.
 */
public final class Tunnels implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final Map<Bastion, Line> lines = new ConcurrentHashMap<>();
  private final Duration patience;

  public Tunnels() {
    this(PATIENCE);
  }

  /**
   * @param patience a session is closed when nobody has used it for that long
   */
  Tunnels(Duration patience) {
    this.patience = patience;
  }

  /**
   * A port of loopback that leads to {@code host:port} as the bastion sees it. Blocks while a
   * session is opened.
   *
   * @param keys private ones, in OpenSSH's form; asked for when a session is opened
   * @throws akkasinks.base.FailureException UNREACHABLE or AUTHENTICATION, beginning with {@code
   *     ssh:}
   */
  public InetSocketAddress to(Bastion bastion, Supplier<List<String>> keys, String host, int port) {
    return lines.computeIfAbsent(bastion, at -> new Line(at, patience)).to(keys, host, port);
  }

  @Override
  public void close() {
    lines.values().forEach(Line::close);
  }

  /** Opens a session of its own and closes it: whether the bastion takes us. */
  public void check(Bastion bastion, Supplier<List<String>> keys) {
    var line = new Line(bastion, patience);
    try {
      line.open(keys.get());
    } finally {
      line.close();
    }
  }
}
