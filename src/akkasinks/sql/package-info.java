/**
 * Statements: text to {@link akkasinks.command.Command} and back.
 *
 * <p>Lexer and parser are written by hand. The grammar is small, an error must point at the very
 * token and say what would have been right there, and no generator has to run before a reader can
 * follow the code from the text to the command. Nothing nests but comments, which are counted, so
 * no text can exhaust the stack; the lexer hands out one token at a time, so that a long text costs
 * no more memory than itself.
 */
@org.jspecify.annotations.NullMarked
package akkasinks.sql;
