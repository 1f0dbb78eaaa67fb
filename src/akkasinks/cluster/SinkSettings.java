package akkasinks.cluster;

import java.time.Duration;

/**
 * How patient sinks are.
 *
 * @param userRetry how long a sink waits that only a person can mend
 * @param mirror at least this lies between two writes of the mirror
 */
public record SinkSettings(Backoff backoff, Duration userRetry, Duration mirror) {}
