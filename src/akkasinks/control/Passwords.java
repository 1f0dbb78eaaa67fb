package akkasinks.control;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.base.Notice;
import akkasinks.catalog.RolePlan.Password;
import akkasinks.catalog.Verifier;
import akkasinks.command.Command.PasswordChange;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;

/** From a statement's password to what is stored of it: made once, before it is planned. */
final class Passwords {
  private static final int LONGEST = 1024;
  private static final SecureRandom RANDOM = new SecureRandom();

  private Passwords() {}

  static Password of(PasswordChange change) {
    return switch (change) {
      case PasswordChange.Keep() -> new Password(Optional.empty(), List.of());
      case PasswordChange.Remove() -> new Password(Optional.of(""), List.of());
      case PasswordChange.To(var password) -> of(password.text());
    };
  }

  private static Password of(String text) {
    if (text.isEmpty()) {
      return new Password(
          Optional.of(""),
          List.of(Notice.of("empty string is not a valid password, clearing password")));
    }
    if (text.length() > LONGEST) {
      throw Failure.of(Code.LIMIT, "a password can not be longer than " + LONGEST + " characters")
          .exception();
    }
    // As psql's \password sends it: the password itself never leaves the client.
    var verifier = Verifier.parse(text).orElseGet(() -> Verifier.of(text, salt()));
    return new Password(Optional.of(verifier.text()), List.of());
  }

  private static byte[] salt() {
    byte[] salt = new byte[Verifier.SALT];
    RANDOM.nextBytes(salt);
    return salt;
  }
}
