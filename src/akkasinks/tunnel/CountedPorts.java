package akkasinks.tunnel;

import com.jcraft.jsch.ServerSocketFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** Knows how many connections go through the ports that it makes. Thread-safe. */
final class CountedPorts implements ServerSocketFactory {
  private final AtomicInteger open = new AtomicInteger();
  private volatile long used = System.nanoTime();

  /** Somebody is about to connect. */
  void use() {
    used = System.nanoTime();
  }

  /** Whether nobody has been connected for that long. */
  boolean idle(Duration patience) {
    return open.get() == 0 && System.nanoTime() - used >= patience.toNanos();
  }

  @Override
  public ServerSocket createServerSocket(int port, int backlog, InetAddress address)
      throws IOException {
    return new ServerSocket(port, backlog, address) {
      @Override
      public Socket accept() throws IOException {
        var accepted = new Counted();
        implAccept(accepted);
        accepted.begun();
        return accepted;
      }
    };
  }

  private final class Counted extends Socket {
    private final AtomicBoolean counts = new AtomicBoolean();

    void begun() {
      counts.set(true);
      open.incrementAndGet();
    }

    @Override
    public void close() throws IOException {
      if (counts.compareAndSet(true, false)) {
        use();
        open.decrementAndGet();
      }
      super.close();
    }
  }
}
