@org.jspecify.annotations.NullMarked
package akkasinks.catalog;
