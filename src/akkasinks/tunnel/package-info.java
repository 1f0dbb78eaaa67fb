/** Ways through an SSH bastion: ports of this node that lead to a host behind it. */
@org.jspecify.annotations.NullMarked
package akkasinks.tunnel;
