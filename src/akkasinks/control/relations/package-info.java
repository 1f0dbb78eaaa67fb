/**
 * SELECT over the catalog: relations made of what the cluster knows now, and who answers over them.
 */
@org.jspecify.annotations.NullMarked
package akkasinks.control.relations;
