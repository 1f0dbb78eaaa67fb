package akkasinks.catalog;

/** An option's value as it is kept: in clear, or as a reference to a secret, never the secret. */
public sealed interface Value {
  record Text(String text) implements Value {}

  /**
   * @param secretId lasting id of the secret, so that renaming it changes nothing
   */
  record Secret(String secretId) implements Value {}
}
