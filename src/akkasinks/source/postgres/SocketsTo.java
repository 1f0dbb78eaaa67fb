package akkasinks.source.postgres;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Properties;
import javax.net.SocketFactory;
import org.postgresql.PGProperty;

/**
 * Sockets to one address, whatever host they are asked for: the driver still knows the server by
 * its own name, which is what its certificate is compared with. Made by the driver, by the name of
 * this class.
 */
public final class SocketsTo extends SocketFactory {
  private final InetSocketAddress way;

  /**
   * Called by the driver.
   *
   * @param way host:port
   */
  public SocketsTo(String way) {
    int colon = way.lastIndexOf(':');
    this.way =
        new InetSocketAddress(way.substring(0, colon), Integer.parseInt(way.substring(colon + 1)));
  }

  static void ask(Properties properties, InetSocketAddress way) {
    PGProperty.SOCKET_FACTORY.set(properties, SocketsTo.class.getName());
    PGProperty.SOCKET_FACTORY_ARG.set(
        properties, way.getAddress().getHostAddress() + ":" + way.getPort());
  }

  @Override
  public Socket createSocket() throws IOException {
    return new Socket(way.getAddress(), way.getPort());
  }

  @Override
  public Socket createSocket(String host, int port) throws IOException {
    return createSocket();
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress from, int fromPort)
      throws IOException {
    return createSocket();
  }

  @Override
  public Socket createSocket(InetAddress host, int port) throws IOException {
    return createSocket();
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress from, int fromPort)
      throws IOException {
    return createSocket();
  }
}
