package akkasinks.http;

import akkasinks.base.Failure;
import akkasinks.command.Asker;
import akkasinks.command.Command;
import akkasinks.command.Outcome;
import akkasinks.control.Logins;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** A cluster that answers what a test tells it, and remembers what it was asked. */
final class FakeBackend implements Backend {
  final List<Command> asked = Collections.synchronizedList(new ArrayList<>());
  volatile Function<Command, Outcome> answers =
      command -> new Outcome.Done(command.getClass().getSimpleName(), List.of());
  volatile List<SinkReport> reports = List.of();
  volatile Optional<Failure> unready = Optional.empty();

  @Override
  public CompletionStage<Outcome> execute(Command command, Asker asker) {
    asked.add(command);
    return CompletableFuture.supplyAsync(() -> answers.apply(command));
  }

  @Override
  public Logins logins() {
    return Logins.open();
  }

  @Override
  public CompletionStage<List<SinkReport>> sinks() {
    return CompletableFuture.completedFuture(reports);
  }

  @Override
  public CompletionStage<List<NodeReport>> nodes() {
    return CompletableFuture.completedFuture(
        List.of(
            new NodeReport(
                "127.0.0.1:25520",
                "up",
                true,
                true,
                List.of("heavy"),
                Optional.of(
                    new NodeReport.Sinks(reports.stream().map(SinkReport::name).toList(), 100)))));
  }

  @Override
  public CompletionStage<Optional<Failure>> unready() {
    return CompletableFuture.completedFuture(unready);
  }

  static SinkReport report(String name, String state) {
    return new SinkReport(
        "s1",
        name,
        state,
        Instant.parse("2026-01-02T03:04:05Z"),
        "node@127.0.0.1:25520",
        "shop.orders",
        "kafka",
        "orders",
        List.of("id"),
        "UPSERT",
        "CREATE SINK x",
        Optional.empty(),
        Optional.empty(),
        0,
        3,
        new SinkReport.Counters(100, 90, 12_345, 7),
        "0/16B3748",
        OptionalLong.of(512),
        OptionalLong.empty(),
        Optional.of(new SinkReport.Snapshot(40, OptionalLong.of(1_000))),
        "");
  }
}
