package akkasinks.pipeline;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.catalog.Value;

/** Gives the plaintext of a secret to the code that opens a connection with it; nobody keeps it. */
@FunctionalInterface
public interface SecretReader {
  /**
   * Blocks until the catalog has answered.
   *
   * @param secretId lasting id, as in {@code Value.Secret}
   * @throws akkasinks.base.FailureException UNDEFINED_OBJECT if there is no such secret,
   *     KEY_MISSING if this node's key is not the one it was encrypted with, UNREACHABLE if the
   *     catalog does not answer
   */
  String read(String secretId);

  /**
   * A value that lies outside the catalog, on this node.
   *
   * @throws akkasinks.base.FailureException PRIVILEGE if this node is not configured to read there,
   *     UNDEFINED_OBJECT if there is nothing
   */
  default String external(Value.External value) {
    throw Failure.of(Code.NOT_SUPPORTED, "values outside the catalog are not read here")
        .exception();
  }
}
