package akkasinks.sql;

import static org.assertj.core.api.Assertions.assertThat;

import akkasinks.command.Command;
import akkasinks.command.Command.Name;
import akkasinks.command.Command.PasswordChange;
import akkasinks.command.Command.Plaintext;
import akkasinks.command.Command.RoleAttributes;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StatementTextTest {

  @Test
  void itIsAStatementThatMeansTheSame() {
    for (String sample : StatementSamples.ALL) {
      for (Parsed parsed : Statements.parse(sample)) {
        String text = StatementText.of(parsed.command());

        assertThat(Statements.parse(text)).as(text).hasSize(1);
        Command again = Statements.parse(text).getFirst().command();
        assertThat(again.getClass()).as(text).isEqualTo(parsed.command().getClass());
        assertThat(StatementText.of(again)).isEqualTo(text);
      }
    }
  }

  @Test
  void whatIsSecretIsNotInIt() {
    Name name = Name.of("n");
    Plaintext secret = new Plaintext("hunter2");
    RoleAttributes attributes =
        new RoleAttributes(Optional.empty(), Optional.empty(), new PasswordChange.To(secret));
    for (Command command :
        new Command[] {
          new Command.CreateSecret(name, false, secret),
          new Command.AlterSecret(name, true, secret),
          new Command.CreateRole(name, attributes),
          new Command.AlterRole(name, attributes)
        }) {
      assertThat(StatementText.of(command)).contains("<redacted>").doesNotContain("hunter2");
    }
  }

  @Test
  void ofARefusedOneOnlyItsSubjectIsTold() {
    assertThat(
            StatementText.subject(
                Statements.parse("CREATE CONNECTION c TO POSTGRES (HOST 'h', PASSWORD 'hunter2')")
                    .getFirst()
                    .command()))
        .isEqualTo("CREATE CONNECTION c TO POSTGRES");
  }
}
