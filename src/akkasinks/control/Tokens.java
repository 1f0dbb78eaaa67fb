package akkasinks.control;

import akkasinks.catalog.Verifier;
import akkasinks.cluster.Secrets;
import akkasinks.control.Logins.Token;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Tokens that stand for a password for a while: role, end and a signature under the cluster's key
 * over both and the role's verifier, so that nothing need be stored, every node knows them, and a
 * new password ends them.
 */
record Tokens(Secrets secrets, InstantSource clock) {
  private static final Duration LIFE = Duration.ofHours(1);
  private static final Pattern FORM = Pattern.compile("(u\\d{1,18})\\.(\\d{1,18})\\.([\\w-]{43})");

  Token of(String role, Verifier verifier) {
    long end = clock.instant().plus(LIFE).getEpochSecond();
    return new Token(
        role + "." + end + "." + signature(role, Long.toString(end), verifier), LIFE.toSeconds());
  }

  /** Whose it claims to be. */
  Optional<String> role(String token) {
    Matcher parts = FORM.matcher(token);
    return parts.matches() ? Optional.of(parts.group(1)) : Optional.empty();
  }

  boolean isValid(String token, Verifier verifier) {
    Matcher parts = FORM.matcher(token);
    return parts.matches()
        && Long.parseLong(parts.group(2)) > clock.instant().getEpochSecond()
        && MessageDigest.isEqual(
            parts.group(3).getBytes(StandardCharsets.US_ASCII),
            signature(parts.group(1), parts.group(2), verifier)
                .getBytes(StandardCharsets.US_ASCII));
  }

  private String signature(String role, String end, Verifier verifier) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(secrets.derived("token " + role + " " + end + " " + verifier.text()));
  }
}
