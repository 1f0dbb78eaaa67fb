package akkasinks.cli.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Finds loopback ports for services that are stopped and started again.
 *
 * <p>Ports come from below the ephemeral range: a client that retries a dead loopback port inside
 * that range may be given the very same port as its own, connect to itself, and block the restart.
 */
public final class FreePort {
  private static final int FIRST = 20_000;
  private static final int BEYOND = 32_000;
  private static final int ATTEMPTS = 200;
  private static final String LOOPBACK = "127.0.0.1";

  /** So that of several that are to be listened on later none is given twice. */
  private static final Set<Integer> GIVEN = ConcurrentHashMap.newKeySet();

  private FreePort() {}

  /** A port that nothing listened on a moment ago. */
  public static int next() {
    for (int i = 0; i < ATTEMPTS; i++) {
      int port = ThreadLocalRandom.current().nextInt(FIRST, BEYOND);
      if (canListen(LOOPBACK, port) && GIVEN.add(port)) {
        return port;
      }
    }
    throw new IllegalStateException("no free loopback port found in " + ATTEMPTS + " attempts");
  }

  /** The usual port of something, or any if somebody is there already. */
  public static int preferably(String host, int usual) {
    return canListen(host, usual) ? usual : next();
  }

  /**
   * Whether nothing listened there a moment ago, and this machine has the address.
   *
   * @param port 0 for any
   */
  public static boolean canListen(String host, int port) {
    try (ServerSocket probe = new ServerSocket()) {
      probe.setReuseAddress(true);
      probe.bind(new InetSocketAddress(host, port));
      return true;
    } catch (java.net.BindException taken) {
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
