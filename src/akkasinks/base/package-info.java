@org.jspecify.annotations.NullMarked
package akkasinks.base;
