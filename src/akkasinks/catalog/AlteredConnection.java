package akkasinks.catalog;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.base.FailureException;
import akkasinks.catalog.Definition.Connection;
import akkasinks.catalog.Definition.KafkaConnection;
import akkasinks.catalog.Definition.PostgresConnection;
import akkasinks.catalog.Definition.SshConnection;
import akkasinks.command.Command.AlterConnection;
import akkasinks.command.Command.CreateConnection;
import akkasinks.command.Command.Name;
import akkasinks.command.Command.Option;
import akkasinks.sql.Statements;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * ALTER CONNECTION … SET, DROP, RESET: the statement that made the connection with other options,
 * planned anew under the same id.
 */
final class AlteredConnection {
  private final AlterConnection statement;
  private final Connection before;
  private final CatalogState state;
  private final CreateConnection made;
  private final OptionTable table;

  private AlteredConnection(AlterConnection statement, Connection before, CatalogState state) {
    this.statement = statement;
    this.before = before;
    this.state = state;
    if (!(Statements.parse(before.createSql()).getFirst().command()
        instanceof CreateConnection create)) {
      throw new IllegalStateException("not a connection: " + before.createSql());
    }
    this.made = create;
    this.table = ConnectionPlan.table(before);
  }

  static Connection of(AlterConnection statement, Connection before, CatalogState state) {
    Planner.validates(statement.with());
    return new AlteredConnection(statement, before, state).connection();
  }

  private Connection connection() {
    List<Option> set = resolved(statement.set());
    List<Option> reset = resolved(statement.reset());
    refuseBoth(set, reset);
    Set<String> gone = reset.stream().map(Option::name).collect(Collectors.toSet());
    for (List<String> group : table.exclusive()) {
      if (set.stream().anyMatch(o -> group.contains(o.name()))) {
        gone.addAll(group);
      }
    }
    List<Option> options = new ArrayList<>();
    for (Option option : made.options()) {
      if (!gone.contains(option.name()) && !named(set, option.name())) {
        options.add(new Option(option.name(), option.value(), statement.name().position()));
      }
    }
    options.addAll(set);
    Connection after =
        ConnectionPlan.of(
            new CreateConnection(
                new Name(before.name(), statement.name().position()),
                false,
                new Name(made.kind().text(), statement.name().position()),
                options,
                List.of()),
            state,
            before.id());
    refuseWhatBreaksSinks(after);
    return after instanceof SshConnection now && before instanceof SshConnection old
        ? now.with(old.publicKey1(), old.publicKey2())
        : after;
  }

  private List<Option> resolved(List<Option> written) {
    List<Option> options = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (Option each : written) {
      Option option = OptionNames.resolve(table, each);
      if (!seen.add(option.name())) {
        throw Failure.of(Code.SYNTAX_ERROR, option.name() + " specified more than once")
            .at(option.position())
            .exception();
      }
      options.add(option);
    }
    return options;
  }

  private void refuseBoth(List<Option> set, List<Option> reset) {
    for (Option option : reset) {
      if (named(set, option.name())) {
        throw failure(option, "cannot both SET and DROP/RESET options " + option.name());
      }
      for (List<String> group : table.exclusive()) {
        if (group.contains(option.name()) && set.stream().anyMatch(s -> group.contains(s.name()))) {
          throw failure(
              option,
              "cannot both SET and DROP/RESET mutually exclusive "
                  + made.kind().text().toUpperCase(java.util.Locale.ROOT)
                  + " options "
                  + String.join(", ", group));
        }
      }
    }
  }

  private static boolean named(List<Option> options, String name) {
    return options.stream().anyMatch(o -> o.name().equals(name));
  }

  /** Where a sink's own traces lie cannot change under it. */
  private void refuseWhatBreaksSinks(Connection after) {
    switch (after) {
      case KafkaConnection now when before instanceof KafkaConnection old -> {
        if (!now.progressTopic().equals(old.progressTopic())) {
          refuseFor("PROGRESS TOPIC", "in topic \"" + old.progressTopic() + "\"");
        }
      }
      case PostgresConnection now when before instanceof PostgresConnection old -> {
        if (!now.database().equals(old.database())) {
          refuseFor("DATABASE", "as a replication slot in database \"" + old.database() + "\"");
        }
      }
      case Connection _ -> {}
    }
  }

  private void refuseFor(String option, String where) {
    List<String> users =
        state.all(Definition.Sink.class).stream()
            .filter(sink -> state.sinksUsing(before.id()).contains(sink.id()))
            .map(sink -> "sink \"" + sink.name() + "\"")
            .collect(Collectors.toCollection(ArrayList::new));
    state.debts().stream()
        .filter(debt -> debt.uses(before.id()))
        .map(debt -> "dropped sink \"" + debt.sink().sink().name() + "\"")
        .distinct()
        .forEach(users::add);
    if (!users.isEmpty()) {
      throw Failure.of(
              Code.DEPENDENT_OBJECTS,
              "cannot ALTER %s option %s of connection \"%s\": %s"
                  .formatted(
                      made.kind().text().toUpperCase(java.util.Locale.ROOT),
                      option,
                      before.name(),
                      users.size() == 1
                          ? users.getFirst() + " depends on it"
                          : users.getFirst() + " and " + (users.size() - 1) + " more depend on it"))
          .detail("How far each sink is, is kept " + where + ".")
          .hint("Create another connection, and the sinks again over it.")
          .at(place(option))
          .exception();
    }
  }

  private int place(String option) {
    return statement.set().stream()
        .filter(o -> o.name().equals(option))
        .findFirst()
        .or(() -> statement.reset().stream().filter(o -> o.name().equals(option)).findFirst())
        .map(Option::position)
        .orElse(statement.name().position());
  }

  private static FailureException failure(Option option, String message) {
    return Failure.of(Code.INVALID_PARAMETER, message).at(option.position()).exception();
  }
}
