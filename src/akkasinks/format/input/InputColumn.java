package akkasinks.format.input;

import akkasinks.change.Type;

/**
 * A column to be read.
 *
 * @param column its place in {@link Fields}
 */
public record InputColumn(String name, Type.Scalar type, boolean nullable, int column) {}
