@org.jspecify.annotations.NullMarked
package akkasinks.change;
