package akkasinks.pgwire;

import akkasinks.base.FailureException;
import akkasinks.catalog.Verifier;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The server's side of SCRAM-SHA-256 (RFC 5802): two messages of the client, two answers. Pure. */
final class ScramExchange {
  static final String MECHANISM = "SCRAM-SHA-256";

  /** The user is the one of the startup packet, as with PostgreSQL. */
  private static final Pattern FIRST = Pattern.compile("([ny],,)(n=[^,]*,r=([!-+\\--~]+))(,.*)?");

  private static final Pattern LAST =
      Pattern.compile("(c=([A-Za-z0-9+/=]+),r=([!-+\\--~]+)),p=([A-Za-z0-9+/=]+)");

  private final Verifier verifier;
  private final String nonce;
  private String header = "";
  private String expected = "";
  private String exchanged = "";

  /**
   * @param nonce never used before
   */
  ScramExchange(Verifier verifier, String nonce) {
    this.verifier = verifier;
    this.nonce = nonce;
  }

  /**
   * @throws FailureException PROTOCOL for what is no such message
   */
  String first(String message) {
    Matcher parts = FIRST.matcher(message);
    if (!parts.matches()) {
      throw WireReader.violation("malformed SCRAM message: no client's first message");
    }
    header = parts.group(1);
    expected = parts.group(3) + nonce;
    String answer =
        "r="
            + expected
            + ",s="
            + Base64.getEncoder().encodeToString(verifier.salt())
            + ",i="
            + verifier.iterations();
    String more = parts.group(4) == null ? "" : parts.group(4);
    exchanged = parts.group(2) + more + "," + answer;
    return answer;
  }

  /**
   * The server's own proof; empty if the client has not proven to know the password.
   *
   * @throws FailureException PROTOCOL for what is no answer to the first message
   */
  Optional<String> last(String message) {
    Matcher parts = LAST.matcher(message);
    String binding = Base64.getEncoder().encodeToString(header.getBytes(StandardCharsets.US_ASCII));
    if (!parts.matches() || !parts.group(2).equals(binding) || !parts.group(3).equals(expected)) {
      throw WireReader.violation("malformed SCRAM message: no client's final message");
    }
    String all = exchanged + "," + parts.group(1);
    return verifier.proves(decoded(parts.group(4)), all)
        ? Optional.of("v=" + Base64.getEncoder().encodeToString(verifier.signature(all)))
        : Optional.empty();
  }

  private static byte[] decoded(String base64) {
    try {
      return Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      throw WireReader.violation("malformed SCRAM message: the proof is not Base64");
    }
  }
}
