package io.appdbs.engine.replication;

/**
 * Position of a server in the sequence of changes.
 */
@FunctionalInterface
public interface ReplicationPosition {

	/**
	 * Returns whether a server at this position has all changes of one at another
	 * position.
	 * @param other the position of the server that others follow
	 * @return whether no change is missing
	 */
	boolean contains(ReplicationPosition other);

}
