package akkasinks.pgwire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akkasinks.base.Code;
import akkasinks.base.FailureException;
import akkasinks.cluster.Pem;
import akkasinks.command.Outcome;
import akkasinks.control.Logins;
import akkasinks.sql.StatementSamples;
import akkasinks.testing.Seeds;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What no driver would send, on a real socket; what stands behind it accepts everything. */
class PgServerTest {
  private static final ListAppender<ILoggingEvent> LOGGED = new ListAppender<>();
  private static PgServer server;

  @BeforeAll
  static void start() {
    LOGGED.start();
    ((Logger) LoggerFactory.getLogger(PgServer.class)).addAppender(LOGGED);
    server =
        PgServer.start(
            place(Optional.empty(), false),
            Logins.open(),
            (command, _) ->
                CompletableFuture.completedFuture(
                    new Outcome.Done(command.getClass().getSimpleName(), List.of())),
            new SecureRandom());
  }

  @AfterAll
  static void stop() {
    server.close();
    ((Logger) LoggerFactory.getLogger(PgServer.class)).detachAppender(LOGGED);
  }

  private static PgServer.Place place(Optional<Path> file, boolean requireTls) {
    return new PgServer.Place(
        "127.0.0.1", 0, 20, file.map(f -> new Pem(f, f, "akkasinks.pgwire.tls")), requireTls);
  }

  @Test
  void randomFramesNeitherBreakNorHangTheServer() {
    Seeds.forAll(
        400,
        random -> {
          ByteArrayOutputStream bytes = new ByteArrayOutputStream();
          if (random.nextInt(8) > 0) {
            bytes.writeBytes(startup("user", "me"));
          }
          for (int n = random.nextInt(12); n > 0; n--) {
            bytes.writeBytes(frame(random));
          }
          exchange(bytes.toByteArray());
        });

    assertThat(LOGGED.list.stream().filter(event -> event.getLevel() == Level.ERROR))
        .extracting(ILoggingEvent::getFormattedMessage)
        .isEmpty();
    assertThat(exchange(concat(startup("user", "me"), message('Q', "SHOW SINKS\0"))))
        .contains("ListSinks");
  }

  @Test
  void aMessageLongerThanTheLimitEndsTheConnectionBeforeItIsRead() {
    String answer =
        exchange(
            concat(startup("user", "me"), new byte[] {'Q', 0x7f, (byte) 0xff, (byte) 0xff, 0}));

    assertThat(answer).contains("FATAL", "54000", "longer than the limit");
  }

  @Test
  void aTextThatIsNoUtf8IsAnErrorOfItsStatementOnly() {
    String answer =
        exchange(
            concat(
                startup("user", "me"),
                message('Q', new byte[] {'S', (byte) 0xff, 0}),
                message('Q', "SHOW SINKS\0")));

    assertThat(answer).contains("invalid byte sequence", "ListSinks");
  }

  @Test
  void afterAnErrorOfTheExtendedProtocolAllIsSkippedUpToSync() {
    String answer =
        exchange(
            concat(
                startup("user", "me"),
                message('P', "a\0DROP SNIK x\0\0\0"),
                message('P', "b\0SHOW SINKS\0\0\0"),
                message('S', ""),
                message('B', "\0b\0\0\0\0\0\0\0"),
                message('S', ""),
                message('P', "b\0SHOW SINKS\0\0\0"),
                message('B', "\0b\0\0\0\0\0\0\0"),
                message('E', "\0\0\0\0\0"),
                message('S', "")));

    assertThat(answer)
        .contains("42601", "prepared statement \"b\" does not exist", "ListSinks")
        .contains("26000");
  }

  @Test
  void aClientMayNotAskForAnotherProtocol() {
    assertThat(exchange(new byte[] {0, 0, 0, 9, 0, 2, 0, 0, 0}))
        .contains("unsupported frontend protocol 2.0");
    assertThat(exchange(concat(startup(3 << 16 | 2, "user", "me"), message('X', ""))))
        .startsWith("v");
  }

  @Test
  void filesOfTlsThatAreWrongAreNamed() {
    Path absent = Path.of("absent.pem");

    assertThatThrownBy(
            () ->
                PgServer.start(
                    place(Optional.of(absent), false), Logins.open(), (c, a) -> null, null))
        .isInstanceOfSatisfying(
            FailureException.class,
            e -> {
              assertThat(e.failure().code()).isEqualTo(Code.INVALID_PARAMETER);
              assertThat(e.failure().message()).contains("absent.pem");
            });
    assertThatThrownBy(
            () ->
                PgServer.start(place(Optional.empty(), true), Logins.open(), (c, a) -> null, null))
        .hasMessageContaining("there is no certificate");
  }

  private static byte[] frame(Random random) {
    String name = Seeds.oneOf(random, "", "a", "b");
    String sql =
        random.nextBoolean()
            ? Seeds.oneOf(random, StatementSamples.ALL)
            : Seeds.oneOf(random, "", "SELECT $1", "BEGIN", "ROLLBACK", "SHOW ALL", "DISCARD ALL");
    byte[] frame =
        switch (random.nextInt(11)) {
          case 0 -> message('Q', sql + "\0");
          case 1 -> message('P', name + "\0" + sql + "\0\0\0");
          case 2 -> message('P', name + "\0" + sql + "\0\0\1\0\0\0\u0019");
          case 3 -> message('B', name + "\0" + name + "\0\0\0\0\0\0\0");
          case 4 -> message('B', name + "\0" + name + "\0\0\1\0\1\0\1\0\0\0\1x\0\1\0\1");
          case 5 -> message('D', Seeds.oneOf(random, "S", "P", "X") + name + "\0");
          case 6 -> message('E', name + "\0\0\0\0" + (char) random.nextInt(3));
          case 7 -> message('C', Seeds.oneOf(random, "S", "P") + name + "\0");
          case 8 -> message('S', "");
          case 9 -> message((char) random.nextInt(128), Seeds.text(random, 20));
          default -> {
            byte[] any = new byte[random.nextInt(40)];
            random.nextBytes(any);
            yield any;
          }
        };
    if (frame.length > 0 && random.nextInt(4) == 0) {
      frame[random.nextInt(frame.length)] = (byte) random.nextInt(256);
    }
    return frame;
  }

  private static byte[] startup(String... parameters) {
    return startup(3 << 16, parameters);
  }

  private static byte[] startup(int version, String... parameters) {
    byte[] text = (String.join("\0", parameters) + "\0\0").getBytes(StandardCharsets.UTF_8);
    return data(
        out -> {
          out.writeInt(text.length + 8);
          out.writeInt(version);
          out.write(text);
        });
  }

  private static byte[] message(char type, String body) {
    return message(type, body.getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] message(char type, byte[] body) {
    return data(
        out -> {
          out.write(type);
          out.writeInt(body.length + 4);
          out.write(body);
        });
  }

  private interface Writing {
    void to(DataOutputStream out) throws IOException;
  }

  private static byte[] data(Writing writing) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      writing.to(new DataOutputStream(bytes));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return bytes.toByteArray();
  }

  private static byte[] concat(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  /** All that the server says until it closes, which it must soon after the client has. */
  private static String exchange(byte[] bytes) {
    try (Socket socket = new Socket(server.address().getAddress(), server.address().getPort())) {
      socket.setSoTimeout(10_000);
      try {
        socket.getOutputStream().write(bytes);
        socket.shutdownOutput();
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      } catch (SocketException closedByTheServer) {
        return "";
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
