package akkasinks.http;

import akkasinks.base.Failure;
import akkasinks.command.Asker;
import akkasinks.command.Command;
import akkasinks.command.Outcome;
import akkasinks.control.Logins;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** What HTTP needs of the cluster. All may complete exceptionally, with a failure or not. */
public interface Backend {

  /** With the rights of the asker. */
  CompletionStage<Outcome> execute(Command command, Asker asker);

  /** Who may ask. */
  Logins logins();

  /** All sinks, by name. */
  CompletionStage<List<SinkReport>> sinks();

  /** All nodes, by address. */
  CompletionStage<List<NodeReport>> nodes();

  /** Empty if this node is a member of the cluster and the catalog answers, else why not. */
  CompletionStage<Optional<Failure>> unready();
}
