package akkasinks.catalog;

/**
 * Something that a sink must be allowed in another system.
 *
 * @param system KAFKA or POSTGRES
 * @param needed when: always, or only for something
 * @param command that grants it, ready to be run by who may
 */
public record NeededRight(String system, String needed, String command) {
  public static final String ALWAYS = "always";
}
