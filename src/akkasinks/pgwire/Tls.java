package akkasinks.pgwire;

import java.io.IOException;
import java.net.Socket;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * Encrypts connections that began in the clear.
 *
 * @param context with the node's certificate
 */
record Tls(SSLContext context) {

  /**
   * The socket, encrypted from here on; the client begins.
   *
   * @throws IOException if the handshake fails
   */
  Socket over(Socket plain) throws IOException {
    SSLSocket socket =
        (SSLSocket)
            context
                .getSocketFactory()
                .createSocket(
                    plain, plain.getInetAddress().getHostAddress(), plain.getPort(), true);
    socket.setUseClientMode(false);
    socket.startHandshake();
    return socket;
  }
}
