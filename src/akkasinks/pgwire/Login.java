package akkasinks.pgwire;

import akkasinks.base.FailureException;
import akkasinks.command.Asker;
import akkasinks.control.Logins;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.CompletionException;

/** Lets the client prove who it is, before anything else is said. */
final class Login {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int NONCE = 18;

  /** A SASL message is far shorter. */
  private static final int LONGEST = 2_048;

  private final Logins logins;
  private final DataInputStream in;
  private final OutputStream out;

  Login(Logins logins, InputStream in, OutputStream out) {
    this.logins = logins;
    this.in = new DataInputStream(in);
    this.out = out;
  }

  /** Who is in, and whether it may do everything. */
  record In(Asker asker, boolean superuser) {}

  /**
   * @throws FailureException WRONG_PASSWORD and others, after which the connection must end
   */
  In of(String user, String from) throws IOException {
    Logins.Claim claim = claim(user);
    say(new BackendMessage.AskSasl(ScramExchange.MECHANISM));
    WireReader opening = new WireReader(heard());
    if (!opening.text().equals(ScramExchange.MECHANISM)) {
      throw WireReader.violation("client selected an invalid SASL authentication mechanism");
    }
    ScramExchange exchange = new ScramExchange(claim.verifier(), nonce());
    String first = WireReader.utf8(opening.bytes(opening.int32()));
    opening.end();
    say(new BackendMessage.SaslContinue(exchange.first(first)));
    Optional<String> proof = exchange.last(WireReader.utf8(heard()));
    Asker asker = logins.settled(claim, proof.isPresent(), from, Asker.Login.SCRAM);
    say(new BackendMessage.SaslFinal(proof.orElseThrow()));
    logins.enter(asker);
    return new In(asker, claim.role().orElseThrow().superuser());
  }

  private Logins.Claim claim(String user) {
    try {
      return logins.claim(user).toCompletableFuture().join();
    } catch (CompletionException e) {
      throw FailureException.of(e).exception(e);
    }
  }

  private byte[] heard() throws IOException {
    int type = in.readUnsignedByte();
    int length = in.readInt();
    if (type != 'p' || length < 4 || length > LONGEST) {
      throw WireReader.violation("expected a SASL response, got message type " + type);
    }
    byte[] body = new byte[length - 4];
    in.readFully(body);
    return body;
  }

  private void say(BackendMessage message) throws IOException {
    out.write(BackendCodec.bytes(message));
    out.flush();
  }

  private static String nonce() {
    byte[] random = new byte[NONCE];
    RANDOM.nextBytes(random);
    return new String(Base64.getEncoder().encode(random), StandardCharsets.US_ASCII);
  }
}
