package io.appdbs;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * The nodes that a server distributes tables to, as the server reports them.
 *
 * @param product the product that distributes tables and its version, for example
 * {@code Citus 13.2-1}
 * @param nodes the nodes, the coordinator first
 */
public record DatabaseCluster(String product, List<Node> nodes) {

	public DatabaseCluster {
		nodes = List.copyOf(nodes);
	}

	/**
	 * Returns the nodes that the server could not connect to. Statements that need one of
	 * them fail, and the others work.
	 * @return the nodes
	 */
	public List<Node> findUnreachable() {
		return this.nodes.stream().filter((node) -> Boolean.FALSE.equals(node.reachable())).toList();
	}

	/**
	 * A node.
	 *
	 * @param address the host and the port, as the server connects to them
	 * @param role {@code coordinator}, {@code worker} or, for a copy of one that does not
	 * accept writes, {@code secondary}
	 * @param active whether the server uses the node
	 * @param reachable whether the server could connect to the node when it last tried,
	 * or {@code null} if that is not known
	 */
	public record Node(String address, String role, boolean active, @Nullable Boolean reachable) {

		/**
		 * Returns the same node with the result of an attempt to connect to it.
		 * @param reachable whether the attempt succeeded, or {@code null} if there was
		 * none
		 * @return a copy
		 */
		public Node withReachable(@Nullable Boolean reachable) {
			return new Node(this.address, this.role, this.active, reachable);
		}

	}

}
