package akkasinks.pgwire;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.base.FailureException;
import akkasinks.base.Notice;
import akkasinks.command.Outcome;
import akkasinks.pgwire.BackendMessage.Severity;
import akkasinks.pgwire.FrontendMessage.Target;
import akkasinks.session.Session;
import akkasinks.session.Session.TransactionState;
import akkasinks.sql.Parameters;
import akkasinks.sql.Parsed;
import akkasinks.sql.Setting;
import akkasinks.sql.Statement;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What follows on each message of a client that is connected. Blocks while a statement is carried
 * out. Belongs to the connection's thread.
 */
final class Conversation {
  private final Session session;
  private final Statements statements = new Statements();
  private final Consumer<BackendMessage> send;
  private final Map<Setting, String> told = new EnumMap<>(Setting.class);

  /** After an error of the extended protocol all is skipped up to Sync. */
  private boolean skipping;

  Conversation(Session session, Consumer<BackendMessage> send) {
    this.session = session;
    this.send = send;
  }

  /** Settings, and that a statement may come. */
  void begin() {
    tellSettings();
    ready();
  }

  /** False if the client has taken its leave. */
  boolean on(FrontendMessage message) {
    try {
      return react(message);
    } catch (FailureException e) {
      if (message instanceof FrontendMessage.Query
          || message instanceof FrontendMessage.Unreadable(_, boolean query) && query) {
        session.failed();
        error(e.failure());
        ready();
      } else {
        failed(e.failure());
      }
      return true;
    }
  }

  /** An error of the extended protocol. */
  void failed(Failure failure) {
    session.failed();
    error(failure);
    skipping = true;
  }

  private boolean react(FrontendMessage message) {
    if (skipping && !(message instanceof FrontendMessage.Sync)) {
      return !(message instanceof FrontendMessage.Terminate);
    }
    switch (message) {
      case FrontendMessage.Query(String sql) -> query(sql);
      case FrontendMessage.Parse(String name, String sql, List<Integer> types) -> {
        parse(name, sql, types);
        send.accept(new BackendMessage.Parsed());
      }
      case FrontendMessage.Bind bind -> {
        bind(bind);
        send.accept(new BackendMessage.Bound());
      }
      case FrontendMessage.Describe(Target target, String name) -> {
        if (target == Target.STATEMENT) {
          describe(statements.prepared(name));
        } else {
          describe(statements.portal(name));
        }
      }
      case FrontendMessage.Execute(String portal, int mostRows) ->
          execute(statements.portal(portal), mostRows);
      case FrontendMessage.Close(Target target, String name) -> {
        statements.close(target, name);
        send.accept(new BackendMessage.Closed());
      }
      case FrontendMessage.Sync() -> {
        skipping = false;
        ready();
      }
      case FrontendMessage.Flush() -> {}
      case FrontendMessage.Ignored() -> {}
      case FrontendMessage.Unreadable(Failure failure, _) -> throw failure.exception();
      case FrontendMessage.Unsupported(String name) ->
          throw Failure.of(Code.NOT_SUPPORTED, "a " + name + " message is not supported")
              .exception();
      case FrontendMessage.Terminate() -> {
        return false;
      }
    }
    return true;
  }

  private void query(String sql) {
    List<Parsed> parsed = session.parse(sql, Parameters.none());
    if (parsed.isEmpty()) {
      send.accept(new BackendMessage.Empty());
    }
    for (Parsed one : parsed) {
      Outcome outcome = carriedOut(one.statement());
      answer(outcome);
      if (outcome instanceof Outcome.Failed) {
        break;
      }
      statements.forget(one.statement());
    }
    ready();
  }

  private void answer(Outcome outcome) {
    switch (outcome) {
      case Outcome.Done done -> complete(done.notices(), done.tag());
      case Outcome.Rows rows -> {
        send.accept(Answers.description(rows, List.of()));
        rows.rows().forEach(row -> send.accept(Answers.row(rows, row, List.of())));
        complete(rows.notices(), rows.tag());
      }
      case Outcome.Failed(Failure failure) -> error(failure);
    }
  }

