package akkasinks.pgwire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akkasinks.base.FailureException;
import akkasinks.catalog.Verifier;
import java.util.Base64;
import org.junit.jupiter.api.Test;

/** With the example of RFC 7677. */
class ScramExchangeTest {
  private static final Verifier PENCIL =
      Verifier.of("pencil", Base64.getDecoder().decode("W22ZaJ0SNY7soEsUEjb6gQ=="));
  private static final String NONCE = "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
  private static final String BOTH = "rOprNGfwEbeRWgbNEkqO" + NONCE;
  private static final String PROOF = "dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=";

  @Test
  void theExampleOfTheStandardComesOut() {
    ScramExchange exchange = new ScramExchange(PENCIL, NONCE);

    assertThat(exchange.first("n,,n=user,r=rOprNGfwEbeRWgbNEkqO"))
        .isEqualTo("r=" + BOTH + ",s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096");
    assertThat(exchange.last("c=biws,r=" + BOTH + ",p=" + PROOF))
        .hasValue("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=");
  }

  @Test
  void anotherProofProvesNothing() {
    ScramExchange exchange = new ScramExchange(PENCIL, NONCE);
    exchange.first("n,,n=user,r=rOprNGfwEbeRWgbNEkqO");

    assertThat(exchange.last("c=biws,r=" + BOTH + ",p=" + PROOF.replace('d', 'e'))).isEmpty();
    assertThat(exchange.last("c=biws,r=" + BOTH + ",p=AAAA")).isEmpty();
  }

  @Test
  void whatDoesNotBelongToTheExchangeIsAViolation() {
    for (String last :
        new String[] {
          "c=biws,r=another" + NONCE + ",p=" + PROOF,
          // Of a client that thinks it was offered channel binding, in a header it did not send.
          "c=eSws,r=" + BOTH + ",p=" + PROOF,
          "c=biws,r=" + BOTH,
          "c=biws,r=" + BOTH + ",p====",
          ""
        }) {
      ScramExchange exchange = new ScramExchange(PENCIL, NONCE);
      exchange.first("n,,n=user,r=rOprNGfwEbeRWgbNEkqO");
      assertThatThrownBy(() -> exchange.last(last)).isInstanceOf(FailureException.class);
    }
    for (String first :
        new String[] {"", "p=tls-unique,,n=u,r=x", "n,a=b,n=u,r=x", "n,,m=x,n=u,r=x"}) {
      assertThatThrownBy(() -> new ScramExchange(PENCIL, NONCE).first(first))
          .isInstanceOf(FailureException.class);
    }
  }
}
