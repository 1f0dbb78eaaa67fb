package akkasinks.cluster;

import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.persistence.state.DurableStateStoreRegistry;
import org.apache.pekko.persistence.state.javadsl.DurableStateUpdateStore;
import org.apache.pekko.persistence.state.javadsl.GetObjectResult;

/**
 * Durable state of sinks, straight on Pekko's store. Not through {@code DurableStateBehavior}: that
 * one stops its actor when a write fails, and a sink must run on while the store is away.
 */
final class SinkStore {
  private final DurableStateUpdateStore<SinkState> store;

  @SuppressWarnings("unchecked")
  SinkStore(ActorSystem<?> system) {
    store =
        DurableStateStoreRegistry.get(system)
            .getDurableStateStoreFor(DurableStateUpdateStore.class, "jdbc-durable-state-store");
  }

  /**
   * @param revision of the state that is stored, counted from 1
   */
  record Stored(SinkState state, long revision) {}

  /** What is stored; revision 0 if nothing is. */
  CompletionStage<Stored> load(String sinkId) {
    return store.getObject(key(sinkId)).thenApply(SinkStore::stored);
  }

  /**
   * Stores {@code state}. One write of a sink at a time.
   *
   * @param revision the one stored now; −1 if that is not known, as after a failed write
   * @return the revision stored
   */
  CompletionStage<Long> save(String sinkId, SinkState state, long revision) {
    if (revision < 0) {
      return load(sinkId).thenCompose(found -> save(sinkId, state, found.revision()));
    }
    return store.upsertObject(key(sinkId), revision + 1, state, "").thenApply(_ -> revision + 1);
  }

  @SuppressWarnings("deprecation")
  CompletionStage<Done> delete(String sinkId) {
    return store.deleteObject(key(sinkId));
  }

  private static Stored stored(GetObjectResult<SinkState> result) {
    return new Stored(result.value().orElse(SinkState.NEW), result.revision());
  }

  private static String key(String sinkId) {
    return "sink|" + sinkId;
  }
}
