/** Tests about the code itself: its layers and its tidiness. */
@org.jspecify.annotations.NullMarked
package akkasinks;
