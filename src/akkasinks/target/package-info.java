@org.jspecify.annotations.NullMarked
package akkasinks.target;
