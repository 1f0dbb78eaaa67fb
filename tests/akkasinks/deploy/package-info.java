/** The files that install the product on other machines, held to what the product is. */
@org.jspecify.annotations.NullMarked
package akkasinks.deploy;
