package akkasinks.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import akkasinks.testing.RealPostgres;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.text.Normalizer;
import org.junit.jupiter.api.Test;

class VerifierTest {
  private static final byte[] SALT = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  @Test
  void itAcceptsItsPasswordAndNoOther() {
    Verifier verifier = Verifier.of("pencil", SALT);

    assertThat(verifier.accepts("pencil")).isTrue();
    assertThat(verifier.accepts("Pencil")).isFalse();
    assertThat(verifier.accepts("")).isFalse();
    assertThat(verifier.text()).startsWith("SCRAM-SHA-256$4096:").doesNotContain("pencil");
    assertThat(verifier.toString()).doesNotContain("$");
  }

  /** RFC 4013: what looks the same is the same, however it was typed. */
  @Test
  void aPasswordIsTheSameInEachOfItsUnicodeForms() {
    String composed = "pässwörd\u00a0IX";
    Verifier verifier = Verifier.of(composed, SALT);

    assertThat(verifier.accepts(Normalizer.normalize(composed, Normalizer.Form.NFD))).isTrue();
    assertThat(verifier.accepts("pässwörd \u2168")).isTrue();
    assertThat(verifier.accepts("pä\u00adsswörd IX")).isTrue();
    assertThat(Verifier.of("\u0007", SALT).accepts("\u0007")).isTrue();
  }

  @Test
  void whatPostgresMadeIsRead() throws SQLException {
    RealPostgres.Database database = RealPostgres.shared().admin();
    database.execute(
        "DROP ROLE IF EXISTS verified", "CREATE ROLE verified PASSWORD 'pänçil \u2168'");

    String stored =
        String.valueOf(
            database.value("SELECT rolpassword FROM pg_authid WHERE rolname = 'verified'"));

    assertThat(Verifier.parse(stored))
        .hasValueSatisfying(
            verifier -> {
              assertThat(verifier.text()).isEqualTo(stored);
              assertThat(verifier.accepts("pänçil IX")).isTrue();
              assertThat(verifier.accepts("pencil IX")).isFalse();
            });
  }

  @Test
  void whatWouldCostTooMuchOrIsMalformedIsNone() {
    String text = Verifier.of("pencil", SALT).text();

    assertThat(Verifier.parse(text.replace("4096", "999999"))).isEmpty();
    assertThat(Verifier.parse(text.replace("4096", "0"))).isEmpty();
    assertThat(Verifier.parse(text.substring(0, text.length() - 5))).isEmpty();
    assertThat(Verifier.parse("md5" + "0".repeat(32))).isEmpty();
    assertThat(Verifier.parse("pencil")).isEmpty();
  }
}
