package akkasinks.pgwire;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.base.FailureException;
import akkasinks.command.Asker;
import akkasinks.pgwire.BackendMessage.Severity;
import akkasinks.pgwire.StartupPacket.BackendKey;
import akkasinks.session.Session;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;

/** One connection from its first byte to its last. Belongs to its thread. */
final class Client {
  /** As PostgreSQL has it. */
  private static final int LONGEST_STARTUP = 10_000;

  /** A text of the longest length, each character of four bytes, and room for values. */
  private static final int LONGEST_MESSAGE = 6 << 20;

  private static final int STARTUP_MILLIS = 15_000;
  private static final int LINGER_MILLIS = 500;
  private static final int LINGER_BYTES = 1 << 16;
  private static final int BUFFER = 1 << 14;

  private final PgServer server;
  private Socket socket;
  private OutputStream out;

  Client(PgServer server, Socket socket) throws IOException {
    this.server = server;
    this.socket = socket;
    this.out = new BufferedOutputStream(socket.getOutputStream(), BUFFER);
  }

  /** Returns when the connection is over, for whatever reason. */
  void serve() throws IOException {
    socket.setSoTimeout(STARTUP_MILLIS);
    socket.setTcpNoDelay(true);
    socket.setKeepAlive(true);
    Future<?> deadline = server.deadline(socket);
    try {
      Optional<StartupPacket.Start> start = startup();
      if (start.isPresent()) {
        converse(start.get(), deadline);
      }
    } catch (FailureException e) {
      fatal(e.failure());
    } catch (UncheckedIOException e) {
      throw e.getCause();
    } finally {
      deadline.cancel(false);
    }
  }

  /** Says why, then ends. */
  private void fatal(Failure failure) throws IOException {
    out.write(BackendCodec.bytes(new BackendMessage.Error(Severity.FATAL, failure)));
    out.flush();
    // A socket closed over what nobody has read takes the last message back.
    socket.setSoTimeout(LINGER_MILLIS);
    socket.shutdownOutput();
    socket.getInputStream().readNBytes(LINGER_BYTES);
  }

  /** Until the client wants a session; empty if it wanted something else, and has it. */
  private Optional<StartupPacket.Start> startup() throws IOException {
    boolean encrypted = false;
    for (int asked = 0; asked < 4; asked++) {
      // Unbuffered: what is sent in the clear before the handshake must not pass as encrypted.
      DataInputStream in = new DataInputStream(socket.getInputStream());
      int length = in.readInt();
      if (length < 8 || length > LONGEST_STARTUP) {
        throw WireReader.violation("invalid length of startup packet");
      }
      byte[] body = new byte[length - 4];
      in.readFully(body);
      switch (FrontendCodec.startup(body)) {
        case StartupPacket.AskTls() -> {
          encrypted = answerTls(encrypted);
        }
        case StartupPacket.AskGss() -> answer('N');
        case StartupPacket.Cancel(BackendKey key) -> {
          server.cancel(key);
          return Optional.empty();
        }
        case StartupPacket.Start start -> {
          if (server.requiresTls() && !encrypted) {
            throw Failure.of(Code.AUTHENTICATION, "this node wants an encrypted connection")
                .hint("Connect with sslmode=require, or stricter.")
                .exception();
          }
          return Optional.of(start);
        }
      }
    }
    throw WireReader.violation("no startup packet");
  }

  private boolean answerTls(boolean encrypted) throws IOException {
    Optional<Tls> tls = encrypted ? Optional.empty() : server.tls();
    answer(tls.isPresent() ? 'S' : 'N');
    if (tls.isEmpty()) {
      return encrypted;
    }
    socket = tls.get().over(socket);
    out = new BufferedOutputStream(socket.getOutputStream(), BUFFER);
    return true;
  }

  private void answer(char yesOrNo) throws IOException {
    out.write(yesOrNo);
    out.flush();
  }

  private void converse(StartupPacket.Start start, Future<?> deadline) throws IOException {
    String user = start.parameters().getOrDefault("user", "");
    if (start.minor() > 0 || start.parameters().keySet().stream().anyMatch(Client::isOption)) {
      List<String> unknown = start.parameters().keySet().stream().filter(Client::isOption).toList();
      send(new BackendMessage.NegotiateProtocol(0, unknown));
    }
    Login.In in = login(user);
    deadline.cancel(false);
    Running running = new Running(command -> server.execute().execute(command, in.asker()));
    Session session = new Session(running::execute);
    BackendKey key = server.register(running);
    try {
      settings(session, start.parameters());
      if (server.logins().required()) {
        session.settings().loggedIn(in.asker().name(), in.superuser());
      }
      send(new BackendMessage.Authenticated());
      send(new BackendMessage.KeyData(key));
      Conversation conversation = new Conversation(session, this::send);
      conversation.begin();
      out.flush();
      socket.setSoTimeout(0);
      listen(conversation);
    } finally {
      server.unregister(key);
    }
  }

  private Login.In login(String user) throws IOException {
    String from = PgServer.from(socket);
    if (!server.logins().required()) {
      return new Login.In(Asker.anyone(user, from), true);
    }
    return new Login(server.logins(), socket.getInputStream(), out).of(user, from);
  }

  private static boolean isOption(String parameter) {
    return parameter.startsWith("_pq_.");
  }

  private static void settings(Session session, Map<String, String> parameters) {
    parameters.forEach(session.settings()::start);
    String user = parameters.getOrDefault("user", "");
    session.settings().start("session_authorization", user);
    session.settings().start("database", parameters.getOrDefault("database", user));
  }

  private void listen(Conversation conversation) throws IOException {
    DataInputStream in =
        new DataInputStream(new BufferedInputStream(socket.getInputStream(), BUFFER));
    boolean on = true;
    while (on) {
      int type = in.read();
      if (type < 0) {
        return;
      }
      if (!FrontendCodec.isType(type)) {
        throw WireReader.violation("invalid frontend message type " + type);
      }
      int length = in.readInt();
      if (length < 4) {
        throw WireReader.violation("invalid message length");
      }
      if (length > LONGEST_MESSAGE) {
        throw Failure.of(
                Code.LIMIT,
                "the message of %d bytes is longer than the limit of %d"
                    .formatted(length, LONGEST_MESSAGE))
            .hint("Send the statements one by one.")
            .exception();
      }
      byte[] body = in.readNBytes(length - 4);
      if (body.length < length - 4) {
        throw new EOFException();
      }
      on = heard(conversation, type, body);
      if ("QSH".indexOf(type) >= 0 || in.available() == 0) {
        out.flush();
      }
    }
  }

  private boolean heard(Conversation conversation, int type, byte[] body) {
    FrontendMessage message;
    try {
      message = FrontendCodec.message(type, body);
    } catch (FailureException e) {
      if (e.failure().code() == Code.PROTOCOL) {
        throw e;
      }
      message = new FrontendMessage.Unreadable(e.failure(), type == 'Q');
    }
    return conversation.on(message);
  }

  private void send(BackendMessage message) {
    try {
      out.write(BackendCodec.bytes(message));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
