package akkasinks.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class FaultProxyTest {
  private ServerSocket echo;
  private FaultProxy proxy;

  @BeforeEach
  void start() throws IOException {
    echo = new ServerSocket();
    echo.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    Thread.ofVirtual().start(this::serve);
    proxy = FaultProxy.to(echo.getLocalPort());
  }

  @AfterEach
  void stop() throws IOException {
    proxy.close();
    echo.close();
  }

  @Test
  void passes() throws IOException {
    try (Socket socket = connect()) {
      assertThat(said(socket, "hello")).isEqualTo("hello");
      assertThat(proxy.connections()).isEqualTo(1);
      assertThat(proxy.passed(FaultProxy.Direction.TO_SERVER)).isEqualTo(5);
    }
    Await.until("the connection is gone", () -> proxy.connections() == 0);
  }

  @Test
  void refusesNewOnesOnly() throws IOException {
    try (Socket old = connect()) {
      said(old, "x");
      proxy.refuse();
      assertThat(said(old, "still")).isEqualTo("still");
      assertThatThrownBy(() -> said(connect(), "x")).isInstanceOf(IOException.class);
      proxy.pass();
      assertThat(said(connect(), "again")).isEqualTo("again");
    }
  }

  @Test
  void cutsOldOnesOnly() throws IOException {
    try (Socket old = connect()) {
      said(old, "x");
      proxy.cut();
      assertThatThrownBy(() -> said(old, "x")).isInstanceOf(IOException.class);
      assertThat(said(connect(), "new")).isEqualTo("new");
    }
  }

  @Test
  void freezesAndLosesNothing() throws IOException {
    try (Socket socket = connect()) {
      said(socket, "x");
      proxy.freeze();
      socket.setSoTimeout(100);
      assertThatThrownBy(() -> said(socket, "held")).isInstanceOf(SocketTimeoutException.class);
      proxy.pass();
      socket.setSoTimeout(10_000);
      assertThat(new String(socket.getInputStream().readNBytes(4))).isEqualTo("held");
    }
  }

  @Test
  void cutsAfterSomeBytes() throws IOException {
    try (Socket socket = connect()) {
      proxy.cutAfter(12);
      assertThat(said(socket, "abcd")).isEqualTo("abcd");
      assertThatThrownBy(() -> said(socket, "efgh")).isInstanceOf(IOException.class);
      assertThat(
              proxy.passed(FaultProxy.Direction.TO_SERVER)
                  + proxy.passed(FaultProxy.Direction.TO_CLIENT))
          .isEqualTo(12);
    }
  }

  @Test
  void delays() throws IOException {
    try (Socket socket = connect()) {
      proxy.delay(Duration.ofMillis(100));
      long start = System.nanoTime();
      said(socket, "slow");
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(200));
    }
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
    socket.setSoTimeout(10_000);
    return socket;
  }

  private static String said(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes());
    byte[] back = socket.getInputStream().readNBytes(text.length());
    if (back.length < text.length()) {
      throw new IOException("ended after " + back.length + " bytes");
    }
    return new String(back);
  }

  private void serve() {
    while (true) {
      try {
        Socket client = echo.accept();
        Thread.ofVirtual().start(() -> copy(client));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private static void copy(Socket client) {
    try (client) {
      client.getInputStream().transferTo(client.getOutputStream());
    } catch (IOException cut) {
      // The proxy under test did it.
    }
  }
}
