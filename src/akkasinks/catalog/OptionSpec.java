package akkasinks.catalog;

/**
 * One option, declared once: what is accepted, what is said of a wrong value, and the reference
 * come from here.
 *
 * @param fallback the value if none is given, as it would be written; empty for none
 * @param doc one line
 */
public record OptionSpec(String name, OptionType type, String fallback, String doc) {}
