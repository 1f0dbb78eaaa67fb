package akkasinks.cluster;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;

/** Where a node's key comes from: the environment, else a file that only its owner reads. */
final class SecretKey {
  private static final int BYTES = 32;

  private SecretKey() {}

  /**
   * The key, if there is one.
   *
   * @throws akkasinks.base.FailureException INVALID_PARAMETER if the file lies inside the state
   *     directory or holds no key
   */
  static Optional<Secrets> find(NodeConfig.Key key, NodeConfig.State state) {
    if (!key.value().isEmpty()) {
      return Optional.of(new Secrets(decode(key.value(), "AKKASINKS_SECRETS_KEY")));
    }
    refuseBesideState(key.file(), state);
    if (!Files.exists(key.file())) {
      return Optional.empty();
    }
    try {
      var text = Files.readString(key.file(), StandardCharsets.US_ASCII).strip();
      return Optional.of(new Secrets(decode(text, "file \"" + key.file() + "\"")));
    } catch (IOException e) {
      throw Failure.of(Code.KEY_MISSING, "cannot read key file \"" + key.file() + "\"")
          .detail(String.valueOf(e.getMessage()))
          .exception(e);
    }
  }

  /** Makes a key and its file; only for a state that holds no secret yet. */
  static Secrets make(Path file) {
    var bytes = new byte[BYTES];
    new SecureRandom().nextBytes(bytes);
    var owner = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    try {
      var parent = file.toAbsolutePath().getParent();
      if (parent != null) {
        Files.createDirectories(parent);
      }
      try (var channel =
          Files.newByteChannel(
              file,
              java.util.Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
              owner)) {
        channel.write(
            StandardCharsets.US_ASCII.encode(Base64.getEncoder().encodeToString(bytes) + "\n"));
      }
    } catch (IOException e) {
      throw Failure.of(Code.KEY_MISSING, "cannot make key file \"" + file + "\"")
          .detail(e.toString())
          .hint("Set akkasinks.secrets.key-file, or AKKASINKS_SECRETS_KEY in the environment.")
          .exception(e);
    }
    return new Secrets(bytes);
  }

  private static void refuseBesideState(Path file, NodeConfig.State state) {
    if (state.isFile()
        && file.toAbsolutePath().normalize().startsWith(state.dir().toAbsolutePath().normalize())) {
      throw Failure.of(
              Code.INVALID_PARAMETER,
              "key file \"" + file + "\" lies inside the state directory \"" + state.dir() + "\"")
          .hint(
              "Who copies the state must not get the key with it: set akkasinks.secrets.key-file.")
          .exception();
    }
  }

  private static byte[] decode(String text, String where) {
    try {
      var bytes = Base64.getDecoder().decode(text);
      if (bytes.length == BYTES) {
        return bytes;
      }
    } catch (IllegalArgumentException ignored) {
      // Told below, without the text.
    }
    throw Failure.of(Code.INVALID_PARAMETER, where + " does not hold a key")
        .hint("It must be 32 bytes in Base64; make one with: head -c 32 /dev/urandom | base64")
        .exception();
  }
}
