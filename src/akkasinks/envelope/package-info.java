/**
 * What a change becomes: keyed records, made by encoders of any format. Pure; a change's records
 * come in the order in which its keys' readers must see them.
 */
@org.jspecify.annotations.NullMarked
package akkasinks.envelope;
