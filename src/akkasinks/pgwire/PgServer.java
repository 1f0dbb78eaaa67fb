package akkasinks.pgwire;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.base.FailureException;
import akkasinks.cluster.Pem;
import akkasinks.command.Asker;
import akkasinks.command.Command;
import akkasinks.command.Outcome;
import akkasinks.control.Logins;
import akkasinks.pgwire.StartupPacket.BackendKey;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Listens for clients of PostgreSQL's protocol. */
public final class PgServer implements AutoCloseable {
  /** Where it listens unless configured. */
  public static final int DEFAULT_PORT = 6875;

  private static final Logger LOG = LoggerFactory.getLogger(PgServer.class);

  /** Connections that cannot be sessions, but can be refused politely, or cancel a statement. */
  private static final int MORE_SOCKETS = 32;

  /** As PostgreSQL's authentication_timeout. */
  private static final int LOGIN_SECONDS = 60;

  private final ServerSocket listening;
  private final Place place;
  private final Optional<Tls> tls;
  private final Logins logins;
  private final Execution execute;
  private final RandomGenerator random;
  private final Semaphore sockets;
  private final ScheduledThreadPoolExecutor deadlines =
      new ScheduledThreadPoolExecutor(
          1, Thread.ofPlatform().daemon().name("pgwire-late").factory());
  private final AtomicInteger processes = new AtomicInteger();
  private final Map<Integer, Registered> sessions = new ConcurrentHashMap<>();
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  private record Registered(BackendKey key, Running running) {}

  /**
   * Where and how it listens.
   *
   * @param port 0 for a free one
   * @param mostSessions at the same time
   * @param tls the node's certificate; empty for no TLS
   * @param requireTls whether a connection in the clear is refused
   */
  public record Place(
      String host, int port, int mostSessions, Optional<Pem> tls, boolean requireTls) {}

  /** Carries out a command with the rights of the asker; may fail or throw. */
  @FunctionalInterface
  public interface Execution {
    CompletionStage<Outcome> execute(Command command, Asker asker);
  }

  private PgServer(
      ServerSocket listening,
      Place place,
      Optional<Tls> tls,
      Logins logins,
      Execution execute,
      RandomGenerator random) {
    this.listening = listening;
    this.place = place;
    this.tls = tls;
    this.logins = logins;
    this.execute = execute;
    this.random = random;
    this.sockets = new Semaphore(place.mostSessions() + MORE_SOCKETS);
    this.deadlines.setRemoveOnCancelPolicy(true);
    this.deadlines.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
  }

  /**
   * Listens when it returns.
   *
   * @param random secret, thread-safe
   * @throws FailureException UNREACHABLE if the port cannot be had, INVALID_PARAMETER for files of
   *     TLS that are wrong
   */
  public static PgServer start(
      Place place, Logins logins, Execution execute, RandomGenerator random) {
    if (place.requireTls() && place.tls().isEmpty()) {
      throw Failure.of(Code.INVALID_PARAMETER, "TLS is required, but there is no certificate")
          .hint("See akkasinks.pgwire.tls in the node's configuration.")
          .exception();
    }
    Optional<Tls> tls = place.tls().map(Pem::context).map(Tls::new);
    PgServer server = new PgServer(bound(place), place, tls, logins, execute, random);
    Thread.ofPlatform().daemon().name("pgwire-accept").start(server::accept);
    return server;
  }

  private static ServerSocket bound(Place place) {
    try {
      ServerSocket socket = new ServerSocket();
      try {
        socket.setReuseAddress(true);
        socket.bind(new InetSocketAddress(InetAddress.getByName(place.host()), place.port()));
        return socket;
      } catch (IOException e) {
        socket.close();
        throw e;
      }
    } catch (IOException e) {
      throw Failure.of(
              Code.UNREACHABLE,
              "cannot listen for Postgres clients on " + place.host() + ":" + place.port())
          .detail(String.valueOf(e.getMessage()))
          .hint("Does another node run here? Set akkasinks.pgwire.port to another port.")
          .exception(e);
    }
  }

  /** Where it listens. */
  public InetSocketAddress address() {
    return (InetSocketAddress) listening.getLocalSocketAddress();
  }

  /** Takes no more clients, and ends the connections there are. */
  @Override
  public void close() {
    closed = true;
    quietly(listening::close);
    sessions.values().forEach(session -> session.running().cancel());
    open.forEach(socket -> quietly(socket::close));
    deadlines.shutdownNow();
  }

  private void accept() {
    while (!closed) {
      try {
        Socket socket = listening.accept();
        if (!sockets.tryAcquire()) {
          quietly(socket::close);
          continue;
        }
        open.add(socket);
        Thread.ofVirtual().name("pgwire-client").start(() -> serve(socket));
      } catch (IOException e) {
        if (!closed) {
          LOG.warn("a Postgres client could not be accepted: {}", e.getMessage());
        }
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      new Client(this, socket).serve();
    } catch (IOException e) {
      // Clients go as they like; a port scanner is no news.
      LOG.debug("a Postgres client is gone: {}", e.getMessage());
    } catch (RuntimeException e) {
      LOG.error("a Postgres client's connection broke", e);
    } finally {
      open.remove(socket);
      sockets.release();
    }
  }

  Execution execute() {
    return execute;
  }

  Logins logins() {
    return logins;
  }

  /** The client's address, for the audit log. */
  static String from(Socket socket) {
    return socket.getInetAddress().getHostAddress() + ":" + socket.getPort();
  }

  Optional<Tls> tls() {
    return tls;
  }

  /** Closes a connection unless it is in by then, however busily it talks. */
  Future<?> deadline(Socket socket) {
    return deadlines.schedule(() -> quietly(socket::close), LOGIN_SECONDS, TimeUnit.SECONDS);
  }

  boolean requiresTls() {
    return place.requireTls();
  }

  /**
   * A new session's key.
   *
   * @throws FailureException TOO_MANY if there are as many as there may be
   */
  BackendKey register(Running running) {
    synchronized (sessions) {
      if (closed) {
        throw Failure.of(Code.SHUTDOWN, "the node is shutting down").exception();
      }
      if (sessions.size() >= place.mostSessions()) {
        throw Failure.of(Code.TOO_MANY, "sorry, too many clients already")
            .hint("See akkasinks.pgwire.max-connections.")
            .exception();
      }
      BackendKey key = new BackendKey(processes.incrementAndGet(), random.nextInt());
      sessions.put(key.process(), new Registered(key, running));
      return key;
    }
  }

  void unregister(BackendKey key) {
    sessions.remove(key.process());
  }

  /** A wrong key is met with silence. */
  void cancel(BackendKey key) {
    Optional.ofNullable(sessions.get(key.process()))
        .filter(session -> session.key().equals(key))
        .ifPresent(session -> session.running().cancel());
  }

  private interface Ending {
    void end() throws IOException;
  }

  private static void quietly(Ending ending) {
    try {
      ending.end();
    } catch (IOException e) {
      LOG.debug("a socket did not close well: {}", e.getMessage());
    }
  }
}
