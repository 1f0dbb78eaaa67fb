package akkasinks.session;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.base.FailureException;
import akkasinks.base.Notice;
import akkasinks.command.Command;
import akkasinks.command.Command.Name;
import akkasinks.command.Outcome;
import akkasinks.sql.Parameters;
import akkasinks.sql.Parsed;
import akkasinks.sql.Setting;
import akkasinks.sql.Statement;
import akkasinks.sql.Statements;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Runs the statements of one client, one at a time.
 *
 * <p>A transaction here groups nothing: each statement takes effect when it is carried out, and
 * ROLLBACK says so. What a transaction does is what drivers rely on: after an error it runs nothing
 * more until its end.
 */
public final class Session {
  private final Function<Command, CompletionStage<Outcome>> execute;
  private final Settings settings = new Settings();
  private final Functions functions = new Functions(settings);
  private TransactionState transaction = TransactionState.NONE;
  private int effects;

  /** Whether statements are inside a transaction, and whether it has failed. */
  public enum TransactionState {
    NONE,
    OPEN,
    FAILED
  }

  /**
   * @param execute carries out a command; may fail or throw
   */
  public Session(Function<Command, CompletionStage<Outcome>> execute) {
    this.execute = execute;
  }

  public Settings settings() {
    return settings;
  }

  public TransactionState transaction() {
    return transaction;
  }

  /**
   * A text is understood as a whole before any of it runs, so a syntax error changes nothing.
   *
   * @throws FailureException as {@link Statements#parse}; a transaction under way has failed then
   */
  public List<Parsed> parse(String text, Parameters parameters) {
    try {
      return Statements.parse(text, parameters);
    } catch (FailureException e) {
      failed();
      throw e;
    }
  }

  /** Tells outcomes one by one; the first that failed is the last. Never fails by itself. */
  public CompletionStage<Void> run(List<Parsed> statements, Consumer<Outcome> told) {
    if (statements.isEmpty()) {
      return CompletableFuture.completedFuture(null);
    }
    return run(statements.getFirst().statement())
        .thenCompose(
            outcome -> {
              told.accept(outcome);
              return outcome instanceof Outcome.Failed
                  ? CompletableFuture.completedFuture(null)
                  : run(statements.subList(1, statements.size()), told);
            });
  }

  /** An outcome in any case: what the cluster throws is a failure, too. */
  public CompletionStage<Outcome> run(Statement statement) {
    CompletionStage<Outcome> outcome;
    try {
      outcome = start(statement);
    } catch (RuntimeException e) {
      outcome = CompletableFuture.failedFuture(e);
    }
    return outcome
        .exceptionally(error -> new Outcome.Failed(FailureException.of(error)))
        .thenApply(
            done -> {
              if (done instanceof Outcome.Failed) {
                failed();
              }
              return done;
            });
  }

  /** Whether rows are the answer, if it succeeds. */
  public static boolean answersRows(Statement statement) {
    return switch (statement) {
      case Statement.Act(Command command) -> command instanceof Command.Question;
      case Statement.ShowSetting _ -> true;
      default -> false;
    };
  }

  /** An error outside any statement's run: of the protocol, or of a statement's text. */
  public void failed() {
    if (transaction == TransactionState.OPEN) {
      transaction = TransactionState.FAILED;
    }
  }

  private CompletionStage<Outcome> start(Statement statement) {
    if (transaction == TransactionState.FAILED
        && !(statement instanceof Statement.Transaction(var step, _)
            && step != Statement.Step.BEGIN)) {
      throw Failure.of(
              Code.FAILED_TRANSACTION,
              "current transaction is aborted, commands ignored until end of transaction block")
          .exception();
    }
    return switch (statement) {
      case Statement.Act(Command.Select select) -> execute.apply(functions.resolve(select));
      case Statement.Act(Command.Question command) -> execute.apply(command);
      case Statement.Act(Command command) ->
          execute
              .apply(command)
              .thenApply(
                  outcome -> {
                    effects += outcome instanceof Outcome.Failed ? 0 : 1;
                    return outcome;
                  });
      case Statement.Transaction(var step, String tag) -> now(transaction(step, tag));
      case Statement.Assign(Name setting, List<String> values) -> {
        settings.assign(setting, values);
        yield now(done("SET"));
      }
      case Statement.Reset(Optional<Name> setting) -> {
        setting.ifPresentOrElse(settings::reset, settings::resetAll);
        yield now(done("RESET"));
      }
      case Statement.ShowSetting(Optional<Name> setting) -> now(show(setting));
      case Statement.DiscardAll() -> {
        settings.resetAll();
        yield now(done("DISCARD ALL"));
      }
      case Statement.Deallocate(Optional<Name> prepared) ->
          now(done(prepared.isPresent() ? "DEALLOCATE" : "DEALLOCATE ALL"));
      case Statement.Idle(String tag) -> now(done(tag));
    };
  }

  private Outcome transaction(Statement.Step step, String tag) {
    TransactionState before = transaction;
    int carriedOut = effects;
    boolean begins = step == Statement.Step.BEGIN;
    transaction =
        begins
            ? (before == TransactionState.NONE ? TransactionState.OPEN : before)
            : TransactionState.NONE;
    if (begins && before != TransactionState.NONE) {
      return done(tag, Notice.of("there is already a transaction in progress"));
    }
    effects = 0;
    if (begins) {
      return done(tag);
    }
    if (before == TransactionState.NONE) {
      return done(tag, Notice.of("there is no transaction in progress"));
    }
    boolean commits = step == Statement.Step.COMMIT && before == TransactionState.OPEN;
    if (commits || carriedOut == 0) {
      return done(commits ? tag : "ROLLBACK");
    }
    return done(
        "ROLLBACK",
        Notice.of(
                carriedOut == 1
                    ? "the statement carried out in this transaction is not undone"
                    : "the %d statements carried out in this transaction are not undone"
                        .formatted(carriedOut))
            .detail("Each statement takes effect when it is carried out.")
            .hint("Undo it with statements of your own, such as DROP."));
  }

  private Outcome show(Optional<Name> setting) {
    if (setting.isPresent()) {
      Setting known = Settings.known(setting.get());
      return new Outcome.Rows(
          "SHOW",
          List.of(known.name().toLowerCase(Locale.ROOT)),
          List.of(List.of(Optional.of(settings.value(known)))),
          List.of());
    }
    return new Outcome.Rows(
        "SHOW",
        List.of("name", "setting"),
        Arrays.stream(Setting.values())
            .map(s -> List.of(Optional.of(s.shown()), Optional.of(settings.value(s))))
            .toList(),
        List.of());
  }

  private static Outcome done(String tag, Notice... notices) {
    return new Outcome.Done(tag, List.of(notices));
  }

  private static CompletionStage<Outcome> now(Outcome outcome) {
    return CompletableFuture.completedFuture(outcome);
  }
}
