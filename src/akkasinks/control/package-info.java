/**
 * Carries commands out, one small class each, whoever sent them: SQL, REST or another actor.
 *
 * <p>A statement is planned on the catalog's state, completed by a look at the real systems if it
 * needs one, and recorded if nobody was faster; else planned again. Nothing outside is made at
 * CREATE and nothing removed at DROP: sinks and debts do that, as often as it takes, so that a
 * crash at any step leaves either nothing or a statement that is carried out.
 */
@org.jspecify.annotations.NullMarked
package akkasinks.control;
