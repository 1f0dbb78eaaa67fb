package akkasinks.http;

import akkasinks.base.Failure;
import akkasinks.catalog.Definition.Sink;
import akkasinks.change.KafkaPosition;
import akkasinks.change.Position;
import akkasinks.change.PostgresPosition;
import akkasinks.cluster.SinkStatus;
import akkasinks.command.Asker;
import akkasinks.command.Command;
import akkasinks.command.Outcome;
import akkasinks.control.Logins;
import akkasinks.control.Node;
import akkasinks.control.SinkView;
import akkasinks.source.ChangeSource;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** The cluster, as a node that is a member of it sees it. */
public final class NodeBackend implements Backend {
  private static final long SINKS_WITHIN_MILLIS = 500;

  private final Node node;
  private final InstantSource clock;

  public NodeBackend(Node node, InstantSource clock) {
    this.node = node;
    this.clock = clock;
  }

  @Override
  public CompletionStage<Outcome> execute(Command command, Asker asker) {
    return node.sinks().ask(command, asker);
  }

  @Override
  public Logins logins() {
    return node.logins();
  }

  @Override
  public CompletionStage<Optional<Failure>> unready() {
    return node.unready();
  }

  @Override
  public CompletionStage<List<SinkReport>> sinks() {
    Instant now = clock.instant();
    return node.views().thenApply(views -> views.stream().map(view -> report(view, now)).toList());
  }

  @Override
  public CompletionStage<List<NodeReport>> nodes() {
    // A failure of the catalog is no reason to be silent about nodes: they may be why.
    return sinks()
        .thenApply(Optional::of)
        .toCompletableFuture()
        .completeOnTimeout(Optional.empty(), SINKS_WITHIN_MILLIS, TimeUnit.MILLISECONDS)
        .exceptionally(_ -> Optional.empty())
        .thenApply(
            sinks -> node.members().stream().map(member -> NodeReport.of(member, sinks)).toList());
  }

  /**
   * @param now stands for the time of its last change of state if the sink does not answer
   */
  static SinkReport report(SinkView view, Instant now) {
    Sink sink = view.definition().sink();
    Optional<SinkStatus> status = view.status();
    Optional<ChangeSource.Status> source = status.flatMap(seen -> seen.current().source());
    return new SinkReport(
        sink.id(),
        sink.name(),
        view.state(),
        status.map(SinkStatus::since).orElse(now),
        status.map(SinkStatus::node).orElse(""),
        view.definition().relation(),
        view.definition().into().name(),
        sink.topic().name(),
        sink.key(),
        sink.envelope().name(),
        sink.createSql(),
        view.reason(),
        status.flatMap(SinkStatus::nextTry),
        status.map(SinkStatus::failures).orElse(0),
        status.map(seen -> seen.mirror().attempted()).orElse(0L),
        status.map(NodeBackend::counters).orElse(new SinkReport.Counters(0, 0, 0, 0)),
        view.frontierText(),
        known(view.lagBytes()),
        known(source.map(ChangeSource.Status::retainedBytes).orElse(-1L)),
        source
            .flatMap(ChangeSource.Status::snapshot)
            .map(under -> new SinkReport.Snapshot(under.rows(), known(under.estimatedRows())))
            .or(() -> view.frontier().flatMap(NodeBackend::snapshot)),
        source.map(ChangeSource.Status::waiting).orElse(""));
  }

  private static SinkReport.Counters counters(SinkStatus status) {
    return new SinkReport.Counters(
        status.changesIn(), status.recordsOut(), status.bytesOut(), status.commits());
  }

  private static OptionalLong known(long value) {
    return value < 0 ? OptionalLong.empty() : OptionalLong.of(value);
  }

  /** While its source is not open, the frontier still tells that a snapshot is not complete. */
  private static Optional<SinkReport.Snapshot> snapshot(Position frontier) {
    return switch (frontier) {
      case PostgresPosition p ->
          p.snapshot().map(s -> new SinkReport.Snapshot(s.rows(), OptionalLong.empty()));
      case KafkaPosition p ->
          p.snapshotting()
              ? Optional.of(new SinkReport.Snapshot(0, OptionalLong.empty()))
              : Optional.empty();
    };
  }
}