  private void complete(List<Notice> notices, String tag) {
    String level = session.settings().value(Setting.CLIENT_MIN_MESSAGES);
    if (!level.equals("warning") && !level.equals("error")) {
      notices.forEach(notice -> send.accept(new BackendMessage.Noticed(notice)));
    }
    send.accept(new BackendMessage.Complete(tag));
  }

  private void parse(String name, String sql, List<Integer> types) {
    Parameters parameters = Parameters.toCome();
    List<Parsed> parsed = session.parse(sql, parameters);
    if (parsed.size() > 1) {
      throw Failure.of(
              Code.SYNTAX_ERROR, "cannot insert multiple commands into a prepared statement")
          .at(parsed.get(1).position())
          .exception();
    }
    statements.prepare(name, sql, types, parameters.count());
  }

  private void bind(FrontendMessage.Bind bind) {
    Prepared prepared = statements.prepared(bind.statement());
    Parameters parameters = Parameters.of(ParameterValues.of(prepared.types(), bind));
    List<Parsed> parsed = session.parse(prepared.sql(), parameters);
    statements.open(
        bind.portal(),
        new Portal(parsed.stream().map(Parsed::statement).findFirst(), bind.results()));
  }

  private void describe(Prepared prepared) {
    send.accept(new BackendMessage.Parameters(ParameterValues.described(prepared.types())));
    List<Parsed> parsed = session.parse(prepared.sql(), Parameters.toCome());
    if (parsed.isEmpty() || !Session.answersRows(parsed.getFirst().statement())) {
      send.accept(new BackendMessage.NoData());
      return;
    }
    // It changes nothing, so it is asked to learn its columns.
    describe(carriedOut(parsed.getFirst().statement()), List.of());
  }

  private void describe(Portal portal) {
    Optional<Statement> statement = portal.statement().filter(Session::answersRows);
    if (statement.isEmpty()) {
      send.accept(new BackendMessage.NoData());
      return;
    }
    if (portal.outcome().isEmpty()) {
      portal.carriedOut(carriedOut(statement.get()));
    }
    describe(portal.outcome().get(), portal.formats());
  }

  private void describe(Outcome outcome, List<Integer> formats) {
    switch (outcome) {
      case Outcome.Rows rows -> send.accept(Answers.description(rows, formats));
      case Outcome.Failed(Failure failure) -> failed(failure);
      case Outcome.Done _ -> send.accept(new BackendMessage.NoData());
    }
  }

  private void execute(Portal portal, int mostRows) {
    if (portal.statement().isEmpty()) {
      send.accept(new BackendMessage.Empty());
      return;
    }
    if (portal.outcome().isEmpty()) {
      portal.carriedOut(carriedOut(portal.statement().get()));
    }
    switch (portal.outcome().get()) {
      case Outcome.Done done -> {
        complete(done.notices(), done.tag());
        statements.forget(portal.statement().get());
      }
      case Outcome.Failed(Failure failure) -> failed(failure);
      case Outcome.Rows rows -> {
        for (List<Optional<String>> row : portal.take(rows, mostRows)) {
          send.accept(Answers.row(rows, row, portal.formats()));
        }
        if (portal.hasMore(rows)) {
          send.accept(new BackendMessage.Suspended());
        } else {
          complete(rows.notices(), rows.tag());
        }
      }
    }
  }

  private Outcome carriedOut(Statement statement) {
    return session.run(statement).toCompletableFuture().join();
  }

  private void error(Failure failure) {
    send.accept(new BackendMessage.Error(Severity.ERROR, failure));
  }

  private void ready() {
    tellSettings();
    if (session.transaction() == TransactionState.NONE) {
      statements.closePortals();
    }
    send.accept(
        new BackendMessage.Ready(
            switch (session.transaction()) {
              case NONE -> 'I';
              case OPEN -> 'T';
              case FAILED -> 'E';
            }));
  }

  /** What drivers keep an eye on, when it has changed. */
  private void tellSettings() {
    for (Setting setting : Setting.values()) {
      String value = session.settings().value(setting);
      if (setting.reported() && !value.equals(told.put(setting, value))) {
        send.accept(new BackendMessage.ParameterStatus(setting.shown(), value));
      }
    }
  }
}
