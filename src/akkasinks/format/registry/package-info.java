/**
 * Schema registries that speak Confluent's HTTP API. The only package among the pure ones that
 * reaches over the network; everything in it blocks, up to deadlines of its own.
 */
@org.jspecify.annotations.NullMarked
package akkasinks.format.registry;
