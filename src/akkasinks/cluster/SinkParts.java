package akkasinks.cluster;

import akkasinks.pipeline.SinkRunner;
import akkasinks.verify.Verifier;
import java.time.InstantSource;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * What every sink of a node works with.
 *
 * @param definitions asks the catalog for a sink by its id
 * @param node its address, for status
 */
record SinkParts(
    SinkRunner runner,
    Verifier verifier,
    SinkStore store,
    Function<String, CompletionStage<CatalogMessage.Resolved>> definitions,
    SinkSettings settings,
    InstantSource clock,
    RandomGenerator random,
    String node) {}
