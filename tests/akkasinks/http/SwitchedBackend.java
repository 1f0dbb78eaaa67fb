package akkasinks.http;

import akkasinks.base.Failure;
import akkasinks.command.Asker;
import akkasinks.command.Command;
import akkasinks.command.Outcome;
import akkasinks.control.Logins;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** The backend that a test has put in place, for a server that outlives it. */
record SwitchedBackend(Supplier<Backend> now) implements Backend {
  @Override
  public CompletionStage<Outcome> execute(Command command, Asker asker) {
    return now.get().execute(command, asker);
  }

  @Override
  public Logins logins() {
    return Logins.open();
  }

  @Override
  public CompletionStage<List<SinkReport>> sinks() {
    return now.get().sinks();
  }

  @Override
  public CompletionStage<List<NodeReport>> nodes() {
    return now.get().nodes();
  }

  @Override
  public CompletionStage<Optional<Failure>> unready() {
    return now.get().unready();
  }
}
