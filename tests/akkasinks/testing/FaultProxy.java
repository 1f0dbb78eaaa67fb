package akkasinks.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A TCP proxy on loopback that can misbehave: refuse, cut, freeze, delay, or break off after some
 * bytes. All switches may be used at any time from any thread.
 */
public final class FaultProxy implements AutoCloseable {
  /** Which way bytes flow. */
  public enum Direction {
    TO_SERVER,
    TO_CLIENT
  }

  private final InetSocketAddress target;
  private final ServerSocket listener;
  private final Set<Link> links = ConcurrentHashMap.newKeySet();
  private final AtomicLong toServer = new AtomicLong();
  private final AtomicLong toClient = new AtomicLong();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Set<Direction> frozen = ConcurrentHashMap.newKeySet();
  private volatile boolean refusing;
  private volatile boolean closed;
  private volatile Duration delay = Duration.ZERO;
  private long allowance = Long.MAX_VALUE;

  private FaultProxy(InetSocketAddress target, ServerSocket listener) {
    this.target = target;
    this.listener = listener;
  }

  /** A proxy on a port of its own before {@code 127.0.0.1:targetPort}. */
  public static FaultProxy to(int targetPort) {
    return to("127.0.0.1", targetPort);
  }

  /** A proxy on a port of its own before the target; the target need not be there yet. */
  public static FaultProxy to(String host, int targetPort) {
    try {
      ServerSocket listener = new ServerSocket();
      listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      FaultProxy proxy = new FaultProxy(new InetSocketAddress(host, targetPort), listener);
      Thread.ofVirtual().name("fault-proxy-" + proxy.port()).start(proxy::accept);
      return proxy;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where clients connect, on 127.0.0.1. */
  public int port() {
    return listener.getLocalPort();
  }

  /** Host and port, as Kafka's bootstrap servers want it. */
  public String address() {
    return "127.0.0.1:" + port();
  }

  /** Ends every fault; connections already cut stay cut. */
  public void pass() {
    refusing = false;
    delay = Duration.ZERO;
    lock.lock();
    try {
      allowance = Long.MAX_VALUE;
      frozen.clear();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Resets new connections at once; those that exist stay. */
  public void refuse() {
    refusing = true;
  }

  /** Resets all connections; new ones pass, unless refused. */
  public void cut() {
    links.forEach(Link::reset);
  }

  /** Refuses new connections and resets all others: the target is gone. */
  public void down() {
    refuse();
    cut();
  }

  /** Holds all bytes, both ways, on old and new connections, until {@link #pass}. */
  public void freeze() {
    frozen.addAll(Set.of(Direction.values()));
  }

  /** Holds the bytes of one direction until {@link #pass}. */
  public void freeze(Direction direction) {
    frozen.add(direction);
  }

  /** Lets {@code bytes} more bytes through, both ways together, then resets all connections. */
  public void cutAfter(long bytes) {
    lock.lock();
    try {
      allowance = bytes;
    } finally {
      lock.unlock();
    }
  }

  /** Delays every piece of data by this much, each way. */
  public void delay(Duration delay) {
    this.delay = delay;
  }

  /** How many connections are open now. */
  public int connections() {
    return links.size();
  }

  /** How many bytes have passed this way so far. */
  public long passed(Direction direction) {
    return (direction == Direction.TO_SERVER ? toServer : toClient).get();
  }

  @Override
  public void close() {
    closed = true;
    try {
      listener.close();
    } catch (IOException ignored) {
      // Closing a listener has nothing to lose.
    }
    pass();
    cut();
  }

  private void accept() {
    while (!closed) {
      Socket client;
      try {
        client = listener.accept();
      } catch (IOException e) {
        return;
      }
      Thread.ofVirtual().start(() -> connect(client));
    }
  }

  private void connect(Socket client) {
    Socket server = new Socket();
    Link link = new Link(client, server);
    if (refusing || closed) {
      link.reset();
      return;
    }
    try {
      client.setTcpNoDelay(true);
      server.setTcpNoDelay(true);
      server.connect(target, 5_000);
    } catch (IOException e) {
      link.reset();
      return;
    }
    links.add(link);
    if (closed) {
      link.reset();
      return;
    }
    Thread.ofVirtual().start(() -> pump(link, client, server, Direction.TO_SERVER));
    Thread.ofVirtual().start(() -> pump(link, server, client, Direction.TO_CLIENT));
  }

  private void pump(Link link, Socket from, Socket to, Direction direction) {
    byte[] buffer = new byte[64 * 1024];
    AtomicLong counter = direction == Direction.TO_SERVER ? toServer : toClient;
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      int n;
      while ((n = in.read(buffer)) >= 0) {
        Duration wait = delay;
        if (!wait.isZero()) {
          TimeUnit.NANOSECONDS.sleep(wait.toNanos());
        }
        int allowed = admit(direction, n);
        out.write(buffer, 0, allowed);
        counter.addAndGet(allowed);
        if (allowed < n) {
          cut();
          return;
        }
      }
      to.shutdownOutput();
      link.halfDone();
    } catch (IOException e) {
      link.reset();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      link.reset();
    }
  }

  /** Waits while frozen, then takes from the allowance. */
  private int admit(Direction direction, int n) throws InterruptedException {
    lock.lock();
    try {
      while (frozen.contains(direction)) {
        changed.await();
      }
      int allowed = (int) Math.min(n, allowance);
      if (allowance != Long.MAX_VALUE) {
        allowance -= allowed;
      }
      return allowed;
    } finally {
      lock.unlock();
    }
  }

  private final class Link {
    private final Socket client;
    private final Socket server;
    private final AtomicLong ended = new AtomicLong();

    Link(Socket client, Socket server) {
      this.client = client;
      this.server = server;
    }

    void halfDone() {
      if (ended.incrementAndGet() == 2) {
        links.remove(this);
        close(client);
        close(server);
      }
    }

    /** With linger 0, close sends a reset: the other side sees an error, not an orderly end. */
    void reset() {
      links.remove(this);
      for (Socket socket : new Socket[] {client, server}) {
        try {
          socket.setSoLinger(true, 0);
        } catch (IOException ignored) {
          // Not connected or closed already.
        }
        close(socket);
      }
    }

    private static void close(Socket socket) {
      try {
        socket.close();
      } catch (IOException ignored) {
        // It is gone either way.
      }
    }
  }
}
