@org.jspecify.annotations.NullMarked
package akkasinks.verify;
