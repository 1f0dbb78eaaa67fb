package akkasinks.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akkasinks.base.Code;
import akkasinks.base.FailureException;
import akkasinks.catalog.Sealed;
import org.junit.jupiter.api.Test;

final class SecretsTest {
  private final Secrets secrets = new Secrets(new byte[32]);

  @Test
  void whatWasSealedOpensAgain() {
    assertThat(secrets.open("k1", secrets.seal("k1", "pässword"))).isEqualTo("pässword");
  }

  @Test
  void theSameTextIsNeverSealedAlike() {
    assertThat(secrets.seal("k1", "x")).isNotEqualTo(secrets.seal("k1", "x"));
  }

  @Test
  void aCiphertextDoesNotOpenAsAnotherSecret() {
    var sealed = secrets.seal("k1", "x");
    assertCode(Code.DATA, () -> secrets.open("k2", sealed));
    assertCode(Code.DATA, () -> secrets.open("k1", new Sealed(sealed.keyId(), "AAAA")));
  }

  @Test
  void anotherKeyIsNamed() {
    var key = new byte[32];
    key[0] = 1;
    assertCode(Code.KEY_MISSING, () -> new Secrets(key).open("k1", secrets.seal("k1", "x")));
  }

  private static void assertCode(Code code, Runnable act) {
    assertThatThrownBy(act::run)
        .isInstanceOfSatisfying(
            FailureException.class, e -> assertThat(e.failure().code()).isEqualTo(code));
  }
}
