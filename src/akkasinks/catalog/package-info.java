/**
 * What there is: definitions, the state they make up, the events that change it, and the rules that
 * a statement must pass. All of it pure: whoever owns the state applies events to it.
 *
 * <p>Events and state are plain records and sealed interfaces without annotations; who stores them
 * tells the serialiser to write the record's simple name beside each.
 */
@org.jspecify.annotations.NullMarked
package akkasinks.catalog;
