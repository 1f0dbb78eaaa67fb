package akkasinks.format.registry;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * An HTTP proxy on loopback that leads to one address, whatever host it is asked for. The JDK's
 * HTTP client can be given no other way to a server and still know it by its own name, which is
 * what the server's certificate is compared with.
 */
final class HttpWay implements AutoCloseable {
  private static final int LONGEST_HEAD = 64 << 10;
  private static final byte[] DONE = "HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  private final InetSocketAddress to;
  private final ServerSocket listening;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  HttpWay(InetSocketAddress to) {
    this.to = to;
    try {
      this.listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    threads.execute(this::accept);
  }

  InetSocketAddress address() {
    return new InetSocketAddress(listening.getInetAddress(), listening.getLocalPort());
  }

  private void accept() {
    try {
      while (true) {
        Socket client = listening.accept();
        threads.execute(() -> serve(client));
      }
    } catch (IOException closed) {
      // Nothing more is asked for.
    }
  }

  private void serve(Socket client) {
    try (client;
        Socket server = new Socket(to.getAddress(), to.getPort())) {
      String head = head(client.getInputStream());
      if (head.startsWith("CONNECT ")) {
        client.getOutputStream().write(DONE);
      } else {
        server.getOutputStream().write(asToServer(head).getBytes(StandardCharsets.ISO_8859_1));
      }
      threads.execute(() -> pass(client, server));
      pass(server, client);
    } catch (IOException broken) {
      // The client sees its connection end.
    }
  }

  /**
   * A proxy is asked for a whole URL, which not every server takes; and for one after the other
   * over a connection, of which only the first is seen here.
   */
  private static String asToServer(String head) {
    return head.replaceFirst("(?<=^[A-Z]{1,20} )http://[^/ ]+", "")
        .replaceFirst("\r\n", "\r\nConnection: close\r\n");
  }

  /** Up to the empty line. */
  private static String head(InputStream in) throws IOException {
    var head = new ByteArrayOutputStream();
    int ended = 0;
    while (ended < 4) {
      int next = in.read();
      if (next < 0 || head.size() > LONGEST_HEAD) {
        throw new IOException("no request");
      }
      head.write(next);
      boolean expected = next == (ended % 2 == 0 ? '\r' : '\n');
      ended = expected ? ended + 1 : next == '\r' ? 1 : 0;
    }
    return head.toString(StandardCharsets.ISO_8859_1);
  }

  private static void pass(Socket from, Socket to) {
    try {
      from.getInputStream().transferTo(to.getOutputStream());
      to.close();
    } catch (IOException ended) {
      // Either side hung up.
    }
  }

  @Override
  public void close() {
    try {
      listening.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    threads.shutdownNow();
  }
}
