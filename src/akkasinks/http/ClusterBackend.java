package akkasinks.http;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.base.FailureException;
import akkasinks.catalog.CatalogState;
import akkasinks.catalog.Definition;
import akkasinks.change.Position;
import akkasinks.change.PostgresPosition;
import akkasinks.cluster.Catalog;
import akkasinks.cluster.ClusterNode;
import akkasinks.cluster.SinkMessage;
import akkasinks.cluster.SinkRegion;
import akkasinks.cluster.SinkStatus;
import akkasinks.command.Command;
import akkasinks.command.Outcome;
import akkasinks.progress.ProgressRecord;
import akkasinks.source.ChangeSource;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** The cluster that this node is a member of. */
public final class ClusterBackend implements Backend {
  /** A sink that is silent for this long is shown as unknown: the others shall be seen in time. */
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private final Function<Command, CompletionStage<Outcome>> execute;
  private final Catalog catalog;
  private final SinkRegion region;
  private final InstantSource clock;

  public ClusterBackend(
      ClusterNode node, Function<Command, CompletionStage<Outcome>> execute, InstantSource clock) {
    this.execute = execute;
    this.catalog = node.catalog();
    this.region = node.sinks();
    this.clock = clock;
  }

  @Override
  public CompletionStage<Outcome> execute(Command command) {
    return execute.apply(command);
  }

  @Override
  public CompletionStage<Optional<Failure>> unready() {
    return catalog
        .read()
        .handle(
            (view, error) ->
                error == null ? Optional.empty() : Optional.of(FailureException.of(error)));
  }

  @Override
  public CompletionStage<List<SinkReport>> sinks() {
    return catalog.read().thenCompose(view -> reports(view.state()));
  }

  private CompletionStage<List<SinkReport>> reports(CatalogState state) {
    CompletionStage<List<SinkReport>> all = CompletableFuture.completedFuture(List.of());
    // All are asked before the first answer is waited for.
    List<CompletionStage<SinkReport>> asked =
        state.all(Definition.Sink.class).stream().map(sink -> report(state, sink)).toList();
    for (CompletionStage<SinkReport> one : asked) {
      all =
          all.thenCombine(
              one,
              (before, report) -> {
                List<SinkReport> longer = new ArrayList<>(before);
                longer.add(report);
                return longer;
              });
    }
    return all;
  }

  private CompletionStage<SinkReport> report(CatalogState state, Definition.Sink sink) {
    return region
        .ask(sink.id(), SinkMessage.Describe::new, PATIENCE)
        .handle(
            (status, error) ->
                error == null
                    ? report(state, sink, status)
                    : unknown(state, sink, FailureException.of(error)));
  }

  static SinkReport report(CatalogState state, Definition.Sink sink, SinkStatus status) {
    Optional<ChangeSource.Status> source = status.current().source();
    Optional<Position> frontier =
        status
            .current()
            .frontier()
            .or(() -> status.mirror().record().map(ProgressRecord::frontier));
    return new SinkReport(
        sink.id(),
        sink.name(),
        status.state().name().toLowerCase(Locale.ROOT),
        status.since(),
        status.node(),
        name(state, sink.sourceId()) + "." + sink.table(),
        name(state, sink.connectionId()),
        sink.topic().name(),
        sink.key(),
        sink.envelope().name(),
        sink.createSql(),
        status.reason(),
        status.nextTry(),
        status.failures(),
        status.mirror().attempted(),
        new SinkReport.Counters(
            status.changesIn(), status.recordsOut(), status.bytesOut(), status.commits()),
        frontier.map(ClusterBackend::text).orElse(""),
        known(source.map(ChangeSource.Status::lagBytes).orElse(-1L)),
        known(source.map(ChangeSource.Status::retainedBytes).orElse(-1L)),
        source
            .flatMap(ChangeSource.Status::snapshot)
            .map(under -> new SinkReport.Snapshot(under.rows(), known(under.estimatedRows())))
            .or(() -> frontier.flatMap(ClusterBackend::snapshot)),
        source.map(ChangeSource.Status::waiting).orElse(""));
  }

  private SinkReport unknown(CatalogState state, Definition.Sink sink, Failure why) {
    Failure shown =
        why.code() == Code.UNREACHABLE
            ? why
            : Failure.of(why.code(), "the sink does not answer: " + why.message());
    Instant now = clock.instant();
    return new SinkReport(
        sink.id(),
        sink.name(),
        SinkReport.UNKNOWN,
        now,
        "",
        name(state, sink.sourceId()) + "." + sink.table(),
        name(state, sink.connectionId()),
        sink.topic().name(),
        sink.key(),
        sink.envelope().name(),
        sink.createSql(),
        Optional.of(shown),
        Optional.empty(),
        0,
        0,
        new SinkReport.Counters(0, 0, 0, 0),
        "",
        OptionalLong.empty(),
        OptionalLong.empty(),
        Optional.empty(),
        "");
  }

  private static String name(CatalogState state, String id) {
    Definition definition = state.definitions().get(id);
    return definition == null ? id : definition.name();
  }

  private static OptionalLong known(long value) {
    return value < 0 ? OptionalLong.empty() : OptionalLong.of(value);
  }

  /** While its source is not open, the frontier still tells that a snapshot is not complete. */
  private static Optional<SinkReport.Snapshot> snapshot(Position position) {
    return switch (position) {
      case PostgresPosition p ->
          p.snapshot().map(s -> new SinkReport.Snapshot(s.rows(), OptionalLong.empty()));
    };
  }

  /** An LSN as Postgres prints it. */
  private static String text(Position position) {
    return switch (position) {
      case PostgresPosition p -> "%X/%X".formatted(p.end() >>> 32, p.end() & 0xFFFF_FFFFL);
    };
  }
}
