package akkasinks.pipeline;

import akkasinks.change.Batch;
import akkasinks.change.Messages;
import java.util.List;
import java.util.function.Function;

/**
 * The stages of one sink, compiled from its definition when it starts.
 *
 * @param consolidate nets changes out; gives none, one or several batches for each
 * @param encode envelope × format
 * @param partition fills in each message's partition
 * @param keyTexts an encoded key as one source text per key column
 */
public record SinkPlan(
    Function<Batch, Iterable<Batch>> consolidate,
    Function<Batch, Messages> encode,
    Function<Messages, Messages> partition,
    Function<byte[], List<String>> keyTexts) {}
