package akkasinks.control.relations;

import akkasinks.base.Failure;
import akkasinks.catalog.Definition.PostgresSource;
import akkasinks.cluster.SinkStatus;
import akkasinks.control.SinkView;
import akkasinks.pipeline.SinkRunner.Transactions;
import akkasinks.source.ChangeSource;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** How sinks are: Materialize's relations, and ours for what those do not tell. */
final class StatusRelations {
  private StatusRelations() {}

  static final List<Declared> ALL =
      List.of(
          of(
              Declared.INTERNAL,
              "mz_sink_statuses",
              "id text, name text, type text, last_status_change_at timestamptz, status text,"
                  + " error text, details jsonb",
              view ->
                  Stream.of(
                      start(view)
                          .text("kafka")
                          .time(view.status().map(SinkStatus::since))
                          .text(view.state())
                          .text(view.reason().map(Failure::message))
                          .text(details(view.reason()))
                          .row())),
          of(
              Declared.INTERNAL,
              "mz_sink_status_history",
              "occurred_at timestamptz, sink_id text, status text, error text, details jsonb,"
                  + " replica_id text",
              view ->
                  view.history().stream()
                      .map(
                          change ->
                              new Cells()
                                  .time(Optional.of(change.at()))
                                  .text(view.definition().sink().id())
                                  .text(change.state().name().toLowerCase(Locale.ROOT))
                                  .text(change.reason().map(Failure::message))
                                  .text(details(change.reason()))
                                  .text(view.status().map(SinkStatus::node))
                                  .row())),
          of(
              Declared.INTERNAL,
              "mz_sink_statistics",
              "id text, replica_id text, messages_staged int8, messages_committed int8,"
                  + " bytes_staged int8, bytes_committed int8",
              view -> view.status().stream().map(status -> statistics(view, status))),
          of(
              Declared.OURS,
              "sink_transactions",
              "sink_id text, name text, open bool, open_records int8, open_since timestamptz,"
                  + " committed int8, aborted int8, last_commit_at timestamptz, last_commit_ms"
                  + " int8",
              view -> view.status().stream().map(status -> transactions(view, status))),
          of(
              Declared.OURS,
              "sink_errors",
              "sink_id text, name text, occurred_at timestamptz, current bool, code text,"
                  + " message text, detail text, hint text, next_try timestamptz",
              StatusRelations::errors),
          of(
              Declared.OURS,
              "source_slots",
              "sink_id text, sink_name text, source_id text, source_name text, slot_name text,"
                  + " retained_wal_bytes int8, lag_bytes int8, frontier text, waiting text,"
                  + " snapshot_rows int8",
              view -> Stream.of(view).filter(StatusRelations::hasSlot).map(StatusRelations::slot)));

  private static Declared of(
      String schema,
      String name,
      String columns,
      Function<SinkView, Stream<List<Optional<String>>>> rows) {
    return Declared.of(
        schema, name, columns, seen -> seen.sinks().get().stream().flatMap(rows).toList());
  }

  private static Cells start(SinkView view) {
    return new Cells().text(view.definition().sink().id()).text(view.definition().sink().name());
  }

  private static Optional<String> details(Optional<Failure> reason) {
    return reason.map(
        failure -> {
          ObjectNode json = JsonNodeFactory.instance.objectNode();
          json.put("code", failure.code().sqlState());
          if (!failure.detail().isEmpty()) {
            json.put("detail", failure.detail());
          }
          if (!failure.hint().isEmpty()) {
            json.putArray("hints").add(failure.hint());
          }
          return json.toString();
        });
  }

  private static List<Optional<String>> statistics(SinkView view, SinkStatus status) {
    Transactions now = status.current().transactions();
    return new Cells()
        .text(view.definition().sink().id())
        .text(status.node())
        .number(status.recordsOut() + now.openRecords())
        .number(status.recordsOut())
        .number(status.bytesOut() + now.openBytes())
        .number(status.bytesOut())
        .row();
  }

  private static List<Optional<String>> transactions(SinkView view, SinkStatus status) {
    Transactions now = status.current().transactions();
    return start(view)
        .flag(now.openRecords() > 0)
        .number(now.openRecords())
        .time(now.openSince())
        .number(status.commits())
        .number(status.aborted())
        .time(now.lastCommit())
        .number(now.lastCommitTook().map(Duration::toMillis))
        .row();
  }

  /** What is wrong now, then what was wrong before, the newest first. */
  private static Stream<List<Optional<String>>> errors(SinkView view) {
    Optional<Failure> now = view.reason();
    Stream<List<Optional<String>>> current =
        now.stream()
            .map(
                failure ->
                    error(
                        start(view).time(view.status().map(SinkStatus::since)).flag(true),
                        failure,
                        view.status().flatMap(SinkStatus::nextTry)));
    Stream<List<Optional<String>>> past =
        view.history().reversed().stream()
            .filter(change -> change.reason().isPresent())
            .filter(change -> !isCurrent(view, change))
            .map(
                change ->
                    error(
                        start(view).time(Optional.of(change.at())).flag(false),
                        change.reason().orElseThrow(),
                        Optional.empty()));
    return Stream.concat(current, past);
  }

  private static boolean isCurrent(SinkView view, SinkStatus.Change change) {
    return view.reason().isPresent()
        && view.status().map(status -> status.since().equals(change.at())).orElse(false);
  }

  private static List<Optional<String>> error(
      Cells cells, Failure failure, Optional<java.time.Instant> nextTry) {
    return cells
        .text(failure.code().sqlState())
        .text(failure.message())
        .text(failure.detail())
        .text(failure.hint())
        .time(nextTry)
        .row();
  }

  private static boolean hasSlot(SinkView view) {
    return view.definition().source() instanceof PostgresSource;
  }

  private static List<Optional<String>> slot(SinkView view) {
    Optional<ChangeSource.Status> source =
        view.status().flatMap(status -> status.current().source());
    return start(view)
        .text(view.definition().source().id())
        .text(view.definition().source().name())
        .text(view.definition().slot())
        .number(source.map(ChangeSource.Status::retainedBytes).filter(bytes -> bytes >= 0))
        .number(source.map(ChangeSource.Status::lagBytes).filter(bytes -> bytes >= 0))
        .text(view.frontierText())
        .text(source.map(ChangeSource.Status::waiting).orElse(""))
        .number(source.flatMap(ChangeSource.Status::snapshot).map(ChangeSource.Snapshot::rows))
        .row();
  }
}
