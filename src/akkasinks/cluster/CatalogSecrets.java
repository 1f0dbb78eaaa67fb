package akkasinks.cluster;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.base.FailureException;
import akkasinks.catalog.Value;
import akkasinks.pipeline.SecretReader;
import java.util.concurrent.CompletionException;

/**
 * Fetches ciphertexts from the catalog and opens them on this node, where they are needed; what
 * lies outside the catalog is read here, too.
 */
final class CatalogSecrets implements SecretReader {
  private final Catalog catalog;
  private final Secrets secrets;
  private final ExternalValues externals;

  CatalogSecrets(Catalog catalog, Secrets secrets, ExternalValues externals) {
    this.catalog = catalog;
    this.secrets = secrets;
    this.externals = externals;
  }

  @Override
  public String external(Value.External value) {
    return externals.read(value);
  }

  @Override
  public String read(String secretId) {
    try {
      var sealed =
          catalog
              .secret(secretId)
              .toCompletableFuture()
              .join()
              .orElseThrow(
                  () ->
                      Failure.of(Code.UNDEFINED_OBJECT, "secret " + secretId + " does not exist")
                          .exception());
      return secrets.open(secretId, sealed);
    } catch (CompletionException e) {
      throw FailureException.of(e).exception(e);
    }
  }
}
