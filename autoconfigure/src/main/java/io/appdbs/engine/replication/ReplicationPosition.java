package io.appdbs.engine.replication;

/**
 * The changes that a server has, or has taken over.
 */
@FunctionalInterface
public interface ReplicationPosition {

	/**
	 * Returns whether a server at this position has all changes of one at another
	 * position.
	 * @param other the position of the server that others follow
	 * @return whether none is missing
	 */
	boolean contains(ReplicationPosition other);

}
