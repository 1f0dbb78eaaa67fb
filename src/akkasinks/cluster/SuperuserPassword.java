package akkasinks.cluster;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The configured password of the role that is always there; empty if nobody logs in. */
public final class SuperuserPassword {
  private SuperuserPassword() {}

  /**
   * @throws akkasinks.base.FailureException INVALID_PARAMETER if its file holds none
   */
  public static Optional<String> of(NodeConfig.Auth auth) {
    return auth.required() ? Optional.of(known(auth)) : Optional.empty();
  }

  private static String known(NodeConfig.Auth auth) {
    return auth.passwordFile()
        .filter(_ -> auth.password().isEmpty())
        .map(SuperuserPassword::read)
        .orElse(auth.password());
  }

  private static String read(Path file) {
    try {
      String password = Files.readString(file).replaceFirst("\\R$", "");
      if (!password.isEmpty()) {
        return password;
      }
      throw wrong(file, "is empty").exception();
    } catch (IOException e) {
      throw wrong(file, "cannot be read").exception(e);
    }
  }

  private static Failure wrong(Path file, String what) {
    return Failure.of(Code.INVALID_PARAMETER, "password file \"" + file + "\" " + what)
        .hint("See akkasinks.auth.password-file in the node's configuration.");
  }
}
