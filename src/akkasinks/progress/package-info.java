@org.jspecify.annotations.NullMarked
package akkasinks.progress;
