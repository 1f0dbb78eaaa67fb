package akkasinks.catalog;

import java.util.Optional;
import java.util.stream.Stream;

/** PEM texts of a TLS client; for an empty one its default is taken. */
public record Tls(Optional<Value> authority, Optional<Value> certificate, Optional<Value> key) {
  public static final Tls NONE = new Tls(Optional.empty(), Optional.empty(), Optional.empty());

  Stream<Value> values() {
    return Stream.of(authority, certificate, key).flatMap(Optional::stream);
  }
}
