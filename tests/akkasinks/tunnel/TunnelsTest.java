package akkasinks.tunnel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import akkasinks.base.Code;
import akkasinks.base.FailureException;
import akkasinks.testing.Await;
import akkasinks.testing.RealBastion;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TunnelsTest {
  @TempDir Path dir;

  @Test
  void aPortLeadsThroughAndTheSessionEndsWhenNobodyUsesIt() throws IOException {
    KeyPairs.Made keys = KeyPairs.make("test");
    try (RealBastion server = RealBastion.start(dir);
        var behind = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        var tunnels = new Tunnels(Duration.ofMillis(400))) {
      server.allow(List.of(keys.publicKey()));
      Bastion bastion = new Bastion("c1", "127.0.0.1", server.port(), "u", server.hostKey());
      for (int round = 0; round < 2; round++) {
        InetSocketAddress port = to(tunnels, bastion, keys, behind);
        try (Socket here = new Socket(port.getAddress(), port.getPort());
            Socket there = behind.accept()) {
          here.getOutputStream().write(17);
          assertThat(there.getInputStream().read()).isEqualTo(17);
          there.getOutputStream().write(18);
          assertThat(here.getInputStream().read()).isEqualTo(18);
          assertThat(to(tunnels, bastion, keys, behind)).isEqualTo(port);
          assertThat(server.sessions()).isEqualTo(1);
        }
        Await.until("it is closed", () -> server.sessions() == 0);
      }
    }
  }

  @Test
  void aServerThatIsNotTheBastionIsNotTaken() {
    KeyPairs.Made keys = KeyPairs.make("test");
    try (RealBastion server = RealBastion.start(dir);
        var tunnels = new Tunnels()) {
      server.allow(List.of(keys.publicKey()));
      String other = server.hostKey().substring(0, server.hostKey().length() - 6).concat("AAAAA=");
      Bastion bastion = new Bastion("c1", "127.0.0.1", server.port(), "u", other);
      FailureException refused =
          catchThrowableOfType(
              FailureException.class,
              () -> tunnels.check(bastion, () -> List.of(keys.privateKey())));
      assertThat(refused.failure().code()).isEqualTo(Code.AUTHENTICATION);
      assertThat(refused.failure().message()).startsWith("ssh: the server at ");
    }
  }

  private static InetSocketAddress to(
      Tunnels tunnels, Bastion bastion, KeyPairs.Made keys, ServerSocket behind) {
    return tunnels.to(
        bastion, () -> List.of(keys.privateKey()), "127.0.0.1", behind.getLocalPort());
  }
}
