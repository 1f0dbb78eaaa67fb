@org.jspecify.annotations.NullMarked
package akkasinks.pipeline;
