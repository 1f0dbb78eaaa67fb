@org.jspecify.annotations.NullMarked
package akkasinks.command;
