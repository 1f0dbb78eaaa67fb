@org.jspecify.annotations.NullMarked
package akkasinks.source;
