package akkasinks.control;

import akkasinks.base.FailureException;
import akkasinks.catalog.CatalogState;
import akkasinks.catalog.Definition.ResolvedSink;
import akkasinks.catalog.Definition.Sink;
import akkasinks.cluster.Catalog;
import akkasinks.cluster.SinkMessage;
import akkasinks.cluster.SinkRegion;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Asks sinks how they are, all at the same time. */
public final class SinkViews {
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private final Catalog catalog;
  private final SinkRegion sinks;

  SinkViews(Catalog catalog, SinkRegion sinks) {
    this.catalog = catalog;
    this.sinks = sinks;
  }

  /** All sinks, by name. Fails only if the catalog does not answer. */
  public CompletionStage<List<SinkView>> all() {
    return catalog
        .read()
        .thenCompose(
            view -> {
              var asked =
                  view.state().all(Sink.class).stream()
                      .flatMap(sink -> view.state().resolve(sink.id()).stream())
                      .map(sink -> one(view.state(), sink).toCompletableFuture())
                      .toList();
              return CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new))
                  .thenApply(_ -> asked.stream().map(CompletableFuture::join).toList());
            });
  }

  /** One sink; never fails. */
  CompletionStage<SinkView> one(CatalogState state, ResolvedSink sink) {
    boolean paused = state.paused().contains(sink.sink().id());
    return sinks
        .ask(sink.sink().id(), SinkMessage.Describe::new, PATIENCE)
        .handle(
            (status, error) ->
                error == null
                    ? new SinkView(sink, paused, Optional.of(status), Optional.empty())
                    : new SinkView(
                        sink, paused, Optional.empty(), Optional.of(FailureException.of(error))));
  }
}
